//! Downloading letters as files: the signed original and the attachments of each.

use super::MailboxError;
use super::access::{Person, enter};
use super::sort::Choice;
use crate::domain::access::Act;
use crate::domain::letter::Header;
use crate::domain::right::Right;
use crate::house::House;
use crate::original;
use crate::record;
use crate::store;
use contracts::delivery::Attachment;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many letters can be downloaded at once.
pub const AT_MOST: usize = 500;

/// Which letters will be downloaded.
#[derive(Debug)]
pub enum Picked {
    /// These, newest first.
    Letters(Vec<Uuid>),
    /// More than [`AT_MOST`].
    TooMany,
    /// No such letters in the person's own mailbox.
    NotFound,
}

/// A letter as files.
#[derive(Debug)]
pub struct Files {
    /// Its header.
    pub header: Header,
    /// When it arrived.
    pub received_at: OffsetDateTime,
    /// The sealed delivery, exactly as it was signed; or the copy that was passed on.
    pub original: String,
    /// It is such a copy.
    pub is_copy: bool,
    /// What was attached.
    pub attachments: Vec<Attachment>,
}

/// Finds out which letters of the person's own mailbox were chosen.
pub async fn pick(house: &House, person: &Person, choice: Choice) -> Result<Picked, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Picked::NotFound);
    };
    let limit = i64::try_from(AT_MOST + 1).unwrap_or(i64::MAX);
    let letters = match choice {
        Choice::All(list) => {
            let rows = store::letter::page(&mut tx, entered.id, list, Uuid::max(), limit).await?;
            rows.iter().filter(|row| entered.sees(row)).map(|row| row.id).collect()
        }
        Choice::These(ids) if ids.len() > AT_MOST => return Ok(Picked::TooMany),
        Choice::These(ids) => {
            let mut there = Vec::new();
            for id in ids {
                if entered.letter(&mut tx, id).await?.is_some() {
                    there.push(id);
                }
            }
            there
        }
    };
    Ok(match letters.len() {
        0 => Picked::NotFound,
        n if n > AT_MOST => Picked::TooMany,
        _ => Picked::Letters(letters),
    })
}

/// One letter's files; the access log says that it was downloaded. Nothing when it is not there (any more).
pub async fn download(house: &House, person: &Person, letter: Uuid) -> Result<Option<Files>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(None);
    };
    let Some(row) = entered.letter(&mut tx, letter).await? else {
        return Ok(None);
    };
    let original = original::open(&mut tx, entered.id, &entered.key, row.delivery_id).await?;
    drop(tx);
    let text = original.text().to_owned();
    let files = Files {
        header: record::header(&entered.key, row.id, &row.header)?,
        received_at: row.received_at,
        is_copy: original.copy_held().is_some(),
        original: text,
        attachments: original.into_message(row.place)?.attachments,
    };
    let mut tx = house.db.begin().await?;
    entered
        .log(
            &mut tx,
            house.ids,
            house.clock.now(),
            Act::DownloadedLetter,
            Some(letter),
        )
        .await?;
    tx.commit().await?;
    Ok(Some(files))
}
