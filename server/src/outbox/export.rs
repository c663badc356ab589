//! Making an export, a piece a job: after a stop another process goes on with the next piece, and nothing is made twice that people see.

use super::labels::Labels;
use super::parts::{self, Kind};
use super::post::Post;
use super::worker::{Effect, TryError};
use crate::copies::LetterCopy;
use crate::copies::export::{Piece, Writer};
use crate::copies::manifest::Marks;
use crate::house::House;
use crate::labour::labour;
use crate::original::{self, Original};
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::export::{ExportRow, State, Step};
use crate::store::letter::LetterRow;
use app::{CopyWords, Language};
use time::OffsetDateTime;
use uuid::Uuid;

/// Letters in a piece, at most.
const LETTERS: i64 = 200;
/// A piece with so much in it takes no more.
const ENOUGH: usize = 8 * 1024 * 1024;

/// A letter on its way into a piece.
struct Fetched {
    row: LetterRow,
    /// The sender's name, as lists show it.
    sender: String,
    original: Original,
    marks: Marks,
}

/// Tries once to make the next piece.
pub(super) async fn run(post: &Post, mailbox_id: Uuid, export_id: Uuid) -> (Result<(), TryError>, Effect) {
    match next_piece(post, mailbox_id, export_id).await {
        Ok(effect) => (Ok(()), effect),
        Err(error) => {
            let at = post.house.clock.now();
            (
                Err(error),
                Effect::HoldUpExport {
                    mailbox_id,
                    export_id,
                    at,
                },
            )
        }
    }
}

/// Takes an export's pieces away.
pub(super) async fn remove(post: &Post, mailbox_id: Uuid, export_id: Uuid) -> (Result<(), TryError>, Effect) {
    match post.house.shelf.clear(&parts::group(export_id)).await {
        Ok(()) => (Ok(()), Effect::RemoveExport { mailbox_id, export_id }),
        Err(error) => (Err(error.into()), Effect::None),
    }
}

async fn next_piece(post: &Post, mailbox_id: Uuid, export_id: Uuid) -> Result<Effect, TryError> {
    let house = &post.house;
    let mut tx = house.db.read().await?;
    let row = store::export::of_mailbox(&mut tx, mailbox_id).await?;
    let Some(export) = row.filter(|row| row.id == export_id && row.state == State::Working) else {
        // Another was asked for, or this one is not wanted any more.
        return Ok(Effect::None);
    };
    let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
        return Ok(Effect::None);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let holder = record::holder(&key, mailbox_id, &mailbox.holder)?;

    let labels = Labels::read(&mut tx, mailbox_id, &key).await?;
    let mut fetched = Vec::new();
    let mut weight = 0;
    for row in store::letter::onward(&mut tx, mailbox_id, export.written, export.through, LETTERS).await? {
        let original = original::open(&mut tx, mailbox_id, &key, row.delivery_id).await?;
        weight += original.text().len();
        let marks = labels.marks(&mut tx, mailbox_id, &row).await?;
        let header = record::header(&key, row.id, &row.header)?;
        fetched.push(Fetched {
            row,
            sender: header.sender,
            original,
            marks,
        });
        if weight >= ENOUGH {
            break;
        }
    }
    drop(tx);

    let step = |written, letters, bytes: usize| Step {
        parts: export.parts,
        written,
        letters,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
    };
    if let Some(last) = fetched.last() {
        let (written, letters) = (last.row.id, i64::try_from(fetched.len()).unwrap_or(i64::MAX));
        let bytes = letters_piece(house, &key, &export, fetched, holder.name).await?;
        return Ok(Effect::Exported {
            mailbox_id,
            export_id,
            step: step(written, letters, bytes),
            expires_at: None,
        });
    }
    let bytes = last_piece(post, &key, &export, holder.name).await?;
    Ok(Effect::Exported {
        mailbox_id,
        export_id,
        step: step(export.written, 0, bytes),
        expires_at: Some(house.clock.now() + post.hold_exports),
    })
}

/// Makes a piece of letters and puts it away; tells how long it is.
async fn letters_piece(
    house: &House,
    key: &MailboxKey,
    export: &ExportRow,
    fetched: Vec<Fetched>,
    holder: String,
) -> Result<usize, TryError> {
    let (words, made_at, begin) = frame_of(export);
    // Checking signatures and packing is work for a processor.
    let (part, piece) = blocking(move || {
        let mut writer = Writer::new(&words, made_at, begin);
        for Fetched {
            row,
            sender,
            original,
            marks,
        } in fetched
        {
            let letter = LetterCopy::of(row.id, row.place, &holder, &sender, original)?;
            writer.letter(&letter, (row.delivery_id, row.place), marks)?;
        }
        Ok((writer.part, writer.piece))
    })
    .await?;
    let index = serde_json::to_vec(&piece).map_err(|_| TryError::Content)?;
    parts::put(house, key, export.id, export.parts, Kind::Index, &index).await?;
    parts::put(house, key, export.id, export.parts, Kind::Part, &part).await?;
    Ok(part.len())
}

/// Makes what comes after the letters.
async fn last_piece(post: &Post, key: &MailboxKey, export: &ExportRow, holder: String) -> Result<usize, TryError> {
    let house = &post.house;
    let mut pieces: Vec<Piece> = Vec::new();
    for number in 0..export.parts {
        let index = parts::get(house, key, export.id, number, Kind::Index).await?;
        pieces.push(serde_json::from_slice(&index).map_err(|_| TryError::Content)?);
    }
    let authorities = tokio::fs::read_to_string(&post.authorities)
        .await
        .map_err(|_| TryError::Authorities)?;
    let (words, made_at, begin) = frame_of(export);
    let part = blocking(move || {
        let mut writer = Writer::new(&words, made_at, begin);
        writer.closing(&pieces, &authorities, &holder)?;
        writer.directory(&pieces)?;
        Ok(writer.part)
    })
    .await?;
    parts::put(house, key, export.id, export.parts, Kind::Part, &part).await?;
    Ok(part.len())
}

/// What every piece of an export is made with: its words, its time, and where the next piece begins.
fn frame_of(export: &ExportRow) -> (CopyWords, OffsetDateTime, u64) {
    let language = Language::from_tag(&export.language).unwrap_or_default();
    let begin = u64::try_from(export.bytes).unwrap_or(0);
    (CopyWords::of(language), export.asked_at, begin)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TryError> + Send + 'static,
) -> Result<T, TryError> {
    labour(work).await.map_err(|_| TryError::Panicked)?
}
