//! What people think of the service: staff read it, sort it, answer, and say that it is taken care of, which forgets it.

use super::access::OnDuty;
use super::{SupportError, draft};
use crate::domain::feedback_tag::Tag;
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::mailbox::feedback::{self as opinions, Received};
use crate::outbox::{self, Job};
use crate::store;
use crate::store::feedback::{State, TagCount};
use serde::{Deserialize, Serialize};
use time::Duration;
use uuid::Uuid;

/// Opinions on a page.
pub const PAGE: usize = 20;

/// The longest answer, in characters.
pub const LONGEST_ANSWER: usize = 8_000;

/// Within how long the newer counts are.
const LATELY: Duration = Duration::days(30);

/// A page of opinions.
#[derive(Debug)]
pub struct Page {
    /// Oldest first.
    pub opinions: Vec<Received>,
    /// After which one the next page begins.
    pub next: Option<Uuid>,
    /// How many there are of each tag and state.
    pub counts: Vec<TagCount>,
    /// The same of those that came in the last thirty days.
    pub lately: Vec<TagCount>,
}

/// An answer as it is typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedAnswer {
    /// The words.
    pub words: String,
}

impl std::fmt::Debug for TypedAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedAnswer(…)")
    }
}

/// What came of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It is on its way, and the opinion is forgotten.
    Done,
    /// There are no words, or too many; what was typed waits under this id.
    Wrong(Uuid),
    /// There is no such opinion, or nobody wants an answer to it.
    NotFound,
}

/// A page of opinions that nobody has taken care of: of one tag, of none yet, or all.
pub async fn list(house: &House, duty: &OnDuty, tag: Wanted, after: Option<Uuid>) -> Result<Page, SupportError> {
    let leave = duty.leave_to(house, StaffAct::ReadFeedback).await?;
    let since = house.ids.first_at(house.clock.now() - LATELY);
    let mut tx = house.db.begin().await?;
    let after = after.unwrap_or_default();
    let rows = match tag {
        Wanted::All => store::feedback::new_after(&mut tx, after, one_more(PAGE)).await?,
        Wanted::Untagged => store::feedback::untagged_after(&mut tx, after, one_more(PAGE)).await?,
        Wanted::Tag(tag) => store::feedback::tagged_after(&mut tx, tag, after, one_more(PAGE)).await?,
    };
    let counts = store::feedback::counts(&mut tx, Uuid::nil()).await?;
    let lately = store::feedback::counts(&mut tx, since).await?;
    leave.write(&mut tx, house, None).await?;
    tx.commit().await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let opinions = rows
        .into_iter()
        .map(|row| opinions::received(house, row))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page {
        opinions,
        next,
        counts,
        lately,
    })
}

/// Which opinions are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Those that have no tag yet.
    Untagged,
    /// Those of a tag.
    Tag(Tag),
}

/// One opinion that wants an answer, and what was typed for it.
pub async fn to_answer(
    house: &House,
    duty: &OnDuty,
    id: Uuid,
    typed: Option<Uuid>,
) -> Result<Option<(Received, TypedAnswer)>, SupportError> {
    // Their reading it in the list is written down already.
    duty.leave_to(house, StaffAct::AnswerFeedback).await?;
    let mut tx = house.db.begin().await?;
    let Some(row) = store::feedback::by_id(&mut tx, id)
        .await?
        .filter(|row| row.state == State::New)
    else {
        return Ok(None);
    };
    let received = opinions::received(house, row)?;
    if !received.typed.answer {
        return Ok(None);
    }
    let answer = match typed {
        Some(draft) => draft::find(&mut tx, house, duty, draft).await?,
        None => None,
    };
    Ok(Some((received, answer.unwrap_or_default())))
}

/// Says what an opinion is about; false when there is no such.
pub async fn tag(house: &House, duty: &OnDuty, id: Uuid, tag: Option<Tag>) -> Result<bool, SupportError> {
    let leave = duty.leave_to(house, StaffAct::TagFeedback).await?;
    let mut tx = house.db.begin().await?;
    if !store::feedback::set_tag(&mut tx, id, tag).await? {
        return Ok(false);
    }
    let name = tag.map_or("none", Tag::as_str);
    leave.write(&mut tx, house, Some(format!("{id} {name}"))).await?;
    tx.commit().await?;
    Ok(true)
}

/// Answers by e-mail, and forgets the opinion and the address: they were kept for this.
pub async fn answer(house: &House, duty: &OnDuty, id: Uuid, typed: TypedAnswer) -> Result<Answered, SupportError> {
    let leave = duty.leave_to(house, StaffAct::AnswerFeedback).await?;
    let mut tx = house.db.begin().await?;
    let words = typed.words.trim();
    if words.is_empty() || words.chars().count() > LONGEST_ANSWER {
        let draft = draft::keep(&mut tx, house, duty, &typed).await?;
        tx.commit().await?;
        return Ok(Answered::Wrong(draft));
    }
    let Some(row) = store::feedback::by_id(&mut tx, id)
        .await?
        .filter(|row| row.state == State::New)
    else {
        return Ok(Answered::NotFound);
    };
    let received = opinions::received(house, row)?;
    if !received.typed.answer {
        return Ok(Answered::NotFound);
    }
    let job = Job::AnswerFeedback {
        to: received.typed.email,
        language: received.language,
        words: words.replace("\r\n", "\n"),
    };
    let emptied = opinions::emptied(house, id)?;
    if !store::feedback::end(&mut tx, id, &emptied).await? {
        return Ok(Answered::NotFound);
    }
    outbox::enqueue(&mut tx, house, &job, house.clock.now()).await?;
    leave.write(&mut tx, house, Some(id.to_string())).await?;
    tx.commit().await?;
    Ok(Answered::Done)
}

/// Says that an opinion is taken care of, without an answer: it is forgotten. False when there is no such.
pub async fn close(house: &House, duty: &OnDuty, id: Uuid) -> Result<bool, SupportError> {
    let leave = duty.leave_to(house, StaffAct::CloseFeedback).await?;
    Ok(opinions::end(house, id, leave.actor()).await?)
}
