//! Everything that can be read in a letter, part by part: what search looks in, and what its excerpts are cut from.

use super::body;
use super::words::clean;
use contracts::delivery::{Delivery, Invoice, Message};
use serde::{Deserialize, Serialize};

/// So much text of one letter is searched, in bytes; some thousand pages.
const MOST_TEXT: usize = 4 * 1024 * 1024;

/// The text of one letter.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// Its parts, in the order in which a reader meets them.
    pub parts: Vec<Part>,
    /// What is attached, in the sender's order, and whether it could be read.
    pub attached: Vec<Attached>,
}

impl std::fmt::Debug for LetterText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LetterText({} parts)", self.parts.len())
    }
}

/// A part of a letter's text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where it stands.
    pub of: Of,
    /// The text, clean.
    pub text: String,
}

/// Where a part of the text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// The subject line.
    Subject,
    /// The sender's name and number.
    Sender,
    /// The body.
    Body,
    /// What is to be paid, how and when.
    Payment,
    /// The matter: its subject and its numbers.
    Matter,
    /// Where to turn, and what else the sender has noted.
    Notes,
    /// The file name of an attachment.
    FileName(u32),
    /// A page of an attachment, from 1.
    Page(u32, u32),
}

/// An attachment as search met it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its file name as signed.
    pub name: String,
    /// Whether its text is among the parts.
    pub reading: Reading,
}

/// Whether the text of an attachment could be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    /// All of it.
    Whole,
    /// The beginning of it; the rest was too much.
    Begun,
    /// It opens, but there are no letters in it: pictures of pages.
    Pictures,
    /// It does not open: damaged, locked, or too heavy.
    Failed,
    /// A kind of file that nobody here reads.
    OtherKind,
}

impl Reading {
    /// Whether there is text in it that is not searched.
    pub fn is_lacking(self) -> bool {
        self != Self::Whole
    }
}

/// The pages of an attachment, and how the reading went.
#[derive(Clone, PartialEq, Eq)]
pub struct Pages {
    /// Text, page by page.
    pub texts: Vec<String>,
    /// How it went.
    pub reading: Reading,
}

impl Pages {
    /// An attachment of whose text nothing could be had.
    pub fn none(reading: Reading) -> Self {
        Self {
            texts: Vec::new(),
            reading,
        }
    }
}

impl LetterText {
    /// The text of a message, with the pages of its attachments in their order; without them when there are none yet.
    pub fn of(delivery: &Delivery, message: &Message, pages: Vec<Pages>) -> Self {
        let mut text = Self::default();
        text.add(Of::Subject, &message.subject);
        let number = delivery.sender.id.to_string();
        let ten = number.get(2..).unwrap_or_default();
        let attention = delivery.sender.attention.as_deref().unwrap_or_default();
        text.add(Of::Sender, &[&delivery.sender.name, attention, &number, ten].join("\n"));
        text.add(
            Of::Body,
            &body::to_text(&message.body.content_type, &message.body.content),
        );
        if let Some(matter) = &message.official_matter {
            for invoice in &matter.invoices {
                text.add(Of::Payment, &payment(invoice));
            }
            if let Some(extension) = &matter.extension {
                // Ids of events are for machines: nobody looks for them, and nobody wants to read them.
                let identity = extension.identity.clone().unwrap_or_default();
                let all = [
                    extension.subject.clone(),
                    identity.official_matter_id,
                    extension.event_type.clone(),
                ];
                text.add(Of::Matter, &lines(all.into_iter().flatten()));
            }
        }
        let support = &message.support_info;
        let noted = [
            Some(support.text.clone()),
            support.url.clone(),
            support.phone_number.clone(),
            support.email_address.clone(),
            delivery.attention.clone(),
            delivery.reference.clone(),
        ];
        let tags = message.metadata.iter().map(|metadata| metadata.value.clone());
        text.add(Of::Notes, &lines(noted.into_iter().flatten().chain(tags)));
        // All names before all pages: however much is attached, what a letter says by itself is never what is left out.
        for (index, attachment) in (0..).zip(&message.attachments) {
            text.add(Of::FileName(index), &attachment.file_name);
        }
        for ((index, attachment), pages) in (0..).zip(&message.attachments).zip(pages) {
            for (page, words) in (1..).zip(&pages.texts) {
                text.add(Of::Page(index, page), words);
            }
            text.attached.push(Attached {
                name: clean(&attachment.file_name),
                reading: pages.reading,
            });
        }
        text
    }

