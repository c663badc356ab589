//! Passing letters on, for the person who is logged in.

use super::ports::{letter_id, unavailable};
use crate::domain::forward::{Forbidden, Limits, Way};
use crate::domain::holder_number::written;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::forward::{self, Also, Asked, Days, Sent, ask, question, remove_rule, rules, send, take_back};
use crate::mailbox::forward_ask::{self, Answer};
use crate::store::forward::State;
use crate::store::forward_ask::State as AskState;
use app::ports::{
    AlsoForward, AskForward, Asker, AskerAnswer, AskerState, ForbiddenForward, ForwardQuestion, ForwardRule,
    ForwardState, ForwardWay, ForwardedPage, ForwardedRow, Forwarding, LetterId, PortError, SendForward, Typed,
};
use async_trait::async_trait;
use uuid::Uuid;

/// Passing letters on from one mailbox.
#[derive(Debug)]
pub(super) struct OwnForwarding {
    pub(super) house: House,
    pub(super) person: Person,
    pub(super) limits: Limits,
}

#[async_trait]
impl Forwarding for OwnForwarding {
    async fn question(&self, letter: LetterId, draft: Option<String>) -> Result<ForwardQuestion, PortError> {
        let letter = letter_id(&letter)?;
        let draft = draft.and_then(|draft| Uuid::parse_str(&draft).ok());
        let asked = question(&self.house, &self.person, &self.limits, letter, draft)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        let typed = asked.typed.zip(draft).map(|(typed, draft)| match typed {
            forward::Typed::Address(address) => Typed::Address {
                address,
                draft: draft.to_string(),
            },
            forward::Typed::NoAddress(text) => Typed::Wrong(text),
            forward::Typed::Number(number) => Typed::Mailbox {
                number: written(&number),
                draft: draft.to_string(),
            },
            forward::Typed::NoNumber(text) => Typed::WrongNumber(text),
            forward::Typed::OwnNumber(text) => Typed::OwnNumber(text),
        });
        // What people can add up is the size before base64.
        let largest = self.limits.largest / 4 * 3;
        Ok(ForwardQuestion {
            sender: asked.header.sender,
            subject: asked.header.subject,
            attachments: asked.attachments,
            bytes: asked.bytes,
            forbidden: asked.allowed.err().and_then(told),
            too_big_for_mail: (asked.by_mail == Err(Forbidden::TooBig)).then_some(largest),
            whole: asked.whole,
            addressed_to: asked.addressed_to,
            typed,
        })
    }

    async fn ask(&self, letter: LetterId, way: ForwardWay, typed: String) -> Result<AskForward, PortError> {
        let letter = letter_id(&letter)?;
        let way = match way {
            ForwardWay::Mail => Way::Mail,
            ForwardWay::Mailbox => Way::Mailbox,
        };
        match ask(&self.house, &self.person, &self.limits, letter, (way, &typed))
            .await
            .map_err(unavailable)?
        {
            Asked::Kept(draft) => Ok(AskForward::Kept(draft.to_string())),
            Asked::Forbidden => Ok(AskForward::Forbidden),
            Asked::NotFound => Err(PortError::NotFound),
        }
    }

    async fn send(&self, letter: LetterId, draft: String, also: AlsoForward) -> Result<SendForward, PortError> {
        let (letter, draft) = (letter_id(&letter)?, parsed(&draft)?);
        let days = |days| Days::new(days).ok_or(PortError::NotFound);
        let also = match also {
            AlsoForward::Nothing => Also::Nothing,
            AlsoForward::FromSender(n) => Also::FromSender(days(n)?),
            AlsoForward::Everything(n) => Also::Everything(days(n)?),
        };
        match send(&self.house, &self.person, &self.limits, letter, draft, also)
            .await
            .map_err(unavailable)?
        {
            // Whoever presses twice has sent once.
            Sent::Waiting | Sent::Already => Ok(SendForward::Waiting),
            Sent::Asking => Ok(SendForward::Asking),
            Sent::TooManyAsked => Ok(SendForward::TooManyAsked),
            Sent::Forbidden => Ok(SendForward::Forbidden),
            Sent::TooMany => Ok(SendForward::TooMany),
            Sent::TooManyRules => Ok(SendForward::TooManyRules),
            Sent::NotFound => Err(PortError::NotFound),
        }
    }

