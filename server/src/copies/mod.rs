//! Letters outside the mailbox: as pages, text, mail, and all of them together in one ZIP file. What is made here is what a person keeps
//! when everything of ours is gone, so it needs nothing of ours to be read.

pub mod blocks;
pub mod eml;
pub mod export;
pub mod manifest;
pub mod page;
pub mod paper;
pub mod pdf;
pub mod text;
pub mod zip;

use crate::domain::body;
use crate::domain::calendar::day_in_sweden;
use crate::domain::file_name::{safe_file_name, words_as_name};
use crate::domain::forward::PassedOn;
use crate::domain::visible::visible;
use crate::original::{Original, OriginalError};
use app::CopyWords;
use app::ports::Payment;
use contracts::certificate::Signer;
use contracts::delivery::{Attachment, Message, OfficialMatter, Sender};
use contracts::identifier::OrganisationNumber;
use contracts::service::SignatureReport;
use time::OffsetDateTime;
use uuid::Uuid;

/// Everything that a copy of a letter is made from.
pub struct LetterCopy {
    /// The letter's id here.
    pub id: Uuid,
    /// Whom the sender addressed it to, by name.
    pub holder: String,
    /// Who sent it, by the name that the register has.
    pub sender: Sender,
    /// The name that was signed: another than the sender's may be a lie.
    pub signed_name: String,
    /// The message, as signed; its subject fit to stand on a line.
    pub message: Message,
    /// Whether the signatures hold, and whose they are; nothing when it was passed on as a copy without signature.
    pub report: Option<SignatureReport>,
    /// When it came into this mailbox.
    pub received_at: OffsetDateTime,
    /// How it came, when another holder has passed it on.
    pub passed_on: Option<PassedOn>,
    /// The signed and sealed original, or the copy of it that was passed on.
    pub original: String,
}

impl std::fmt::Debug for LetterCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LetterCopy({})", self.id)
    }
}

impl LetterCopy {
    /// The message at `place` of a delivery, its signatures checked again; `known_as` is the sender's name, as lists show it.
    pub fn of(id: Uuid, place: i64, holder: &str, known_as: &str, original: Original) -> Result<Self, OriginalError> {
        let passed_on = original.passed_on.clone();
        let mut sender = original.delivery.sender.clone();
        let signed_name = visible(&sender.name);
        known_as.clone_into(&mut sender.name);
        let addressed_to = passed_on.as_ref().map(|passed_on| passed_on.addressed_to.clone());
        Ok(Self {
            id,
            holder: addressed_to.unwrap_or_else(|| holder.to_owned()),
            report: original.report()?,
            received_at: original.received_at,
            passed_on,
            sender,
            signed_name,
            original: original.text().to_owned(),
            message: {
                let mut message = original.into_message(place)?;
                message.subject = visible(&message.subject);
                message
            },
        })
    }

    /// The body, cleaned.
    pub fn body_html(&self) -> String {
        body::to_safe_html(&self.message.body.content_type, &self.message.body.content)
    }

    /// The language of the letter, where it can be told.
    pub fn language(&self) -> Option<String> {
        body::language_tag(&self.message.language)
    }

    /// The name of a file with this letter, without its ending: the day, the sender and the subject.
    pub fn file_name(&self) -> String {
        let day = day_in_sweden(self.received_at);
        let sender = words_as_name(&self.sender.name, 30);
        let subject = words_as_name(&self.message.subject, 40);
        format!("{day} {sender} {subject}").trim().to_owned()
    }

    /// The attachments, each with the name it is saved under: safe, and not twice the same.
    pub fn attachments(&self) -> Vec<(String, &Attachment)> {
        let mut named: Vec<(String, &Attachment)> = Vec::with_capacity(self.message.attachments.len());
        for (index, attachment) in (1..).zip(&self.message.attachments) {
            let mut name = safe_file_name(&attachment.file_name, &format!("bilaga-{index}"));
            // Case does not tell files apart everywhere.
            if named
                .iter()
                .any(|(taken, _)| taken.to_lowercase() == name.to_lowercase())
            {
                name = format!("{index}-{name}");
            }
            named.push((name, attachment));
        }
        named
    }

