//! Who has read what: for the holder to see.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::listed;
use crate::db::Tx;
use crate::domain::access::{Act, Capacity, Group};
use crate::domain::look::Reason;
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::access_log::{AccessRow, Filter, page};
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows on a page.
pub const PAGE: usize = 50;

/// One row, told for people.
#[derive(Debug)]
pub struct Entry {
    /// When.
    pub at: OffsetDateTime,
    /// Who, by name.
    pub who: String,
    /// In which right.
    pub capacity: Capacity,
    /// What.
    pub act: Act,
    /// Which letter, with its subject.
    pub letter: Option<(Uuid, String)>,
    /// Why, of what staff did.
    pub reason: Option<Reason>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Everything.
    #[default]
    All,
    /// A group of acts.
    Group(Group),
    /// What others than the holder did; where several share a mailbox, others than whoever looks.
    Others,
}

/// In which rights somebody is in a mailbox who is not its holder.
const OTHERS: [Capacity; 6] = [
    Capacity::Helper,
    Capacity::Signatory,
    Capacity::Role,
    Capacity::Another,
    Capacity::Staff,
    Capacity::System,
];

/// A page of the log.
#[derive(Debug, Default)]
pub struct Page {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Before which row the next page begins.
    pub next: Option<Uuid>,
}

/// A page of the person's own access log: rows before `before`, or the newest; nothing without a mailbox.
pub async fn read_access_log(
    house: &House,
    person: &Person,
    show: Show,
    before: Option<Uuid>,
) -> Result<Page, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::SeeAccess).await? else {
        return Ok(Page::default());
    };
    let filters = match show {
        Show::All => vec![Filter::All],
        Show::Group(group) => Act::of_group(group).map(Filter::Act).collect(),
        Show::Others => OTHERS.map(Filter::Capacity).to_vec(),
    };
    let mut rows = Vec::new();
    for filter in filters {
        rows.extend(page(&mut tx, whose.id, filter, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(entry(&mut tx, &whose, row).await?);
    }
    // Of those who share a mailbox, whoever looks is no other.
    entries.retain(|entry| show != Show::Others || entry.capacity != whose.capacity() || entry.who != whose.actor());
    Ok(Page { entries, next })
}

async fn entry(tx: &mut Tx, whose: &Entered, row: AccessRow) -> Result<Entry, MailboxError> {
    let who = whose.key.open(&Place::of("access_log", &row.id, "actor"), &row.actor)?;
    let letter = match row.letter_id {
        Some(id) => store::letter::by_id(tx, whose.id, id)
            .await?
            .map(|letter| listed(&whose.key, &letter))
            .transpose()?
            .map(|letter| (letter.id, letter.header.subject)),
        None => None,
    };
    let reason = match row.capacity {
        Capacity::Staff => store::access_log::reason(tx, whose.id, row.id)
            .await?
            .map(|sealed| {
                whose
                    .key
                    .open_text(&Place::of("access_log", &row.id, "reason"), &sealed)
            })
            .transpose()?,
        _ => None,
    };
    Ok(Entry {
        at: row.at,
        who: String::from_utf8(who).map_err(|_| MailboxError::Record("access log row"))?,
        capacity: row.capacity,
        act: row.act,
        letter,
        reason: reason.as_deref().and_then(Reason::read),
    })
}

/// Writes what staff did with an account, for its holder to see, with the reason that they gave. Who of them it was stands in the audit log
/// alone; that it was somebody of the staff is what the row is told with.
pub(crate) async fn log_staff(
    tx: &mut Tx,
    house: &House,
    (mailbox, key): (Uuid, &MailboxKey),
    act: Act,
    reason: &Reason,
) -> Result<(), MailboxError> {
    let at = house.clock.now();
    let id = house.ids.at(at);
    let row = AccessRow {
        id,
        at,
        actor: key.seal(house.ids, &Place::of("access_log", &id, "actor"), b"")?,
        act,
        letter_id: None,
        capacity: Capacity::Staff,
    };
    let sealed = key.seal(
        house.ids,
        &Place::of("access_log", &id, "reason"),
        reason.written().as_bytes(),
    )?;
    Ok(store::access_log::insert_with_reason(tx, mailbox, &row, &sealed).await?)
}

/// Writes that the person has logged in, if they have a mailbox; in the transaction that begins the session.
pub async fn log_login(tx: &mut Tx, house: &House, person: &Person) -> Result<(), MailboxError> {
    if let Some(entered) = enter(tx, house, person, Right::Account).await? {
        entered
            .log(tx, house.ids, house.clock.now(), Act::LoggedIn, None)
            .await?;
    }
    Ok(())
}
