//! Rotating the master key: every mailbox key is wrapped anew, a batch a transaction. It can be stopped and started again.

use super::MailboxError;
use crate::house::House;
use crate::store::mailbox::{rewrap, wrapped_before};

const BATCH: i64 = 500;

/// Wraps every mailbox key that an older master key wraps under the current one; gives their number.
pub async fn rewrap_all(house: &House) -> Result<u64, MailboxError> {
    let current = house.keys.current_version();
    let mut count = 0;
    loop {
        let mut tx = house.db.begin().await?;
        let batch = wrapped_before(&mut tx, current, BATCH).await?;
        if batch.is_empty() {
            return Ok(count);
        }
        for (id, old) in &batch {
            let key = house.keys.unwrap(id, old)?;
            let new = house.keys.wrap(house.ids, id, &key)?;
            rewrap(&mut tx, *id, old.version, &new).await?;
            count += 1;
        }
        tx.commit().await?;
    }
}