    /// Adds who passed the letter on: it is looked for by that name too.
    pub fn passed_on_by(&mut self, name: &str) {
        self.add(Of::Notes, name);
    }

    /// The little that is known of a letter whose original cannot be opened.
    pub fn of_header(sender: &str, subject: &str) -> Self {
        let mut text = Self::default();
        text.add(Of::Subject, subject);
        text.add(Of::Sender, sender);
        text
    }

    fn add(&mut self, of: Of, text: &str) {
        let so_far: usize = self.parts.iter().map(|part| part.text.len()).sum();
        let text = clean(text);
        if !text.trim().is_empty() && so_far + text.len() <= MOST_TEXT {
            self.parts.push(Part { of, text });
        }
    }

    /// How many attachments have text that is not searched.
    pub fn lacking(&self) -> i64 {
        let lacking = self.attached.iter().filter(|file| file.reading.is_lacking()).count();
        i64::try_from(lacking).unwrap_or(i64::MAX)
    }
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("\n")
}

/// What a part about a payment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentText<'t> {
    /// In hundredths.
    pub amount: u64,
    /// `SEK`.
    pub currency: &'t str,
    /// Number for the payer to give.
    pub reference: Option<&'t str>,
    /// To which account.
    pub account: &'t str,
    /// Last day, as it was signed.
    pub due: &'t str,
}

impl<'t> PaymentText<'t> {
    /// Reads a part about a payment as [`LetterText::of`] wrote it.
    pub fn read(text: &'t str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (sum, reference, account, due) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        if lines.next().is_some() {
            return None;
        }
        let (number, currency) = sum.split_once(' ')?;
        let (whole, hundredths) = number.split_once(',')?;
        let whole: u64 = whole.parse().ok()?;
        Some(Self {
            amount: whole.checked_mul(100)?.checked_add(hundredths.parse().ok()?)?,
            currency,
            reference: Some(reference).filter(|reference| !reference.is_empty()),
            account,
            due,
        })
    }
}

/// “1250,00 SEK”, OCR number, account and last day, a line each: [`PaymentText`] reads them.
fn payment(invoice: &Invoice) -> String {
    let currency = invoice.currency.as_deref().unwrap_or("SEK");
    let amount = format!("{},{:02} {currency}", invoice.amount / 100, invoice.amount % 100);
    let ocr = invoice.ocr_number.as_deref().unwrap_or_default();
    [
        amount.as_str(),
        ocr,
        &invoice.account_number,
        &invoice.due_date.to_string(),
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::delivery::AccountMethod;
    use time::macros::date;

    #[test]
    fn a_payment_is_read_as_it_was_written() {
        let invoice = |ocr: Option<&str>| Invoice {
            due_date: date!(2026 - 03 - 31),
            amount: 128_405,
            currency: None,
            account_method: AccountMethod::Bankgiro,
            account_number: "5050-1055".to_owned(),
            ocr_number: ocr.map(str::to_owned),
        };
        for ocr in [Some("81234567"), None] {
            let text = payment(&invoice(ocr));
            let read = PaymentText {
                amount: 128_405,
                currency: "SEK",
                reference: ocr,
                account: "5050-1055",
                due: "2026-03-31",
            };
            assert_eq!(PaymentText::read(&text), Some(read));
        }
        for other in [
            "",
            "1284,05 SEK",
            "1284,05 SEK\n\n5050-1055\n2026-03-31\nmer",
            "x\n\n5050-1055\n2026-03-31",
        ] {
            assert_eq!(PaymentText::read(other), None, "{other}");
        }
    }
}
