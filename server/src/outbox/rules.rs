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
    Ok(key.open_record(&place(&mailbox_id), &sealed)?)
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
    let sealed = key.seal_record(house.ids, &place(&mailbox_id), rules)?;
    Ok(store::notice_rules::put(tx, mailbox_id, sealed, at).await?)
}

fn place(mailbox_id: &Uuid) -> Place<'_> {
    Place::of("notice_rules", mailbox_id, "rules")
}
