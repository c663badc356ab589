//! The end of the log, told to the program's own log from time to time: whoever puts the database back to an earlier state has not put that
//! back, when it is kept elsewhere.

use super::AuditError;
use super::verify::mark_of;
use crate::house::House;
use crate::store::audit as store;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Tells it, until `stop`.
pub async fn witness(house: House, stop: CancellationToken) {
    loop {
        if let Err(error) = tell(&house).await {
            tracing::warn!(%error, "the end of the audit log could not be told");
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

async fn tell(house: &House) -> Result<(), AuditError> {
    let mut tx = house.db.read().await?;
    let Some(head) = store::head(&mut tx).await? else {
        return Ok(());
    };
    match mark_of(&house.keys, head) {
        Some(mark) => tracing::info!(%mark, "the audit log ends here"),
        None => tracing::error!(
            security = true,
            "the audit log has been changed from outside: run «brevlada audit verify»"
        ),
    }
    Ok(())
}
