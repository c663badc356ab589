//! What may be passed on, by e-mail or into another mailbox, and to where.

use super::holder::Holder;
use contracts::delivery::Message;
use contracts::identifier::OrganisationNumber;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Which way a letter is passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// By e-mail.
    #[default]
    Mail,
    /// Into another mailbox of this house.
    Mailbox,
}

impl Way {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Mailbox => "mailbox",
        }
    }
}

impl FromStr for Way {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "mail" => Ok(Self::Mail),
            "mailbox" => Ok(Self::Mailbox),
            _ => Err(()),
        }
    }
}

/// How a letter came into a mailbox when another holder passed it on. Kept sealed with the delivery, as it was then: what somebody was
/// called and whom they trusted is not looked up again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// By whom, as our register of holders has them.
    pub by: Holder,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The name of the holder that the sender addressed it to.
    pub addressed_to: String,
    /// When it came to that holder, and was checked in full.
    #[serde(with = "time::serde::rfc3339")]
    pub first_came_at: OffsetDateTime,
    /// Nothing when the signed original came along. For a copy without signature: whether the signatures held when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_held: Option<bool>,
}

impl std::fmt::Debug for PassedOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PassedOn(…)")
    }
}

/// Why a letter is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// The holder's identity is protected.
    Protected,
    /// The sender's letters stay in the mailbox.
    BySender,
    /// It is bigger than mail servers take.
    TooBig,
    /// It lies in the bin.
    Binned,
}

/// What the operator has decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Senders whose letters stay in the mailbox. The contract has no field in which a sender says so: they tell the operator.
    pub stay: Vec<OrganisationNumber>,
    /// The biggest mail, in bytes, as it travels.
    pub largest: u64,
}

impl Limits {
    /// Whether a letter may go at all, by whatever way: from `sender` (twelve digits, if it is known), for a holder who is `protected` or
    /// not.
    pub fn judge(&self, sender: Option<&str>, protected: bool) -> Result<(), Forbidden> {
        if protected {
            return Err(Forbidden::Protected);
        }
        // A letter whose sender is not known cannot be told from one that must stay.
        let stays = match sender {
            Some(sender) => self.stay.iter().any(|number| number.to_string() == sender),
            None => !self.stay.is_empty(),
        };
        if stays { Err(Forbidden::BySender) } else { Ok(()) }
    }

    /// Whether a letter may go by e-mail: from `sender` (twelve digits, if it is known), for a holder who is `protected` or not, with so
    /// many bytes of text and attachments.
    pub fn judge_mail(&self, sender: Option<&str>, protected: bool, bytes: u64) -> Result<(), Forbidden> {
        self.judge(sender, protected)?;
        // In base64 with its line breaks, four bytes and a little for three.
        if bytes.saturating_mul(4) / 3 + bytes / 38 > self.largest {
            return Err(Forbidden::TooBig);
        }
        Ok(())
    }
}

/// Bytes of a message as it is mailed: its text twice, as text and as a page, and its attachments.
pub fn weight(message: &Message) -> u64 {
    let of = |content: &[u8]| u64::try_from(content.len()).unwrap_or(u64::MAX);
    let attached: u64 = message
        .attachments
        .iter()
        .map(|attachment| of(&attachment.content))
        .sum();
    of(&message.body.content).saturating_mul(2).saturating_add(attached)
}

/// A rule that passes on what comes in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// To which address, or twelve digits.
    pub to: String,
    /// The question that it hangs on, when it passes on into a mailbox; by e-mail without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Uuid>,
    /// Who made it, by name: whose act it is when a letter goes.
    pub made_by: String,
    /// In which right they made it, as it is stored; as the holder without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_as: Option<String>,
    /// From which sender, twelve digits; from all without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// That sender's name when the rule was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<String>,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rule(…)")
    }
}

impl Rule {
    /// Which way it passes on.
    pub fn way(&self) -> Way {
        self.ask.map_or(Way::Mail, |_| Way::Mailbox)
    }

    /// Whether it is about letters of this sender.
    pub fn is_about(&self, sender: &str) -> bool {
        self.sender.as_deref().is_none_or(|own| own == sender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KOMMUN: &str = "162021004748";
    const OTHER: &str = "162021003898";

    #[test]
    fn protection_comes_first_then_the_senders_word_then_size() {
        let limits = Limits {
            stay: vec![KOMMUN.parse().unwrap()],
            largest: 1000,
        };
        assert_eq!(limits.judge_mail(Some(OTHER), true, 1), Err(Forbidden::Protected));
        assert_eq!(limits.judge_mail(Some(KOMMUN), false, 1), Err(Forbidden::BySender));
        assert_eq!(limits.judge_mail(None, false, 1), Err(Forbidden::BySender));
        assert_eq!(limits.judge_mail(Some(OTHER), false, 700), Ok(()));
        assert_eq!(limits.judge_mail(Some(OTHER), false, 800), Err(Forbidden::TooBig));
        assert_eq!(
            limits.judge(Some(OTHER), false),
            Ok(()),
            "no mail server stands between mailboxes"
        );
        assert_eq!(limits.judge(Some(OTHER), true), Err(Forbidden::Protected));
        let open = Limits {
            largest: 1000,
            ..Limits::default()
        };
        assert_eq!(open.judge_mail(None, false, 1), Ok(()));
    }

    #[test]
    fn a_rule_is_about_one_sender_or_all() {
        let rule = |sender: Option<&str>| Rule {
            to: "a@b.se".to_owned(),
            ask: None,
            made_by: "Tolvan".to_owned(),
            made_as: None,
            sender: sender.map(str::to_owned),
            sender_name: None,
        };
        assert!(rule(None).is_about(KOMMUN));
        assert!(rule(Some(KOMMUN)).is_about(KOMMUN) && !rule(Some(KOMMUN)).is_about(OTHER));
    }
}
