//! A person's rules of notices, opened.

use super::OutboxError;
use crate::db::Tx;
use crate::domain::notice_rules::Rules;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use time::OffsetDateTime;
use uuid::Uuid;

/// The rules of a mailbox; the default ones until something was decided.
pub async fn read(tx: &mut Tx, key: &MailboxKey, mailbox_id: Uuid) -> Result<Rules, OutboxError> {
    let Some(sealed) = store::notice_rules::read(tx, mailbox_id).await? else {
        return Ok(Rules::default());
    };
    let plain = key.open(&place(&mailbox_id), &sealed)?;
    serde_json::from_slice(&plain).map_err(|_| OutboxError::Content)
}

/// Writes them.
pub async fn write(
    tx: &mut Tx,
    house: &House,
    key: &MailboxKey,
    mailbox_id: Uuid,
    rules: &Rules,
    at: OffsetDateTime,
) -> Result<(), OutboxError> {
    let plain = serde_json::to_vec(rules).map_err(|_| OutboxError::Content)?;
    let sealed = key.seal(house.ids, &place(&mailbox_id), &plain)?;
    Ok(store::notice_rules::put(tx, mailbox_id, sealed, at).await?)
}

fn place(mailbox_id: &Uuid) -> Place<'_> {
    Place::of("notice_rules", mailbox_id, "rules")
}
