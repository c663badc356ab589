//! The ways out of the house: mail, text messages and notices in browsers.

use super::mail::{Mail, MailError, Mailer};
use super::push::{Fresh, Payload, Push, PushError, Pusher, Urgency, topic};
use super::report_path::Handed;
use super::sms::{Sms, SmsError, Texter};
use super::words::{self, Spoken};
use super::worker::TryError;
use super::{OutboxError, report_path, return_path};
use crate::domain::address::Address;
use crate::domain::bounce::refusal;
use crate::domain::channel::Channel;
use crate::domain::forward::Limits;
use crate::domain::sms_report::{Why, why};
use crate::house::House;
use crate::seal::SealError;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// What a job needs to be done.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub(super) house: House,
    pub(super) mailer: Mailer,
    pub(super) texter: Texter,
    pub(super) pusher: Pusher,
    /// The name of the mailbox's site, as people type it.
    pub(super) host: String,
    /// What return paths of notices are made of; none when nothing takes in what comes back.
    pub(super) bounces: Option<lettre::Address>,
    /// The address of the house, for reports of text messages; none when the gateway is not to send any.
    pub(super) reports: Option<Url>,
    /// Whose signatures count, for those who check an export.
    pub(super) authorities: PathBuf,
    /// How long an export waits to be fetched.
    pub(super) hold_exports: Duration,
    /// What may be passed on by e-mail.
    pub(super) limits: Limits,
}

/// Why a message was not taken, and in which words: those are for the person's own list, and for no log.
pub(super) struct Refused {
    pub(super) error: TryError,
    pub(super) answer: String,
}

/// Where word comes to of a message that was taken and did not arrive, or did.
pub(super) enum Back {
    /// Nowhere: what is told at once is all that is known.
    Nowhere,
    /// Mail comes back to this address.
    Mail(lettre::Address),
    /// The text message gateway reports to this one.
    Report(Url),
}

impl Post {
    /// Where word of this try of a notice comes to.
    pub(super) fn back(&self, channel: Channel, handed: Handed) -> Back {
        match channel {
            Channel::Email => {
                let bounces = self.bounces.as_ref();
                let path = bounces.and_then(|bounces| return_path::of(&self.house, bounces, handed.notice));
                path.map_or(Back::Nowhere, Back::Mail)
            }
            Channel::Sms => {
                let reports = self.reports.as_ref();
                let path = reports.and_then(|base| report_path::of(&self.house, base, handed));
                path.map_or(Back::Nowhere, Back::Report)
            }
            Channel::Push => Back::Nowhere,
        }
    }

    /// Says something to an address; gives the other side's answer when it was taken.
    pub(super) async fn say(
        &self,
        id: Uuid,
        to: &Address,
        spoken: &Spoken<'_>,
        back: Back,
    ) -> Result<Result<String, Refused>, OutboxError> {
        Ok(match to {
            Address::Email(address) => {
                let words = words::mail(spoken)?;
                let mail = Mail {
                    id,
                    at: self.house.clock.now(),
                    to: address.address().clone(),
                    return_path: match back {
                        Back::Mail(address) => Some(address),
                        Back::Nowhere | Back::Report(_) => None,
                    },
                    language: spoken.language.tag(),
                    subject: words.subject,
                    text: words.text,
                    html: words.html,
                };
                self.mailer.send(&mail).await.map_err(|refused| Refused {
                    error: TryError::Mail(refused.error),
                    answer: refused.answer,
                })
            }
            Address::Mobile(number) => {
                let sms = Sms {
                    to: number.to_string(),
                    text: words::sms(spoken)?,
                    report_to: match back {
                        Back::Report(address) => Some(address),
                        Back::Nowhere | Back::Mail(_) => None,
                    },
                };
                self.texter.send(&sms).await.map_err(|refused| Refused {
                    error: TryError::Sms(refused.error),
                    answer: refused.answer,
                })
            }
            Address::Browser(browser) => {
                let push = Push {
                    at: self.house.clock.now(),
                    to: browser,
                    urgency: Urgency::of(&spoken.message),
                    topic: topic(&spoken.message),
                    payload: Payload::new(words::push(spoken)?, spoken, id),
                    fresh: Fresh::new(self.house.ids).map_err(|_| SealError::NoRandomness)?,
                };
                self.pusher.send(&push).await.map_err(|refused| Refused {
                    error: TryError::Push(refused.error),
                    answer: refused.answer,
                })
            }
        })
    }
}

impl Refused {
    /// The other side's number for an address that takes nothing, and never will; nothing when trying again may help.
    pub(super) fn for_good(&self) -> Option<String> {
        match self.error {
            TryError::Mail(MailError::Refused(_)) => refusal(&self.answer),
            TryError::Sms(SmsError::Refused(403)) if why(&self.answer) == Some(Why::NoSuchNumber) => {
                Some("403".to_owned())
            }
            // The subscription is over: RFC 8030, section 7.3, and what the services answer for one they never had.
            TryError::Push(PushError::Refused(status @ (404 | 410))) => Some(status.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(error: TryError, answer: &str) -> Option<String> {
        let answer = answer.to_owned();
        Refused { error, answer }.for_good()
    }

    #[test]
    fn only_what_speaks_of_the_address_is_for_good() {
        let mail = |code, answer| refused(TryError::Mail(MailError::Refused(code)), answer);
        assert_eq!(mail(550, "550 5.1.1 No such user").as_deref(), Some("5.1.1"));
        assert_eq!(mail(550, "550 no such mailbox").as_deref(), Some("550"));
        assert_eq!(mail(550, "550 5.7.1 Relaying denied"), None);
        assert_eq!(mail(554, "554 5.7.1 Spam"), None);
        assert_eq!(mail(550, "550 5.2.2 Mailbox full"), None);
        assert_eq!(mail(553, "553 5.1.8 Your address does not exist"), None);
        assert_eq!(mail(451, "451 4.3.0 Later"), None);
        let sms = |code, answer| refused(TryError::Sms(SmsError::Refused(code)), answer);
        assert_eq!(sms(403, "403 Invalid to number").as_deref(), Some("403"));
        assert_eq!(sms(403, "403 Not enough credits"), None);
        let push = |status| refused(TryError::Push(PushError::Refused(status)), "");
        assert_eq!(push(410).as_deref(), Some("410"));
        assert_eq!(push(404).as_deref(), Some("404"));
        for ours_or_a_moment in [400, 401, 403, 413, 429, 500, 503] {
            assert_eq!(push(ours_or_a_moment), None, "{ours_or_a_moment}");
        }
        assert_eq!(refused(TryError::Push(PushError::NotAService), ""), None);
        assert_eq!(refused(TryError::Mail(MailError::NoConnection), ""), None);
    }
}
