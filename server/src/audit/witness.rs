//! The end of the log, told to the program's own log from time to time: whoever puts the database back to an earlier state has not put that
//! back, when it is kept elsewhere.

use super::verify::mark_of;
use super::{AuditError, alarm};
use crate::house::House;
use crate::store::audit as store;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_hours(1);

/// Tells it, until `stop`.
pub async fn witness(house: House, stop: CancellationToken) {
    let mut longest = 0;
    loop {
        match tell(&house, longest).await {
            Ok(length) => longest = length.max(longest),
            Err(error) => tracing::warn!(%error, "the end of the audit log could not be told"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Tells the end and gives its length; `longest` is what it has been.
async fn tell(house: &House, longest: i64) -> Result<i64, AuditError> {
    let mut tx = house.db.read().await?;
    let Some(head) = store::head(&mut tx).await? else {
        if longest > 0 || store::any_account(&mut tx).await? {
            alarm(0);
        }
        return Ok(0);
    };
    let length = head.length;
    match mark_of(&house.keys, head) {
        Some(mark) if length >= longest => tracing::info!(%mark, "the audit log ends here"),
        _ => alarm(length),
    }
    Ok(length)
}