    /// Name and value of what a copy says above and below the letter's own text.
    pub fn facts(&self, words: &CopyWords) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            (words.from(), self.sender.name.clone()),
            (words.to(), self.holder.clone()),
        ];
        match &self.passed_on {
            Some(PassedOn {
                by, at, first_came_at, ..
            }) => facts.extend([
                (words.came(), words.time(*first_came_at)),
                (words.passed_on_by(), words.by_whom_and_when(&by.name, *at)),
            ]),
            None => facts.push((words.came(), words.time(self.received_at))),
        }
        if self.signed_name != self.sender.name {
            facts.push((words.signed_as(), self.signed_name.clone()));
        }
        facts.push((words.signature(), self.signature(words)));
        if let Some(payment) = self.payment() {
            let label = match &self.passed_on {
                Some(_) => words.payment_of_another(),
                None => words.payment(),
            };
            facts.push((label, words.pay(&payment, &self.sender.name, self.received_at)));
        }
        facts
    }

    /// The signatures are known not to hold, or not to have held.
    pub fn is_broken(&self) -> bool {
        match &self.report {
            Some(report) => !report.holds,
            None => self.passed_on.as_ref().and_then(|passed_on| passed_on.copy_held) == Some(false),
        }
    }

    /// Whether the signatures hold, in words.
    pub fn signature(&self, words: &CopyWords) -> String {
        let Some(SignatureReport { holds, signer, sealer }) = &self.report else {
            return if self.is_broken() {
                words.copy_of_broken().to_owned()
            } else {
                words.copy_without().to_owned()
            };
        };
        if *holds {
            words.holds(&signer.name, &number_of(signer), &sealer.name, &number_of(sealer))
        } else {
            words.broken().to_owned()
        }
    }

    /// Where to turn with questions, a line each.
    pub fn questions(&self) -> Vec<String> {
        let support = &self.message.support_info;
        let reach = [&support.phone_number, &support.email_address, &support.url];
        std::iter::once(&support.text)
            .chain(reach.into_iter().flatten())
            .filter(|line| !line.trim().is_empty())
            .cloned()
            .collect()
    }

    fn payment(&self) -> Option<Payment> {
        let invoice = self
            .message
            .official_matter
            .as_ref()
            .and_then(OfficialMatter::invoice)?;
        Some(Payment {
            amount_ore: invoice.amount,
            currency: invoice.currency.clone().unwrap_or_else(|| "SEK".to_owned()),
            due: invoice.due_date.to_string(),
            method: invoice.account_method.as_str().to_owned(),
            account: invoice.account_number.clone(),
            reference: invoice.ocr_number.clone(),
        })
    }
}

fn number_of(signer: &Signer) -> String {
    as_written(signer.organisation)
}

