//! Working on a company's letters together: who takes which, how far they have come, and notes for colleagues. A person's own mailbox has none
//! of it.

use super::MailboxError;
use super::access::{Entered, Person, enter, enter_in_turn, helper_index, sight};
use super::consents::helper;
use super::inbox::{Listed, listed};
use crate::db::{Tx, micros};
use crate::domain::access::Act;
use crate::domain::consent::Level;
use crate::domain::handling::{MOST_NOTES, Step, note};
use crate::domain::holder::Holder;
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use crate::store::handling::{HandlingRow, NoteRow};
use crate::store::letter::LetterRow;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// Letters on a page.
const PAGE: usize = 30;

/// Who takes a letter.
#[derive(Debug)]
pub struct Handling {
    /// Their name.
    pub taker: String,
    /// It is who asks.
    pub mine: bool,
    /// How far it has come.
    pub step: Step,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: OffsetDateTime,
}

/// Somebody whom a letter can be given to.
#[derive(Debug)]
pub struct Colleague {
    /// The consent that lets them in.
    pub consent: Uuid,
    /// Their name.
    pub name: String,
}

/// What a colleague has noted.
#[derive(Debug)]
pub struct Noted {
    /// The note.
    pub id: Uuid,
    /// Who wrote it.
    pub author: String,
    /// It was who asks.
    pub mine: bool,
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub text: String,
}

/// The work on a letter, as its page shows it.
#[derive(Debug)]
pub struct Work {
    /// Who takes it; nothing: nobody yet.
    pub handling: Option<Handling>,
    /// What to show again when it is changed, so that nobody changes unseen what another has just changed.
    pub seen: i64,
    /// Whom whoever asks can give it to.
    pub colleagues: Vec<Colleague>,
    /// Notes, the oldest first.
    pub notes: Vec<Noted>,
    /// Whether whoever asks may change any of it.
    pub may_change: bool,
}

/// What is decided of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Whoever decides takes it.
    Mine,
    /// Somebody else does, by their consent.
    To(Uuid),
    /// Nobody does.
    Nobody,
    /// Whoever takes it has come so far.
    Step(Step),
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is so now.
    Done,
    /// Somebody else has changed it meanwhile: nothing was done.
    Meanwhile,
    /// Nothing is left of a note that is empty; or it is too long, or one too many.
    NotTaken,
    /// No such letter, note or colleague, or not theirs to change.
    NotFound,
}

/// Who takes a letter, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Record {
    taker: Holder,
    by: String,
}

/// A note, as it is sealed.
#[derive(Serialize, Deserialize)]
struct NoteRecord {
    author: String,
    text: String,
}

/// The work on a letter of a company; nothing in a person's mailbox, or of a letter that is not seen.
pub async fn work_on(house: &House, person: &Person, letter: Uuid) -> Result<Option<Work>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some((entered, row)) = letter_at_work(&mut tx, house, person, letter).await? else {
        return Ok(None);
    };
    let own = helper_index(house, &person.number.to_string());
    let found = store::handling::of_letter(&mut tx, entered.id, letter).await?;
    let seen = seen(found.as_ref());
    let handling = found.map(|row| handling(&entered, letter, &row, own)).transpose()?;
    let notes = store::handling::notes(&mut tx, entered.id, letter).await?;
    let notes = notes.iter().map(|row| noted(house, &entered, row, own));
    let may_change = entered.may(Right::Organise);
    Ok(Some(Work {
        handling,
        seen,
        notes: notes.collect::<Result<_, _>>()?,
        // Who decides nothing needs nobody to give it to.
        colleagues: if may_change {
            colleagues(&mut tx, house, &entered, &row, own).await?
        } else {
            Vec::new()
        },
        may_change,
    }))
}

