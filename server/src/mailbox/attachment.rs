//! Fetching one attachment of a letter.

use super::MailboxError;
use super::access::{Person, enter};
use super::letter::read;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::house::House;
use contracts::delivery::Attachment;
use uuid::Uuid;

/// What came of it.
#[derive(Debug)]
pub enum Fetched {
    /// The attachment as it was signed.
    Attachment(Attachment),
    /// No such attachment in the person's own mailbox.
    NotFound,
}

/// The attachment at `index` of a letter; the access log says that it was fetched.
pub async fn fetch_attachment(
    house: &House,
    person: &Person,
    letter: Uuid,
    index: usize,
) -> Result<Fetched, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Fetched::NotFound);
    };
    let Some(opened) = read(&mut tx, &entered, letter).await? else {
        return Ok(Fetched::NotFound);
    };
    let Some(attachment) = opened.message.attachments.into_iter().nth(index) else {
        return Ok(Fetched::NotFound);
    };
    drop(tx);

    let mut tx = house.db.begin().await?;
    entered
        .log(
            &mut tx,
            house.ids,
            house.clock.now(),
            Act::FetchedAttachment,
            Some(letter),
        )
        .await?;
    tx.commit().await?;
    Ok(Fetched::Attachment(attachment))
}