/// An organisation number as people know it: without the leading 16, and with a hyphen.
pub fn as_written(organisation: OrganisationNumber) -> String {
    let number = organisation.to_string();
    let ten = number.get(2..).unwrap_or(&number);
    format!("{}-{}", ten.get(..6).unwrap_or(ten), ten.get(6..).unwrap_or_default())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::holder::Holder;
    use contracts::delivery::{Body, SupportInfo};
    use time::macros::datetime;

    /// A letter to try copies on.
    pub(crate) fn letter() -> LetterCopy {
        let signer = |number: &str, name: &str| Signer {
            organisation: number.parse().unwrap(),
            name: name.to_owned(),
            issuer: "CA".to_owned(),
            fingerprint_sha256: [7; 32],
            der: b"certificate".to_vec(),
        };
        let attachment = |name: &str, kind: &str, content: &[u8]| Attachment {
            content_type: kind.to_owned(),
            content: content.to_vec(),
            checksum: String::new(),
            file_name: name.to_owned(),
        };
        LetterCopy {
            id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_dead_beef),
            holder: "Tolvan Tolvansson".to_owned(),
            sender: Sender {
                id: "162021004748".parse().unwrap(),
                name: "Ekeby kommun".to_owned(),
                attention: None,
            },
            signed_name: "Ekeby kommun".to_owned(),
            message: Message {
                id: "1".to_owned(),
                subject: "Beslut om förskola: 12/2026".to_owned(),
                support_info: SupportInfo {
                    text: "Ring oss gärna.".to_owned(),
                    phone_number: Some("08-123 45 67".to_owned()),
                    ..SupportInfo::default()
                },
                official_matter: None,
                metadata: vec![],
                language: "svSE".to_owned(),
                reply: None,
                receipt_request: None,
                body: Body {
                    content_type: "text/html".to_owned(),
                    content: "<h2>Beslut</h2><p>Hej <b>Tolvan</b>!</p><table><tr><th>År</th><td>2026</td></tr></table>"
                        .into(),
                },
                attachments: vec![
                    attachment("Beslut åäö.pdf", "application/pdf", b"%PDF-1.7"),
                    attachment("../beslut ÅÄÖ.pdf", "application/pdf", b"%PDF-1.4"),
                    attachment("", "text/plain; charset=utf-8", b"text"),
                ],
            },
            report: Some(SignatureReport {
                holds: true,
                signer: signer("162021004748", "Ekeby kommun"),
                sealer: signer("162021003898", "Förmedlaren"),
            }),
            passed_on: None,
            received_at: datetime!(2026-11-25 21:47 UTC),
            original: "<SealedDelivery/>".to_owned(),
        }
    }

    #[test]
    fn names_are_safe_and_no_two_the_same() {
        let letter = letter();
        assert_eq!(letter.file_name(), "2026-11-25 Ekeby kommun Beslut om förskola 12-2026");
        let names: Vec<String> = letter.attachments().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Beslut åäö.pdf", "2-beslut ÅÄÖ.pdf", "bilaga-3"]);
    }

    #[test]
    fn a_broken_signature_is_said_in_words() {
        let mut letter = letter();
        let words = CopyWords::of(app::Language::Swedish);
        assert!(letter.signature(&words).contains("Ekeby kommun (202100-4748)"));
        letter.report.as_mut().unwrap().holds = false;
        assert!(letter.signature(&words).contains("stämmer inte"));
    }

    #[test]
    fn what_was_passed_on_says_by_whom_and_what_of_its_signature() {
        let words = CopyWords::of(app::Language::Swedish);
        let passed_on = |copy_held| PassedOn {
            by: Holder {
                number: "191212121212".to_owned(),
                name: "Tolvan Tolvansson".to_owned(),
            },
            at: datetime!(2026-11-26 09:00 UTC),
            addressed_to: "Tolvan Tolvansson".to_owned(),
            first_came_at: datetime!(2026-11-25 21:47 UTC),
            copy_held,
        };
        let mut letter = letter();
        letter.passed_on = Some(passed_on(None));
        let told = |letter: &LetterCopy| {
            let facts = letter.facts(&words).into_iter();
            facts
                .map(|(name, value)| format!("{name}: {value}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let facts = told(&letter);
        assert!(
            facts.contains("Vidarebefordrat av: Tolvan Tolvansson") && facts.contains("Äkta."),
            "{facts}"
        );
        assert!(!facts.contains("191212121212"), "{facts}");
        letter.report = None;
        letter.passed_on = Some(passed_on(Some(true)));
        assert!(told(&letter).contains("utan signatur") && !letter.is_broken());
        letter.passed_on = Some(passed_on(Some(false)));
        assert!(told(&letter).contains("stämde inte") && letter.is_broken());
    }
}