/// Decides who takes a letter, or how far they have come; `seen` is what [`Work::seen`] was when that was decided.
pub async fn decide(
    house: &House,
    person: &Person,
    letter: Uuid,
    decision: Decision,
    seen_then: i64,
) -> Result<Changed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some((entered, row)) = letter_to_change(&mut tx, house, person, letter).await? else {
        return Ok(Changed::NotFound);
    };
    let found = store::handling::of_letter(&mut tx, entered.id, letter).await?;
    if seen(found.as_ref()) != seen_then {
        return Ok(Changed::Meanwhile);
    }
    let own = Holder {
        number: person.number.to_string(),
        name: person.name.clone(),
    };
    let own_index = helper_index(house, &own.number);
    let place = place(&letter);
    let taker = match (decision, &found) {
        (Decision::Nobody, _) => None,
        (Decision::Mine, _) => Some((own, Step::Given)),
        (Decision::To(consent), _) => match colleague(&mut tx, house, &entered, &row, consent).await? {
            Some(colleague) => Some((colleague, Step::Given)),
            None => return Ok(Changed::NotFound),
        },
        // Who begins or ends what nobody has taken takes it.
        (Decision::Step(step), None) => Some((own, step)),
        (Decision::Step(step), Some(found)) => {
            let record: Record = entered.key.open_record(&place, &found.handling)?;
            let is_theirs = found.taker_index == own_index;
            Some((
                if is_theirs || step == Step::Done {
                    record.taker
                } else {
                    own
                },
                step,
            ))
        }
    };
    match taker {
        None => store::handling::remove(&mut tx, entered.id, letter).await?,
        Some((taker, step)) => {
            let row = HandlingRow {
                taker_index: helper_index(house, &taker.number).to_vec(),
                handling: entered.key.seal_record(
                    house.ids,
                    &place,
                    &Record {
                        taker,
                        by: person.name.clone(),
                    },
                )?,
                step,
                changed_at: now,
            };
            store::handling::put(&mut tx, entered.id, letter, &row).await?;
        }
    }
    entered
        .log(&mut tx, house.ids, now, Act::HandledLetter, Some(letter))
        .await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

/// Notes something on a letter for colleagues.
pub async fn write_note(house: &House, person: &Person, letter: Uuid, written: &str) -> Result<Changed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some((entered, _)) = letter_to_change(&mut tx, house, person, letter).await? else {
        return Ok(Changed::NotFound);
    };
    let Some(text) = note(written) else {
        return Ok(Changed::NotTaken);
    };
    if store::handling::notes(&mut tx, entered.id, letter).await?.len() >= MOST_NOTES {
        return Ok(Changed::NotTaken);
    }
    let id = house.ids.at(now);
    let record = NoteRecord {
        author: person.name.clone(),
        text,
    };
    let row = NoteRow {
        id,
        author_index: helper_index(house, &person.number.to_string()).to_vec(),
        note: entered.key.seal_record(house.ids, &place_of_note(&id), &record)?,
    };
    store::handling::insert_note(&mut tx, entered.id, letter, &row).await?;
    entered
        .log(&mut tx, house.ids, now, Act::NotedOnLetter, Some(letter))
        .await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

/// Takes a note of one's own away.
pub async fn remove_note(house: &House, person: &Person, letter: Uuid, id: Uuid) -> Result<Changed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some((entered, _)) = letter_to_change(&mut tx, house, person, letter).await? else {
        return Ok(Changed::NotFound);
    };
    let own = helper_index(house, &person.number.to_string());
    if !store::handling::remove_note(&mut tx, entered.id, letter, id, own).await? {
        return Ok(Changed::NotFound);
    }
    entered
        .log(&mut tx, house.ids, now, Act::NotedOnLetter, Some(letter))
        .await?;
    tx.commit().await?;
    Ok(Changed::Done)
}

/// Letters of the company that the person takes and has not done, the newest first; and where the next page begins. Nothing in a person's mailbox.
pub async fn taken(
    house: &House,
    person: &Person,
    before: Option<Uuid>,
) -> Result<Option<(Vec<(Listed, Step)>, Option<Uuid>)>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = company(enter(&mut tx, house, person, Right::View).await?)? else {
        return Ok(None);
    };
    let own = helper_index(house, &person.number.to_string());
    let before = before.unwrap_or(Uuid::max());
    let found = store::handling::open_of(&mut tx, entered.id, own, before, one_more(PAGE)).await?;
    let (found, next) = cut(found, PAGE, |(letter, _)| *letter);
    let mut letters = Vec::with_capacity(found.len());
    for (letter, step) in found {
        if let Some(row) = entered.letter(&mut tx, letter).await? {
            letters.push((listed(&entered.key, &row)?, step));
        }
    }
    Ok(Some((letters, next)))
}

