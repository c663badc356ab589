//! What a list knows of a letter: its header, sealed as one column.

use super::preview_line::preview_line;
use super::visible::visible;
use contracts::delivery::{Delivery, Invoice, Message, OfficialMatter};
use serde::{Deserialize, Serialize};

/// Sender and subject, and what lists show beside them. Every field is from the verified delivery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The sender's name: the register's, or else the one that was signed.
    pub sender: String,
    /// The sender's organisation number, twelve digits. Letters that came before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_number: Option<String>,
    /// The subject.
    pub subject: String,
    /// The first words of the letter. Letters that came before they were kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// What is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// The matter's subject as the sender put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// The name of the holder who passed it on into this mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on_by: Option<String>,
}

impl std::fmt::Debug for Header {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Header(…)")
    }
}

/// An invoice in a letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Amount in öre.
    pub amount_ore: u64,
    /// Currency.
    pub currency: String,
    /// Last day, `YYYY-MM-DD`.
    pub due: String,
    /// `BG` or `PG`.
    pub method: String,
    /// Account number.
    pub account: String,
    /// OCR number or message.
    pub reference: Option<String>,
}

/// A payment and whom to pay, as one record keeps them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPayment {
    /// What.
    pub payment: Payment,
    /// The sender's name.
    pub payee: String,
}

/// The name that the sender of a delivery goes by here: the register's, or else the one that it signed. Senders sign whatever name
/// they like.
pub fn sender_name(delivery: &Delivery, known_as: Option<&str>) -> String {
    let known = known_as.map(visible).filter(|name| !name.is_empty());
    known.unwrap_or_else(|| visible(&delivery.sender.name))
}

impl Header {
    /// The header of one message of a delivery, whose sender goes by the name `sender`.
    pub fn of(sender: &str, delivery: &Delivery, message: &Message) -> Self {
        let matter = message.official_matter.as_ref();
        Self {
            sender: sender.to_owned(),
            sender_number: Some(delivery.sender.id.to_string()),
            subject: visible(&message.subject),
            preview: preview_line(&message.subject, &message.body.content_type, &message.body.content),
            payment: Payment::asked_by(message),
            matter: matter.and_then(OfficialMatter::subject).map(visible),
            passed_on_by: None,
        }
    }

    /// The same of a letter that another holder, by name, has passed on. What it asks to be paid and the matter that it belongs to are
    /// that holder's, and no business of this mailbox.
    #[must_use]
    pub fn passed_on(self, by: &str) -> Self {
        Self {
            payment: None,
            matter: None,
            passed_on_by: Some(visible(by)),
            ..self
        }
    }
}

impl Payment {
    /// What `message` asks to be paid.
    pub fn asked_by(message: &Message) -> Option<Self> {
        message.official_matter.as_ref()?.invoice().map(Self::of)
    }

    fn of(invoice: &Invoice) -> Self {
        Self {
            amount_ore: invoice.amount,
            // The contract's amount is in öre unless a currency is named.
            currency: invoice.currency.clone().unwrap_or_else(|| "SEK".to_owned()),
            due: invoice.due_date.to_string(),
            method: invoice.account_method.as_str().to_owned(),
            account: invoice.account_number.clone(),
            reference: invoice.ocr_number.clone(),
        }
    }
}
