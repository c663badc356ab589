//! A secure delivery of version 3 and all that it holds (section 6).
//!
//! Values have been checked against the schema when they come from [`crate::service`]; they are written as they are by
//! [`crate::sending`]. Names are the schema's own, in our spelling.

mod checksum;
pub(crate) mod read;
pub(crate) mod write;

pub use checksum::{ChecksumFinding, checksum};

use time::Date;

use crate::identifier::{OrganisationNumber, RecipientId};

/// What a sender signs: one or more messages to one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Who sends.
    pub sender: Sender,
    /// Whom it is for. Exactly one in version 3.
    pub recipient: RecipientId,
    /// The sender's own reference.
    pub reference: Option<String>,
    /// What the delivery belongs together with, in the sender's own numbering.
    pub correlation_id: Option<String>,
    /// For whom at the recipient.
    pub attention: Option<String>,
    /// The messages, at least one. All are taken, or none.
    pub messages: Vec<Message>,
}

/// A sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Organisation number. The schema would let a person through; a sender is an organisation (section 6).
    pub id: OrganisationNumber,
    /// Name, 2 to 256 characters.
    pub name: String,
    /// Who at the sender.
    pub attention: Option<String>,
}

/// One message.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Set by the sender; not unique, so never a key (section 8).
    pub id: String,
    /// At most 255 characters.
    pub subject: String,
    /// Where to turn with questions.
    pub support_info: SupportInfo,
    /// The matter (ärende) it belongs to; its presence makes the message an event in that matter.
    pub official_matter: Option<OfficialMatter>,
    /// Tags of the sender.
    pub metadata: Vec<Metadata>,
    /// As sent: often `svSE`, which is no BCP 47 tag.
    pub language: String,
    /// Whether the sender wants a reply. Nothing in version 3 carries one.
    pub reply: Option<Reply>,
    /// Whether the sender wants a receipt. Nothing in version 3 carries one.
    pub receipt_request: Option<ReceiptRequest>,
    /// The text itself.
    pub body: Body,
    /// What comes with it.
    pub attachments: Vec<Attachment>,
}

/// Where to turn with questions about a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupportInfo {
    /// At most 1024 characters.
    pub text: String,
    /// At most 255 characters; not necessarily a web address.
    pub url: Option<String>,
    /// At most 255 characters.
    pub phone_number: Option<String>,
    /// 5 to 256 characters with `@` and a dot after it.
    pub email_address: Option<String>,
}

/// A tag of the sender, with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Its name.
    pub tag: String,
    /// Its value.
    pub value: String,
}

/// The text of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// `text/plain` or `text/html`, perhaps with a charset, as sent.
    pub content_type: String,
    /// Decoded once. A sender that encodes twice gets what it sent: base64 text (section 6.3).
    pub content: Vec<u8>,
}

/// A file that comes with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// As sent.
    pub content_type: String,
    /// Decoded once, as for [`Body::content`].
    pub content: Vec<u8>,
    /// As sent; see [`Attachment::checksum_finding`].
    pub checksum: String,
    /// As sent: not yet a name that is safe to save under.
    pub file_name: String,
}

/// Whether the sender wants a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// `REQUESTED`
    Requested,
    /// `ACCEPTED`
    Accepted,
    /// `NOT_ALLOWED`
    NotAllowed,
}

/// Whether the sender wants a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptRequest {
    /// `NOT`
    Not,
    /// `SIMPLE`
    Simple,
    /// `SIGNED`
    Signed,
}

/// A matter (ärende) that a message belongs to (section 6.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficialMatter {
    /// The fields of the matter; absent when the sender gave only foreign content.
    pub extension: Option<MatterExtension>,
    /// Payment data, among the foreign content.
    pub invoices: Vec<Invoice>,
    /// Other foreign elements, each as XML that stands on its own. Kept, never understood.
    pub foreign: Vec<String>,
}

impl OfficialMatter {
    /// What is to be paid: the first invoice.
    pub fn invoice(&self) -> Option<&Invoice> {
        self.invoices.first()
    }

    /// The matter's subject (kundämne), which lists show and group by.
    pub fn subject(&self) -> Option<&str> {
        self.extension.as_ref()?.subject.as_deref()
    }
}

/// The fields of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterExtension {
    /// When the message was made in the sender's system.
    pub timestamp: Date,
    /// Which event in which matter.
    pub identity: Option<MatterIdentity>,
    /// Kundämne: a loose grouping, also across senders. At most 2000 characters.
    pub subject: Option<String>,
    /// Händelsetyp: free text. At most 2000 characters.
    pub event_type: Option<String>,
    /// How the matter stands after this event.
    pub status: Option<MatterStatus>,
}

/// Which event in which matter. Each at most 255 characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatterIdentity {
    /// Händelse-id: this message's own.
    pub event_id: Option<String>,
    /// Ärende-id: groups messages.
    pub official_matter_id: Option<String>,
    /// Korrespondens-id: an earlier event, even of another matter.
    pub preceding_event_id: Option<String>,
}

/// How a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterStatus {
    /// `senderinitiative`: the sender has taken a step.
    SenderInitiative,
    /// `recipientinitiative`: the recipient is to do something.
    RecipientInitiative,
    /// `closed`
    Closed,
}

/// Payment data (section 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Last day of payment.
    pub due_date: Date,
    /// Amount in hundredths: öre for kronor.
    pub amount: u64,
    /// Currency code; kronor when it is not given.
    pub currency: Option<String>,
    /// Bankgiro or Plusgiro.
    pub account_method: AccountMethod,
    /// Account number, as sent.
    pub account_number: String,
    /// OCR number, or a message to the bank.
    pub ocr_number: Option<String>,
}

/// Where to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMethod {
    /// `BG`
    Bankgiro,
    /// `PG`, in the schema Postgiro
    Plusgiro,
}

/// The mediator's seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// The day on which the mediator received the delivery. No guard against replay: it has no time of day.
    pub received_on: Date,
    /// Whether the mediator found the sender's signature good. Never `false` in a delivery that was received.
    pub signatures_ok: bool,
}

macro_rules! words {
    ($($kind:ty { $($name:ident = $word:literal,)* })*) => {$(
        impl $kind {
            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// From the word on the wire.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    )*};
}

words! {
    Reply { Requested = "REQUESTED", Accepted = "ACCEPTED", NotAllowed = "NOT_ALLOWED", }
    ReceiptRequest { Not = "NOT", Simple = "SIMPLE", Signed = "SIGNED", }
    MatterStatus {
        SenderInitiative = "senderinitiative",
        RecipientInitiative = "recipientinitiative",
        Closed = "closed",
    }
    AccountMethod { Bankgiro = "BG", Plusgiro = "PG", }
}

// What a message says is nobody's business but its reader's, so `Debug` does not say it.

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delivery(from {}, {:?})", self.sender.id, self.messages)
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({:?}, {} attachments)", self.body, self.attachments.len())
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({}, {} bytes)", self.content_type, self.content.len())
    }
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.content_type, self.content.len())
    }
}
