//! Marking a letter unread or read by hand. Nothing but the person changes the mark.

use super::MailboxError;
use super::access::{Person, enter};
use crate::domain::access::Act;
use crate::house::House;
use crate::store;
use uuid::Uuid;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// The mark is as asked for now.
    Done,
    /// No such letter in the person's mailbox.
    NotFound,
}

/// Marks a letter unread, or read.
pub async fn mark(house: &House, person: &Person, letter: Uuid, unread: bool) -> Result<Marked, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Marked::NotFound);
    };
    if store::letter::by_id(&mut tx, entered.id, letter).await?.is_none() {
        return Ok(Marked::NotFound);
    }
    if unread {
        if store::letter::mark_unread(&mut tx, entered.id, letter).await? {
            store::mailbox::add_unread(&mut tx, entered.id, 1).await?;
            entered
                .log(&mut tx, house.ids, now, Act::MarkedUnread, Some(letter))
                .await?;
        }
    } else if store::letter::mark_read(&mut tx, entered.id, letter, now).await? {
        store::mailbox::add_unread(&mut tx, entered.id, -1).await?;
    }
    tx.commit().await?;
    Ok(Marked::Done)
}
