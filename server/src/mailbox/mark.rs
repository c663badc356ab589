//! Marking a letter unread or read by hand. Nothing but the person changes the mark.

use super::MailboxError;
use super::access::{Person, enter};
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::domain::sorting::What;
use crate::house::House;
use crate::sorting;
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
    let Some(entered) = enter(&mut tx, house, person, Right::Organise).await? else {
        return Ok(Marked::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let Some(row) = entered.letter(&mut tx, letter).await? else {
        return Ok(Marked::NotFound);
    };
    let what = if unread { What::Unread } else { What::Read };
    let changed = sorting::change(&mut tx, entered.id, &row, what.done(row.standing(), now)).await?;
    if changed && unread {
        entered
            .log(&mut tx, house.ids, now, Act::MarkedUnread, Some(letter))
            .await?;
    }
    tx.commit().await?;
    Ok(Marked::Done)
}
