//! What people think of the service: anybody can say it, with an answer wanted or not. Who said it is not kept.

use super::MailboxError;
use crate::audit::{self, Actor, Event, Scribe};
use crate::domain::audit::AuditAct;
use crate::domain::email::EmailAddress;
use crate::domain::feedback_tag::Tag;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use crate::store::feedback::{FeedbackRow, State};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The longest that is taken, in characters.
pub const LONGEST: usize = 4_000;
/// How long something typed wrongly waits for its writer.
const DRAFTS_WAIT: Duration = Duration::minutes(30);
/// So much is taken in an hour from everybody together: the page is open to all.
const MOST_AN_HOUR: i64 = 500;

/// What was typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// The words.
    pub words: String,
    /// An answer is wanted.
    pub answer: bool,
    /// Where to.
    pub email: String,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is here.
    Done,
    /// Something is not right; what was typed waits under this id for one page.
    Wrong {
        /// Names the draft; nobody can guess it.
        draft: Uuid,
        /// The words are missing or too many.
        words: bool,
        /// An answer is wanted, and there is no address for it.
        email: bool,
    },
    /// Too much came in the last hour.
    TooMany,
}

/// One that has been sent, for the operator.
#[derive(Debug)]
pub struct Received {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: OffsetDateTime,
    /// From which kind of page.
    pub page: String,
    /// In which language the pages were.
    pub language: String,
    /// What was said.
    pub typed: Typed,
    /// What it is about, once staff have said so.
    pub tag: Option<Tag>,
}

/// Takes in what somebody thinks. `page` is the address that they came from; only its kind is kept.
pub async fn send(house: &House, typed: Typed, page: &str, language: &str) -> Result<Sent, MailboxError> {
    let words = typed.words.trim();
    let wrong_words = words.is_empty() || words.chars().count() > LONGEST;
    let wrong_email = typed.answer && typed.email.parse::<EmailAddress>().is_err();
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    store::feedback::sweep_drafts(&mut tx, now - DRAFTS_WAIT).await?;
    let since = house.ids.first_at(now - Duration::HOUR);
    if store::feedback::count_since(&mut tx, since, MOST_AN_HOUR).await? >= MOST_AN_HOUR {
        return Ok(Sent::TooMany);
    }
    let is_wrong = wrong_words || wrong_email;
    // A draft's id is its secret; what is sent stands in order of time.
    let id = if is_wrong {
        house.ids.random()
    } else {
        house.ids.at(now)
    };
    let mut kept = typed;
    if is_wrong {
        kept.words = kept.words.chars().take(LONGEST * 2).collect();
        kept.email = kept.email.chars().take(320).collect();
    } else if !kept.answer {
        kept.email.clear();
    }
    let row = FeedbackRow {
        id,
        state: if is_wrong { State::Draft } else { State::New },
        page: kind_of_page(page),
        language: language.to_owned(),
        content: sealed(house, id, &kept)?,
        at: now,
        tag: None,
    };
    store::feedback::insert(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(if is_wrong {
        Sent::Wrong {
            draft: id,
            words: wrong_words,
            email: wrong_email,
        }
    } else {
        Sent::Done
    })
}

/// What was typed, for the one page that shows it again; and the kind of page that it is about.
pub async fn take_draft(house: &House, draft: Uuid) -> Result<Option<(Typed, String)>, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(row) = store::feedback::take_draft(&mut tx, draft).await? else {
        return Ok(None);
    };
    tx.commit().await?;
    if row.at < house.clock.now() - DRAFTS_WAIT {
        return Ok(None);
    }
    Ok(Some((opened(house, &row)?, row.page)))
}

/// What has been sent and not been taken care of, oldest first.
pub async fn unread(house: &House, limit: i64) -> Result<Vec<Received>, MailboxError> {
    let mut tx = house.db.read().await?;
    let rows = store::feedback::of_state(&mut tx, State::New, limit).await?;
    rows.into_iter().map(|row| received(house, row)).collect()
}

/// One that has been sent, opened.
pub(crate) fn received(house: &House, row: FeedbackRow) -> Result<Received, MailboxError> {
    Ok(Received {
        typed: opened(house, &row)?,
        id: row.id,
        at: row.at,
        page: row.page,
        language: row.language,
        tag: row.tag,
    })
}

/// What is left of one that is taken care of.
pub(crate) fn emptied(house: &House, id: Uuid) -> Result<Vec<u8>, MailboxError> {
    sealed(house, id, &Typed::default())
}

/// Somebody has read it, and answered when that was wanted: the words and the address are forgotten. False when there is no such.
pub async fn end(house: &House, id: Uuid, by: &Actor) -> Result<bool, MailboxError> {
    let mut tx = house.db.begin().await?;
    let emptied = emptied(house, id)?;
    let done = store::feedback::end(&mut tx, id, &emptied).await?;
    if done {
        let event = Event::by(by, AuditAct::ClosedFeedback).about_object(id.to_string());
        audit::append(&mut tx, Scribe::of(house), event).await?;
    }
    tx.commit().await?;
    Ok(done)
}

/// The first part of an address: `/brev/0198…` becomes `/brev`, so that no letter is named.
fn kind_of_page(address: &str) -> String {
    let first = address.trim_start_matches('/').split(['/', '?', '#']).next();
    let plain: String = first
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '-')
        .take(40)
        .collect();
    format!("/{plain}")
}

fn sealed(house: &House, id: Uuid, typed: &Typed) -> Result<Vec<u8>, MailboxError> {
    let place = Place::of("feedback", &id, "content");
    Ok(house.keys.seal_record(house.ids, &place, typed)?)
}

fn opened(house: &House, row: &FeedbackRow) -> Result<Typed, MailboxError> {
    let place = Place::of("feedback", &row.id, "content");
    Ok(house.keys.open_record(&place, &row.content)?)
}

#[cfg(test)]
mod tests {
    use super::kind_of_page;

    #[test]
    fn no_letter_is_named() {
        assert_eq!(kind_of_page("/brev/01932f00-0000-7000-8000-000000000000?a=b"), "/brev");
        assert_eq!(kind_of_page("/installningar/mottagning?sok=nils"), "/installningar");
        assert_eq!(kind_of_page("https://evil.example/"), "/https");
        assert_eq!(kind_of_page(""), "/");
    }
}