/// Whoever has been let in, if it is a company's mailbox.
fn company(entered: Option<Entered>) -> Result<Option<Entered>, MailboxError> {
    match entered {
        Some(entered) if entered.company()?.is_some() => Ok(Some(entered)),
        _ => Ok(None),
    }
}

async fn letter_at_work(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    letter: Uuid,
) -> Result<Option<(Entered, LetterRow)>, MailboxError> {
    let entered = enter(tx, house, person, Right::View).await?;
    seen_there(tx, entered, letter).await
}

/// The same, to change something: one after the other.
async fn letter_to_change(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    letter: Uuid,
) -> Result<Option<(Entered, LetterRow)>, MailboxError> {
    let entered = enter_in_turn(tx, house, person, Right::Organise).await?;
    seen_there(tx, entered, letter).await
}

async fn seen_there(
    tx: &mut Tx,
    entered: Option<Entered>,
    letter: Uuid,
) -> Result<Option<(Entered, LetterRow)>, MailboxError> {
    let Some(entered) = company(entered)? else {
        return Ok(None);
    };
    let row = entered.letter(tx, letter).await?;
    Ok(row.map(|row| (entered, row)))
}

fn seen(found: Option<&HandlingRow>) -> i64 {
    found.map_or(0, |row| micros(row.changed_at))
}

/// Where it is sealed who takes a letter.
fn place(letter: &Uuid) -> Place<'_> {
    Place::of("letter_handling", letter, "handling")
}

/// Where a note is sealed.
fn place_of_note(note: &Uuid) -> Place<'_> {
    Place::of("letter_note", note, "note")
}

fn handling(entered: &Entered, letter: Uuid, row: &HandlingRow, own: [u8; 32]) -> Result<Handling, MailboxError> {
    let record: Record = entered.key.open_record(&place(&letter), &row.handling)?;
    Ok(Handling {
        taker: record.taker.name,
        mine: row.taker_index == own,
        step: row.step,
        by: record.by,
        at: row.changed_at,
    })
}

fn noted(house: &House, entered: &Entered, row: &NoteRow, own: [u8; 32]) -> Result<Noted, MailboxError> {
    let record: NoteRecord = entered.key.open_record(&place_of_note(&row.id), &row.note)?;
    Ok(Noted {
        id: row.id,
        author: record.author,
        mine: row.author_index == own,
        at: house.ids.moment(row.id).unwrap_or(OffsetDateTime::UNIX_EPOCH),
        text: record.text,
    })
}

/// Whom a letter can be given to: everybody else who is let in to manage, and sees it.
async fn colleagues(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    letter: &LetterRow,
    own: [u8; 32],
) -> Result<Vec<Colleague>, MailboxError> {
    let mut colleagues = Vec::new();
    for row in store::consent::in_force(tx, entered.id, house.clock.now()).await? {
        if row.level != Level::Read && row.helper_index != own && shows(entered, &row, letter)? {
            colleagues.push(Colleague {
                consent: row.id,
                name: helper(entered, &row)?.name,
            });
        }
    }
    colleagues.sort_by_key(|colleague| colleague.name.to_lowercase());
    Ok(colleagues)
}

/// One of them, by their consent.
async fn colleague(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    letter: &LetterRow,
    consent: Uuid,
) -> Result<Option<Holder>, MailboxError> {
    let now = house.clock.now();
    let Some(row) = store::consent::by_id(tx, entered.id, consent).await? else {
        return Ok(None);
    };
    let fits = row.is_in_force(now) && row.level != Level::Read && shows(entered, &row, letter)?;
    fits.then(|| helper(entered, &row)).transpose()
}

fn shows(entered: &Entered, consent: &store::consent::ConsentRow, letter: &LetterRow) -> Result<bool, MailboxError> {
    let sight = sight(&entered.key, consent)?;
    Ok(sight.shows(letter.received_at, letter.sender_index.as_deref()))
}
