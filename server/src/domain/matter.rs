//! Matters (ärenden): which one a letter is an event in, and whose turn it is. From signed data only
//! (infrastructure: official matter, 6.1).

use contracts::delivery::{Delivery, MatterStatus, Message};
use serde::{Deserialize, Serialize};

/// How a matter stands after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// The sender has the next step (`senderinitiative`).
    SendersTurn,
    /// The recipient is to do something (`recipientinitiative`).
    YourTurn,
    /// Nothing more happens (`closed`).
    Closed,
}

impl From<MatterStatus> for Stands {
    fn from(status: MatterStatus) -> Self {
        match status {
            MatterStatus::SenderInitiative => Self::SendersTurn,
            MatterStatus::RecipientInitiative => Self::YourTurn,
            MatterStatus::Closed => Self::Closed,
        }
    }
}

/// A matter as lists show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The matter's subject, or the subject of its newest letter.
    pub title: String,
    /// The sender's number of it. None when letters are only grouped by their matter's subject.
    pub number: Option<String>,
    /// Who sent the newest event.
    pub sender: String,
    /// How it stands, when the sender says.
    pub stands: Option<Stands>,
}

/// What a letter says has happened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Who says so.
    pub sender: String,
    /// What happened, in the sender's words.
    pub what: Option<String>,
    /// The letter's subject.
    pub subject: String,
    /// The day in the sender's system, `YYYY-MM-DD`.
    pub day: String,
    /// How the matter stood after it.
    pub stands: Option<Stands>,
    /// The earlier event that the sender says it follows on, as [`Part::event_key`] has it; it may be in another matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
}

/// An event together with its matter, as one record keeps them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterEvent {
    /// The matter as the event left it.
    pub matter: Matter,
    /// The event.
    pub event: Event,
}

/// A letter's part in a matter.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// What the matter is recognised by; to be blinded before it is stored.
    pub key: String,
    /// What happened, and the matter as that leaves it.
    pub record: MatterEvent,
    /// The sender's own name of the event, to be blinded: other events refer to it.
    pub event_key: Option<String>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Part(…)")
    }
}

impl Part {
    /// The matter that a message belongs to: by the sender's number of it, or loosely by its subject, across senders. The sender goes
    /// by `name`.
    pub fn of(name: &str, delivery: &Delivery, message: &Message) -> Option<Self> {
        let extension = message.official_matter.as_ref()?.extension.as_ref()?;
        let identity = extension.identity.clone().unwrap_or_default();
        let sender = &delivery.sender;
        let subject = extension.subject.as_deref().map(str::trim).filter(|it| !it.is_empty());
        let number = identity.official_matter_id.filter(|it| !it.trim().is_empty());
        let key = match (&number, subject) {
            (Some(number), _) => format!("number\n{}\n{}", sender.id, number.trim()),
            (None, Some(subject)) => format!("subject\n{}", folded(subject)),
            (None, None) => return None,
        };
        let named = |event: String| format!("{}\n{event}", sender.id);
        let stands = extension.status.map(Stands::from);
        Some(Self {
            key,
            record: MatterEvent {
                matter: Matter {
                    title: subject.unwrap_or(&message.subject).to_owned(),
                    number,
                    sender: name.to_owned(),
                    stands,
                },
                event: Event {
                    sender: name.to_owned(),
                    what: extension.event_type.clone().filter(|it| !it.trim().is_empty()),
                    subject: message.subject.clone(),
                    day: extension.timestamp.to_string(),
                    stands,
                    follows: identity.preceding_event_id.map(named),
                },
            },
            event_key: identity.event_id.map(named),
        })
    }
}

/// Case and white space make no other matter.
fn folded(subject: &str) -> String {
    subject.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::delivery::{Body, MatterExtension, MatterIdentity, OfficialMatter, Sender, SupportInfo};
    use time::macros::date;

    fn part(number: Option<&str>, subject: Option<&str>) -> Option<Part> {
        let message = Message {
            id: "1".into(),
            subject: "Komplettera din ansökan".into(),
            support_info: SupportInfo::default(),
            official_matter: Some(OfficialMatter {
                extension: Some(MatterExtension {
                    timestamp: date!(2026 - 03 - 02),
                    identity: Some(MatterIdentity {
                        official_matter_id: number.map(Into::into),
                        ..MatterIdentity::default()
                    }),
                    subject: subject.map(Into::into),
                    event_type: Some("Begäran om komplettering".into()),
                    status: Some(MatterStatus::RecipientInitiative),
                }),
                ..OfficialMatter::default()
            }),
            metadata: vec![],
            language: "svSE".into(),
            reply: None,
            receipt_request: None,
            body: Body {
                content_type: "text/plain".into(),
                content: vec![],
            },
            attachments: vec![],
        };
        let delivery = Delivery {
            sender: Sender {
                id: "162021004748".parse().unwrap(),
                name: "Kommun A".into(),
                attention: None,
            },
            recipient: "191212121212".parse().unwrap(),
            reference: None,
            correlation_id: None,
            attention: None,
            messages: vec![],
        };
        Part::of("Kommun A", &delivery, &message)
    }

    #[test]
    fn the_senders_number_makes_the_matter_whatever_its_subject() {
        let (one, other) = (
            part(Some("BN 1"), Some("Bygglov")),
            part(Some("BN 1"), Some("Bygglov, ändrat")),
        );
        assert_eq!(one.unwrap().key, other.unwrap().key);
        assert_ne!(
            part(Some("BN 1"), None).unwrap().key,
            part(Some("BN 2"), None).unwrap().key
        );
    }

    #[test]
    fn without_a_number_the_subject_groups_whatever_its_case_and_spaces() {
        let key = |subject| part(None, Some(subject)).unwrap().key;
        assert_eq!(key("Bygglov  för ALTAN"), key(" bygglov för altan"));
        assert_ne!(key("Bygglov"), key("Rivningslov"));
        assert_eq!(part(None, Some("  ")), None);
        assert_eq!(part(None, None), None);
    }

    #[test]
    fn a_matter_without_subject_is_called_by_its_letter() {
        let part = part(Some("BN 1"), None).unwrap();
        assert_eq!(part.record.matter.title, "Komplettera din ansökan");
        assert_eq!(part.record.matter.stands, Some(Stands::YourTurn));
        assert_eq!(part.record.event.day, "2026-03-02");
    }
}
