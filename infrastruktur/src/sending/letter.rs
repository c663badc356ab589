//! A letter as somebody at a sender thinks of it, and the delivery that it becomes.

use crate::people;
use contracts::delivery::{
    Attachment, Body, Delivery, Message, Metadata, OfficialMatter, ReceiptRequest, Reply, Sender, SupportInfo, checksum,
};
use contracts::identifier::{OrganisationNumber, RecipientId};
use std::path::Path;

/// One letter with one message in it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who sends.
    pub sender: OrganisationNumber,
    /// Whom it is for.
    pub recipient: RecipientId,
    /// The sender's id of the message: a UUID as a rule.
    pub id: String,
    /// The subject.
    pub subject: String,
    /// `svSE` or `en`, as senders write it.
    pub language: String,
    /// The text.
    pub body: Body,
    /// What comes with it.
    pub attachments: Vec<Attachment>,
    /// The matter it belongs to.
    pub matter: Option<OfficialMatter>,
    /// The sender's reference.
    pub reference: Option<String>,
}

impl Letter {
    /// A letter in Swedish without attachments.
    pub fn new(sender: OrganisationNumber, recipient: RecipientId, id: String, subject: &str, body: Body) -> Self {
        Self {
            sender,
            recipient,
            id,
            subject: subject.to_owned(),
            language: "svSE".to_owned(),
            body,
            attachments: Vec::new(),
            matter: None,
            reference: None,
        }
    }

    /// Plain text.
    pub fn text(text: &str) -> Body {
        Body {
            content_type: "text/plain".to_owned(),
            content: text.as_bytes().to_vec(),
        }
    }

    /// HTML.
    pub fn html(html: &str) -> Body {
        Body {
            content_type: "text/html".to_owned(),
            content: html.as_bytes().to_vec(),
        }
    }

    /// What is signed.
    pub fn to_delivery(&self) -> Delivery {
        let name = people::sender(&self.sender).map_or_else(|| self.sender.to_string(), |s| s.name.to_owned());
        let english = self.language.starts_with("en");
        let support = if english {
            format!("Questions? Contact {name}. This is a demonstration.")
        } else {
            format!("Har du frågor? Kontakta {name}. Det här är en demonstration.")
        };
        Delivery {
            sender: Sender {
                id: self.sender,
                name,
                attention: None,
            },
            recipient: self.recipient,
            reference: self.reference.clone(),
            correlation_id: None,
            attention: None,
            messages: vec![Message {
                id: self.id.clone(),
                subject: self.subject.clone(),
                support_info: SupportInfo {
                    text: support,
                    url: Some("https://www.example.test/kontakt".to_owned()),
                    phone_number: Some("010-000 00 00".to_owned()),
                    email_address: Some("kontakt@example.test".to_owned()),
                },
                official_matter: self.matter.clone(),
                metadata: vec![Metadata {
                    tag: "demonstration".to_owned(),
                    value: "true".to_owned(),
                }],
                language: self.language.clone(),
                reply: Some(Reply::NotAllowed),
                receipt_request: Some(ReceiptRequest::Not),
                body: self.body.clone(),
                attachments: self.attachments.clone(),
            }],
        }
    }
}

/// An attachment, its type told by the ending of its name.
pub fn attachment(file_name: &str, content: Vec<u8>) -> Attachment {
    let ending = Path::new(file_name)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content_type = match ending.as_str() {
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "htm" | "html" => "text/html",
        "xml" => "application/xml",
        "csv" => "text/csv",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ics" => "text/calendar",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    Attachment {
        content_type: content_type.to_owned(),
        checksum: checksum(&content),
        content,
        file_name: file_name.to_owned(),
    }
}
