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