    async fn forwarded(&self, before: Option<String>) -> Result<ForwardedPage, PortError> {
        let before = before.as_deref().map(parsed).transpose()?;
        let (rows, next) = forward::log(&self.house, &self.person, before)
            .await
            .map_err(unavailable)?;
        let rows = rows.into_iter().map(|row| ForwardedRow {
            id: row.id.to_string(),
            at: row.at,
            to: match row.way {
                Way::Mail => row.to,
                Way::Mailbox => written(&row.to),
            },
            way: match row.way {
                Way::Mail => ForwardWay::Mail,
                Way::Mailbox => ForwardWay::Mailbox,
            },
            state: match row.state {
                State::Asking => ForwardState::Asking,
                State::Unanswered => ForwardState::Unanswered,
                State::Withdrawn => ForwardState::Withdrawn,
                State::Draft | State::Waiting => ForwardState::Waiting,
                State::Sent => ForwardState::Sent,
                State::Failed => ForwardState::Failed,
                State::Stopped => ForwardState::Stopped,
            },
            attempts: row.attempts,
            by_rule: row.by_rule,
            letter: row.letter.map(|(id, subject)| (LetterId(id.to_string()), subject)),
        });
        Ok(ForwardedPage {
            rows: rows.collect(),
            next: next.map(|id| id.to_string()),
        })
    }

    async fn forward_rules(&self) -> Result<Vec<ForwardRule>, PortError> {
        let rules = rules(&self.house, &self.person).await.map_err(unavailable)?;
        Ok(rules
            .into_iter()
            .map(|told| ForwardRule {
                id: told.id.to_string(),
                to: match told.rule.way() {
                    Way::Mail => told.rule.to,
                    Way::Mailbox => written(&told.rule.to),
                },
                sender: told.rule.sender_name.or(told.rule.sender),
                ends_at: told.ends_at,
                over: told.over,
            })
            .collect())
    }

    async fn remove_forward_rule(&self, id: String) -> Result<(), PortError> {
        let gone = remove_rule(&self.house, &self.person, parsed(&id)?)
            .await
            .map_err(unavailable)?;
        if gone { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn take_back(&self, id: String) -> Result<(), PortError> {
        let done = take_back(&self.house, &self.person, parsed(&id)?)
            .await
            .map_err(unavailable)?;
        if done { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn askers(&self) -> Result<Vec<Asker>, PortError> {
        let askers = forward_ask::askers(&self.house, &self.person)
            .await
            .map_err(unavailable)?;
        Ok(askers.into_iter().map(asker).collect())
    }

    async fn askers_waiting(&self) -> Result<u64, PortError> {
        forward_ask::count_waiting(&self.house, &self.person)
            .await
            .map_err(unavailable)
    }

    async fn answer(&self, id: String, answer: AskerAnswer) -> Result<(), PortError> {
        let answer = match answer {
            AskerAnswer::Yes => Answer::Yes,
            AskerAnswer::No => Answer::No,
            AskerAnswer::Block => Answer::Block,
            AskerAnswer::Unblock => Answer::Unblock,
        };
        let done = forward_ask::answer(&self.house, &self.person, parsed(&id)?, answer)
            .await
            .map_err(unavailable)?;
        if done { Ok(()) } else { Err(PortError::NotFound) }
    }
}

fn asker(asker: forward_ask::Asker) -> Asker {
    Asker {
        id: asker.id.to_string(),
        name: asker.name,
        number: written(&asker.number),
        state: match asker.state {
            AskState::Asked => AskerState::Waiting,
            AskState::Accepted => AskerState::Accepted,
            AskState::Declined => AskerState::Declined,
            AskState::Blocked => AskerState::Blocked,
        },
        at: asker.at,
    }
}

/// Why no way is open; size closes one alone.
fn told(why: Forbidden) -> Option<ForbiddenForward> {
    match why {
        Forbidden::Protected => Some(ForbiddenForward::Protected),
        Forbidden::BySender => Some(ForbiddenForward::BySender),
        Forbidden::Binned => Some(ForbiddenForward::Binned),
        Forbidden::TooBig => None,
    }
}

fn parsed(id: &str) -> Result<Uuid, PortError> {
    Uuid::parse_str(id).map_err(|_| PortError::NotFound)
}
