//! Working on a company's letters together, for whoever is logged in.

use super::ports::{id, letter_id, unavailable};
use crate::domain::handling::Step;
use crate::domain::visible::visible;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::handling::{self, Decision};
use app::ports::{
    ColleagueId, Handling, HandlingChanged, HandlingDecision, HandlingStep, LetterId, LetterNote, LetterWork, NoteId,
    PortError, Taken, TakenPage, TakenRow,
};
use async_trait::async_trait;
use uuid::Uuid;

/// The work on the letters of one mailbox, for one of those who share it.
#[derive(Debug)]
pub(super) struct OwnHandling {
    pub(super) house: House,
    pub(super) person: Person,
}

#[async_trait]
impl Handling for OwnHandling {
    async fn work(&self, letter: LetterId) -> Result<Option<LetterWork>, PortError> {
        let work = handling::work_on(&self.house, &self.person, letter_id(&letter)?)
            .await
            .map_err(unavailable)?;
        Ok(work.map(shown))
    }

    async fn decide(
        &self,
        letter: LetterId,
        decision: HandlingDecision,
        seen: i64,
    ) -> Result<HandlingChanged, PortError> {
        let decision = match decision {
            HandlingDecision::Mine => Decision::Mine,
            HandlingDecision::To(ColleagueId(consent)) => Decision::To(named(&consent)?),
            HandlingDecision::Nobody => Decision::Nobody,
            HandlingDecision::Step(step) => Decision::Step(match step {
                HandlingStep::Given => Step::Given,
                HandlingStep::Begun => Step::Begun,
                HandlingStep::Done => Step::Done,
            }),
        };
        changed(handling::decide(&self.house, &self.person, letter_id(&letter)?, decision, seen).await)
    }

    async fn write_note(&self, letter: LetterId, text: String) -> Result<HandlingChanged, PortError> {
        changed(handling::write_note(&self.house, &self.person, letter_id(&letter)?, &text).await)
    }

    async fn remove_note(&self, letter: LetterId, NoteId(note): NoteId) -> Result<HandlingChanged, PortError> {
        changed(handling::remove_note(&self.house, &self.person, letter_id(&letter)?, named(&note)?).await)
    }

    async fn taken(&self, before: Option<LetterId>) -> Result<TakenPage, PortError> {
        let before = before.as_ref().map(letter_id).transpose()?;
        let (letters, next) = handling::taken(&self.house, &self.person, before)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        let row = |(letter, at): (crate::mailbox::inbox::Listed, Step)| TakenRow {
            letter: id(letter.id),
            subject: visible(&letter.header.subject),
            sender: visible(&letter.header.sender),
            received_at: letter.received_at,
            is_binned: letter.binned_at.is_some(),
            step: step(at),
        };
        Ok(TakenPage {
            rows: letters.into_iter().map(row).collect(),
            next: next.map(id),
        })
    }
}

fn changed<E: std::fmt::Display>(outcome: Result<handling::Changed, E>) -> Result<HandlingChanged, PortError> {
    match outcome.map_err(unavailable)? {
        handling::Changed::Done => Ok(HandlingChanged::Done),
        handling::Changed::Meanwhile => Ok(HandlingChanged::Meanwhile),
        handling::Changed::NotTaken => Ok(HandlingChanged::NotTaken),
        handling::Changed::NotFound => Err(PortError::NotFound),
    }
}

fn named(id: &str) -> Result<Uuid, PortError> {
    Uuid::parse_str(id).map_err(|_| PortError::NotFound)
}

fn step(step: Step) -> HandlingStep {
    match step {
        Step::Given => HandlingStep::Given,
        Step::Begun => HandlingStep::Begun,
        Step::Done => HandlingStep::Done,
    }
}

/// As a page shows it.
fn shown(work: handling::Work) -> LetterWork {
    LetterWork {
        taken: work.handling.map(|handling| Taken {
            taker: handling.taker,
            mine: handling.mine,
            step: step(handling.step),
            by: handling.by,
            at: handling.at,
        }),
        seen: work.seen,
        colleagues: work
            .colleagues
            .into_iter()
            .map(|colleague| (ColleagueId(colleague.consent.to_string()), colleague.name))
            .collect(),
        notes: work
            .notes
            .into_iter()
            .map(|note| LetterNote {
                id: NoteId(note.id.to_string()),
                author: note.author,
                mine: note.mine,
                at: note.at,
                text: note.text.lines().map(visible).collect::<Vec<_>>().join("\n"),
            })
            .collect(),
        may_change: work.may_change,
    }
}
