//! The demonstration mail: letters of every kind to one person, the same however often they are sent.
//!
//! Ids and dates follow from the recipient and the day, and RSA signatures from what is signed, so a mailbox that has
//! a letter already takes it for the duplicate that it is.

use super::{Letter, Mediator, SendError, attachment, pdf};
use crate::clock::Clock;
use crate::people;
use crate::pki::Pki;
use contracts::delivery::{AccountMethod, Invoice, MatterExtension, MatterIdentity, MatterStatus, OfficialMatter};
use contracts::identifier::{OrganisationNumber, RecipientId};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use time::{Date, Duration};

const LETTERS: &str = include_str!("../../demonstration/letters.toml");

/// A letter that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its subject.
    pub subject: String,
    /// The mailbox's id of it.
    pub trans_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Letters {
    letter: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    key: String,
    sender: OrganisationNumber,
    mediator: Option<OrganisationNumber>,
    language: Option<String>,
    subject: String,
    text: Option<String>,
    html: Option<String>,
    #[serde(default)]
    attachment: Vec<File>,
    matter: Option<Matter>,
    invoice: Option<Payment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "file_name")]
    name: String,
    title: String,
    paragraphs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matter {
    id: String,
    subject: String,
    event: String,
    preceding: Option<String>,
    event_type: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    due_in_days: i64,
    amount: u64,
    bankgiro: String,
    ocr: String,
}

/// Sends every letter to `recipient`, as if written on `day`. Letters that are there already stay one.
pub async fn send_demonstration_mail(
    pki: &Pki,
    recipient_url: &str,
    recipient: RecipientId,
    day: Date,
    clock: &Clock,
) -> Result<Vec<Sent>, SendError> {
    let mut sent = Vec::new();
    for template in templates() {
        let mediator = template.mediator.unwrap_or(template.sender);
        let mediator = Mediator::open(pki, template.sender, mediator, recipient_url, clock.clone())?;
        let letter = template.letter(recipient, day);
        let result = mediator.send(&letter.to_delivery()).await?;
        sent.push(Sent {
            subject: letter.subject,
            trans_id: result.trans_id,
        });
    }
    Ok(sent)
}

/// The file is part of the program, and a test reads it.
fn templates() -> Vec<Template> {
    toml::from_str::<Letters>(LETTERS)
        .map(|letters| letters.letter)
        .unwrap_or_default()
}

impl Template {
    fn letter(&self, recipient: RecipientId, day: Date) -> Letter {
        let english = self
            .language
            .as_deref()
            .is_some_and(|language| language.starts_with("en"));
        let fill = |text: &str| fill(text.trim_start(), recipient, day, english);
        let body = match (&self.html, &self.text) {
            (Some(html), _) => Letter::html(&fill(html)),
            (None, text) => Letter::text(&fill(text.as_deref().unwrap_or_default())),
        };
        let mut letter = Letter::new(
            self.sender,
            recipient,
            id(&self.key, recipient, day),
            &self.subject,
            body,
        );
        if let Some(language) = &self.language {
            letter.language.clone_from(language);
        }
        for file in &self.attachment {
            let paragraphs: Vec<_> = file.paragraphs.iter().map(|p| fill(p)).collect();
            let paragraphs: Vec<_> = paragraphs.iter().map(String::as_str).collect();
            letter
                .attachments
                .push(attachment(&file.name, pdf(&file.title, &paragraphs)));
        }
        if self.matter.is_some() || self.invoice.is_some() {
            letter.matter = Some(OfficialMatter {
                extension: self.matter.as_ref().map(|matter| matter.extension(recipient, day)),
                invoices: self.invoice.iter().map(|payment| payment.invoice(day)).collect(),
                foreign: Vec::new(),
            });
        }
        letter.reference = Some(format!("DEMO-{}", self.key));
        letter
    }
}

impl Matter {
    fn extension(&self, recipient: RecipientId, day: Date) -> MatterExtension {
        MatterExtension {
            timestamp: day,
            identity: Some(MatterIdentity {
                event_id: Some(id(&self.event, recipient, day)),
                official_matter_id: Some(self.id.clone()),
                preceding_event_id: self.preceding.as_ref().map(|event| id(event, recipient, day)),
            }),
            subject: Some(self.subject.clone()),
            event_type: Some(self.event_type.clone()),
            status: MatterStatus::from_word(&self.status),
        }
    }
}

impl Payment {
    fn invoice(&self, day: Date) -> Invoice {
        Invoice {
            due_date: day.saturating_add(Duration::days(self.due_in_days)),
            amount: self.amount,
            currency: Some("SEK".to_owned()),
            account_method: AccountMethod::Bankgiro,
            account_number: self.bankgiro.clone(),
            ocr_number: Some(self.ocr.clone()),
        }
    }
}

/// The same for the same letter, recipient and day.
fn id(key: &str, recipient: RecipientId, day: Date) -> String {
    let hash = Sha256::digest(format!("{key}\n{recipient}\n{day}"));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Puts the name and the days in.
fn fill(text: &str, recipient: RecipientId, day: Date, english: bool) -> String {
    let number = recipient.to_string();
    let name = people::find(&number).map_or_else(String::new, |p| p.given_name.to_owned());
    let text = text.replace("{namn}", &name).replace("{dag}", &in_words(day, english));
    let mut filled = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{+") {
        filled.push_str(before);
        let (days, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(&in_words(
            day.saturating_add(Duration::days(days.parse().unwrap_or(0))),
            english,
        ));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// “23 november 2026”, “23 November 2026”: as letters write it, and never broken over two lines.
fn in_words(day: Date, english: bool) -> String {
    const SWEDISH: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let month = if english {
        day.month().to_string()
    } else {
        let place = usize::from(u8::from(day.month())) - 1;
        SWEDISH.get(place).copied().unwrap_or_default().to_owned()
    };
    format!("{}\u{a0}{month}\u{a0}{}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_letters_can_be_read_and_are_of_every_kind() {
        let letters: Letters = toml::from_str(LETTERS).unwrap();
        let recipient: RecipientId = "191212121212".parse().unwrap();
        let all: Vec<_> = letters
            .letter
            .iter()
            .map(|t| t.letter(recipient, date!(2026 - 11 - 23)))
            .collect();
        assert_eq!(all.len(), 10);
        for letter in &all {
            let body = String::from_utf8(letter.body.content.clone()).unwrap();
            assert!(!body.contains('{') && !body.is_empty(), "{}", letter.subject);
        }
        let said = |key: &str| {
            String::from_utf8(
                all.iter()
                    .find(|l| l.reference.as_deref() == Some(key))
                    .unwrap()
                    .body
                    .content
                    .clone(),
            )
            .unwrap()
        };
        assert!(said("DEMO-forskola").contains("1\u{a0}688\u{a0}kronor. Betala senast 21\u{a0}december\u{a0}2026."));
        assert!(said("DEMO-school").contains("23\u{a0}December\u{a0}2026"));
        let mut ids: Vec<_> = all.iter().map(|l| &l.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
        assert!(all.iter().any(|l| l.language == "en"));
        assert!(all.iter().any(|l| l.body.content_type == "text/html"));
        assert!(all.iter().any(|l| !l.attachments.is_empty()));
        let matters = all.iter().filter(|l| {
            l.matter
                .as_ref()
                .is_some_and(|m| m.subject().is_some_and(|s| s.contains("Granen")))
        });
        assert_eq!(matters.count(), 3);
        let invoice = all.iter().find_map(|l| l.matter.as_ref()?.invoice()).unwrap();
        assert_eq!(invoice.due_date, date!(2026 - 12 - 21));
    }
}
