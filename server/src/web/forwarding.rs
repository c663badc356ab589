//! Passing letters on, for the person who is logged in.

use super::ports::{letter_id, unavailable};
use crate::domain::forward::{Forbidden, Limits};
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::forward::{self, Also, Asked, Days, Sent, ask, question, remove_rule, rules, send};
use crate::store::forward::State;
use app::ports::{
    AlsoForward, AskForward, ForbiddenForward, ForwardQuestion, ForwardRule, ForwardState, ForwardedPage, ForwardedRow,
    Forwarding, LetterId, PortError, SendForward, Typed,
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
        let typed = asked.typed.zip(draft).map(|((text, right), draft)| {
            if right {
                Typed::Address {
                    address: text,
                    draft: draft.to_string(),
                }
            } else {
                Typed::Wrong(text)
            }
        });
        Ok(ForwardQuestion {
            sender: asked.header.sender,
            subject: asked.header.subject,
            attachments: asked.attachments,
            bytes: asked.bytes,
            forbidden: asked.allowed.err().map(|why| self.told(why)),
            typed,
        })
    }

    async fn ask(&self, letter: LetterId, typed: String) -> Result<AskForward, PortError> {
        let letter = letter_id(&letter)?;
        match ask(&self.house, &self.person, &self.limits, letter, &typed)
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
            at: row.at,
            to: row.to,
            state: match row.state {
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
                to: told.rule.to,
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
}

impl OwnForwarding {
    fn told(&self, why: Forbidden) -> ForbiddenForward {
        match why {
            Forbidden::Protected => ForbiddenForward::Protected,
            Forbidden::BySender => ForbiddenForward::BySender,
            // What people can add up is the size before base64.
            Forbidden::TooBig => ForbiddenForward::TooBig(self.limits.largest / 4 * 3),
        }
    }
}

fn parsed(id: &str) -> Result<Uuid, PortError> {
    Uuid::parse_str(id).map_err(|_| PortError::NotFound)
}
