//! What a list knows of a letter: its header, sealed as one column.

use contracts::delivery::{Delivery, Invoice, Message, OfficialMatter};
use serde::{Deserialize, Serialize};

/// Sender and subject, and what lists show beside them. Every field is from the verified delivery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The sender's name.
    pub sender: String,
    /// The sender's organisation number, twelve digits. Letters that came before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_number: Option<String>,
    /// The subject.
    pub subject: String,
    /// What is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// The matter's subject as the sender put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
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

impl Header {
    /// The header of one message of a delivery.
    pub fn of(delivery: &Delivery, message: &Message) -> Self {
        let matter = message.official_matter.as_ref();
        Self {
            sender: delivery.sender.name.clone(),
            sender_number: Some(delivery.sender.id.to_string()),
            subject: message.subject.clone(),
            payment: Payment::asked_by(message),
            matter: matter.and_then(OfficialMatter::subject).map(str::to_owned),
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
