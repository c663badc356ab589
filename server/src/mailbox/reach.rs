//! How far a search reaches: what it can be narrowed to, and what it cannot find.

use super::MailboxError;
use super::access::{Person, enter};
use super::inbox::{Listed, listed};
use crate::domain::letter_text::Reading;
use crate::domain::right::Right;
use crate::house::House;
use crate::search::SearchKey;
use crate::store;

/// Letters that wait to be indexed are counted up to here.
pub const COUNTED: i64 = 1_000;

/// Letters with attachments that are not searched are listed up to here.
pub const LISTED: i64 = 50;

/// Senders to choose from.
const SENDERS: i64 = 300;

/// An attachment whose text is not searched, or not all of it.
#[derive(Debug)]
pub struct Unread {
    /// File name.
    pub name: String,
    /// Why.
    pub reading: Reading,
}

/// A letter with such attachments.
#[derive(Debug)]
pub struct Lacking {
    /// Its row in a list.
    pub listed: Listed,
    /// Which attachments.
    pub files: Vec<Unread>,
}

/// What the search of a mailbox can be narrowed to, and what it cannot find.
#[derive(Debug)]
pub struct Reach {
    /// Senders: blind index and name, by name.
    pub senders: Vec<(Vec<u8>, String)>,
    /// Letters that cannot be found by their words yet; counted up to a thousand.
    pub waiting: i64,
    /// Letters with attachments that are not searched, the newest first; not more than fifty.
    pub lacking: Vec<Lacking>,
}

/// How far a search reaches in the person's own mailbox; nothing without one.
pub async fn reach(house: &House, person: &Person) -> Result<Option<Reach>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(None);
    };
    let key = SearchKey::of(&entered.key)?;
    let mut senders = Vec::new();
    for row in store::search::newest_of_each_sender(&mut tx, entered.id, SENDERS).await? {
        if !entered.sees(&row) {
            continue;
        }
        let name = listed(&entered.key, &row)?.header.sender;
        senders.extend(row.sender_index.map(|index| (index, name)));
    }
    senders.sort_by_key(|(_, name)| name.to_lowercase());
    let mut lacking = Vec::new();
    for row in store::search::unreadable(&mut tx, entered.id, LISTED).await? {
        if !entered.sees(&row.letter) {
            continue;
        }
        let sealed = store::search::text(&mut tx, entered.id, row.letter.id).await?;
        let text = sealed.map(|sealed| key.open_text(row.letter.id, &sealed)).transpose()?;
        let files = text.unwrap_or_default().attached.into_iter();
        lacking.push(Lacking {
            listed: listed(&entered.key, &row.letter)?,
            files: files
                .filter(|file| file.reading.is_lacking())
                .map(|file| Unread {
                    name: file.name,
                    reading: file.reading,
                })
                .collect(),
        });
    }
    let waiting = if entered.sight.is_whole() {
        store::search::count_waiting(&mut tx, entered.id, COUNTED).await?
    } else {
        0
    };
    Ok(Some(Reach {
        senders,
        waiting,
        lacking,
    }))
}
