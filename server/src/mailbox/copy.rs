//! Saving a copy of one letter. The read mark is left as it is; the access log says that a copy was saved.

use super::MailboxError;
use super::access::{Person, enter};
use crate::copies::LetterCopy;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::house::House;
use crate::{original, record};
use uuid::Uuid;

/// What came of it.
#[derive(Debug)]
pub enum Copied {
    /// What the copy is made from.
    Copy(Box<LetterCopy>),
    /// No such letter in the person's own mailbox.
    NotFound,
}

/// Gives what a copy of a letter of the person's own mailbox is made from, once the access log has it on disk.
pub async fn copy_letter(house: &House, person: &Person, id: Uuid) -> Result<Copied, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Copied::NotFound);
    };
    let Some(row) = entered.letter(&mut tx, id).await? else {
        return Ok(Copied::NotFound);
    };
    let original = original::open(&mut tx, entered.id, &entered.key, row.delivery_id).await?;
    let sender = record::header(&entered.key, id, &row.header)?.sender;
    let copy = LetterCopy::of(id, row.place, &entered.holder()?, &sender, original)?;
    drop(tx);

    let mut tx = house.db.begin().await?;
    entered
        .log(&mut tx, house.ids, house.clock.now(), Act::SavedCopy, Some(id))
        .await?;
    tx.commit().await?;
    Ok(Copied::Copy(Box::new(copy)))
}
