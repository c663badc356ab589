//! Rules of content: what a message may hold (infrastructure.md 10).
//!
//! Lengths and types of fields are the contract's and are checked when it is read; HTML is cleaned when it is shown.
//! Content is taken as it comes, twice-encoded bodies too: what was signed is what is kept.

use super::refused::Refused;
use contracts::delivery::{Delivery, Message};
use contracts::fault::ErrorCode;

/// What this operator takes.
#[derive(Clone, Debug)]
pub(super) struct ContentRules {
    /// Messages in a delivery, at most.
    pub(super) max_messages: usize,
    /// Body and attachments of one message together, in bytes, at most.
    pub(super) max_message_bytes: usize,
    /// Media types an attachment may have, in lower case; empty: every type.
    pub(super) attachment_types: Vec<String>,
}

impl ContentRules {
    /// Refuses what breaks a rule, and says which.
    pub(super) fn check(&self, delivery: &Delivery) -> Result<(), Refused> {
        if delivery.messages.len() > self.max_messages {
            return Err(Refused::new(
                ErrorCode::MaxExceeded,
                format!(
                    "A delivery may hold at most {} messages; send several deliveries.",
                    self.max_messages
                ),
            ));
        }
        delivery
            .messages
            .iter()
            .try_for_each(|message| self.check_message(message))
    }

    fn check_message(&self, message: &Message) -> Result<(), Refused> {
        let attached = message.attachments.iter().map(|attachment| attachment.content.len());
        if message.body.content.len() + attached.sum::<usize>() > self.max_message_bytes {
            return Err(Refused::new(
                ErrorCode::MaxExceeded,
                format!(
                    "Body and attachments of a message may hold {} bytes together, before base64.",
                    self.max_message_bytes
                ),
            ));
        }
        match essence(&message.body.content_type).as_str() {
            "text/plain" | "text/html" => {}
            _ => {
                return Err(Refused::new(
                    ErrorCode::UnsupportedContentType,
                    "A body must be text/plain or text/html; send other formats as attachments.",
                ));
            }
        }
        for attachment in &message.attachments {
            let kind = essence(&attachment.content_type);
            if !is_media_type(&kind) {
                return Err(Refused::new(
                    ErrorCode::UnsupportedContentType,
                    "The ContentType of an attachment is not a media type such as application/pdf.",
                ));
            }
            if !self.attachment_types.is_empty() && !self.attachment_types.contains(&kind) {
                return Err(Refused::new(
                    ErrorCode::UnsupportedContentType,
                    format!(
                        "Attachments may be of these types: {}.",
                        self.attachment_types.join(", ")
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// `text/plain` of `Text/Plain; charset=UTF-8`.
pub(super) fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn is_media_type(essence: &str) -> bool {
    let token = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c);
        !part.is_empty() && part.len() <= 127 && part.chars().all(allowed)
    };
    essence
        .split_once('/')
        .is_some_and(|(top, sub)| token(top) && token(sub))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contracts::delivery::{Attachment, Body, Sender, SupportInfo};

    fn rules(types: &[&str]) -> ContentRules {
        ContentRules {
            max_messages: 3,
            max_message_bytes: 20,
            attachment_types: types.iter().map(ToString::to_string).collect(),
        }
    }

    fn message(body: &str, attachments: &[&str]) -> Message {
        Message {
            id: "1".into(),
            subject: "Hej".into(),
            support_info: SupportInfo::default(),
            official_matter: None,
            metadata: vec![],
            language: "svSE".into(),
            reply: None,
            receipt_request: None,
            body: Body {
                content_type: body.into(),
                content: vec![],
            },
            attachments: attachments.iter().map(|kind| attachment(kind)).collect(),
        }
    }

    fn attachment(content_type: &str) -> Attachment {
        Attachment {
            content_type: content_type.into(),
            content: b"%PDF-".to_vec(),
            checksum: "?".into(),
            file_name: "a".into(),
        }
    }

    fn delivery(messages: Vec<Message>) -> Delivery {
        Delivery {
            sender: Sender {
                id: "162021004748".parse().unwrap(),
                name: "Kommun A".into(),
                attention: None,
            },
            recipient: "191212121212".parse().unwrap(),
            reference: None,
            correlation_id: None,
            attention: None,
            messages,
        }
    }

    #[test]
    fn a_body_is_text_or_html() {
        for good in [
            "text/plain",
            "text/html",
            "text/plain; charset=utf-8",
            " Text/HTML ;charset=x",
        ] {
            assert!(rules(&[]).check(&delivery(vec![message(good, &[])])).is_ok(), "{good}");
        }
        for bad in ["", "text", "text/xml", "application/pdf", "text/html2"] {
            let refused = rules(&[]).check(&delivery(vec![message(bad, &[])])).unwrap_err();
            assert_eq!(refused.code, ErrorCode::UnsupportedContentType, "{bad}");
        }
    }

    #[test]
    fn attachments_are_of_a_type_and_of_those_listed() {
        let one = |kind: &str| delivery(vec![message("text/plain", &[kind])]);
        assert!(rules(&[]).check(&one("application/pdf")).is_ok());
        assert!(rules(&[]).check(&one("image/png")).is_ok());
        assert!(rules(&["application/pdf"]).check(&one("Application/PDF")).is_ok());
        for bad in ["image/png", "pdf", "", "a/b/c", "application/pdf\r\nX: y"] {
            assert!(rules(&["application/pdf"]).check(&one(bad)).is_err(), "{bad}");
        }
        assert!(rules(&[]).check(&one("pdf")).is_err());
    }

    #[test]
    fn a_message_holds_so_much_and_no_more() {
        let mut message = message("text/plain", &["application/pdf"]);
        message.body.content = vec![b'x'; 15];
        assert!(rules(&[]).check(&delivery(vec![message.clone()])).is_ok());
        message.body.content.push(b'x');
        let refused = rules(&[]).check(&delivery(vec![message])).unwrap_err();
        assert_eq!(refused.code, ErrorCode::MaxExceeded);
    }

    #[test]
    fn one_bad_message_takes_the_delivery_with_it() {
        let good = || message("text/plain", &["application/pdf"]);
        assert!(rules(&[]).check(&delivery(vec![good(), good(), good()])).is_ok());
        assert!(
            rules(&[])
                .check(&delivery(vec![good(), message("image/gif", &[])]))
                .is_err()
        );
        let many = rules(&[])
            .check(&delivery(vec![good(), good(), good(), good()]))
            .unwrap_err();
        assert_eq!(many.code, ErrorCode::MaxExceeded);
    }
}
