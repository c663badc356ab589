//! Matters: what senders have said of them, grouped and in order. Nothing here is guessed.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::matter::{Event, Matter, MatterEvent, Part};
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::matter::{MatterId, NewEvent};
use contracts::delivery::{Delivery, Message};
use time::OffsetDateTime;
use uuid::Uuid;

/// Matters on a page.
const PAGE: usize = 50;

/// Events of one matter that are shown: no authority's matter has more.
const EVENTS: i64 = 200;

/// A matter in a list.
pub struct ListedMatter {
    /// Its id.
    pub id: MatterId,
    /// As the newest event left it.
    pub matter: Matter,
    /// How many events.
    pub events: u32,
    /// When the newest came.
    pub newest_at: OffsetDateTime,
}

/// An event with its letter.
pub struct MatterLetter {
    /// The letter.
    pub letter: Uuid,
    /// What it says has happened.
    pub event: Event,
    /// The letter of another matter that it follows on, with its subject.
    pub follows: Option<(Uuid, String)>,
    /// Attachments of the letter.
    pub attachments: u32,
    /// Not opened.
    pub unread: bool,
    /// When it came.
    pub received_at: OffsetDateTime,
}

/// The matters of the person's own mailbox, newest event first, and where the next page begins; none without a mailbox.
pub async fn list_matters(
    house: &House,
    person: &Person,
    before: Option<Uuid>,
) -> Result<(Vec<ListedMatter>, Option<Uuid>), MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Overview).await? else {
        return Ok((vec![], None));
    };
    let rows = store::matter::page(&mut tx, entered.id, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.newest_letter_id);
    let matters = rows
        .into_iter()
        .map(|row| {
            Ok(ListedMatter {
                id: row.id,
                matter: record(&entered, row.newest_letter_id, &row.content)?.matter,
                events: u32::try_from(row.events).unwrap_or(0),
                newest_at: row.newest_at,
            })
        })
        .collect::<Result<_, MailboxError>>()?;
    Ok((matters, next))
}

/// A matter and its events, oldest first; nothing when the person's own mailbox has no such matter.
pub async fn open_matter(
    house: &House,
    person: &Person,
    id: MatterId,
) -> Result<Option<(ListedMatter, Vec<MatterLetter>)>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Overview).await? else {
        return Ok(None);
    };
    let Some(row) = store::matter::by_id(&mut tx, entered.id, id).await? else {
        return Ok(None);
    };
    let mut letters = vec![];
    for row in store::matter::events(&mut tx, entered.id, id, EVENTS).await? {
        let event = record(&entered, row.letter_id, &row.content)?.event;
        letters.push(MatterLetter {
            letter: row.letter_id,
            follows: elsewhere(&mut tx, &entered, id, event.follows.as_deref()).await?,
            event,
            attachments: u32::try_from(row.attachments).unwrap_or(0),
            unread: row.read_at.is_none(),
            received_at: row.received_at,
        });
    }
    letters.reverse();
    let matter = ListedMatter {
        id: row.id,
        matter: record(&entered, row.newest_letter_id, &row.content)?.matter,
        events: u32::try_from(row.events).unwrap_or(0),
        newest_at: row.newest_at,
    };
    Ok(Some((matter, letters)))
}

/// The letter that an event says it follows on, when that is an event of another matter in this mailbox.
async fn elsewhere(
    tx: &mut Tx,
    entered: &Entered,
    here: MatterId,
    name: Option<&str>,
) -> Result<Option<(Uuid, String)>, MailboxError> {
    let Some(name) = name else { return Ok(None) };
    let name = entered.key.blind("event")?.token(name);
    match store::matter::by_event(tx, entered.id, name).await? {
        Some((letter, matter, content)) if matter != here => {
            Ok(Some((letter, record(entered, letter, &content)?.event.subject)))
        }
        _ => Ok(None),
    }
}

/// What a letter that comes in says of a matter, sealed; nothing when it names none.
pub(super) fn event_of(
    house: &House,
    key: &MailboxKey,
    letter: Uuid,
    sender: &str,
    delivery: &Delivery,
    message: &Message,
) -> Result<Option<NewEvent>, MailboxError> {
    let Some(part) = Part::of(sender, delivery, message) else {
        return Ok(None);
    };
    let names = key.blind("event")?;
    Ok(Some(NewEvent {
        letter_id: letter,
        matter_id: key.blind("matter")?.token(&part.key),
        content: key.seal_record(house.ids, &Place::of("matter_event", &letter, "content"), &part.record)?,
        event_index: part.event_key.map(|name| names.token(&name)),
    }))
}

fn record(entered: &Entered, letter: Uuid, sealed: &[u8]) -> Result<MatterEvent, MailboxError> {
    let place = Place::of("matter_event", &letter, "content");
    Ok(entered.key.open_record(&place, sealed)?)
}
