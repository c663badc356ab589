//! A letter as a mail message in a file (RFC 5322, MIME), for mail programs and archives.
//!
//! The sender's name stands in the display name and nowhere else: its address is one that can never be (`.invalid`, RFC 2606), so that no
//! answer goes to somebody who did not write, and no mail program believes that the sender mailed it.

use super::LetterCopy;
use super::{page, text};
use crate::domain::visible::visible;
use app::CopyWords;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::Envelope};
use std::error::Error as StdError;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Why no mail could be made of a letter.
#[derive(Debug, thiserror::Error)]
pub enum EmlError {
    /// The page in it.
    #[error("the letter's page could not be written")]
    Page(#[from] askama::Error),
    /// The message around it.
    #[error("the mail message could not be put together")]
    Message,
}

/// The letter as the bytes of a mail message.
pub fn letter(letter: &LetterCopy, words: &CopyWords, made_at: OffsetDateTime) -> Result<Vec<u8>, EmlError> {
    let sender = address(&format!("{}@avsandare.invalid", letter.sender.id))?;
    let recipient = address("mottagare@brevlada.invalid")?;
    let envelope = Envelope::new(Some(sender.clone()), vec![recipient.clone()]).map_err(|_| EmlError::Message)?;
    let status = match &letter.report {
        Some(report) if report.holds => "valid",
        Some(_) => "invalid",
        None => "none",
    };
    let mut parts = MultiPart::mixed().multipart(MultiPart::alternative_plain_html(
        text::letter(letter, words, made_at),
        page::letter(letter, words, None, made_at)?,
    ));
    for part in attachments(letter) {
        parts = parts.singlepart(part);
    }
    let mut message = Message::builder()
        .envelope(envelope)
        .from(Mailbox::new(Some(visible(&letter.sender.name)), sender))
        .to(Mailbox::new(Some(visible(&letter.holder)), recipient))
        .subject(letter.message.subject.clone())
        .date(letter.received_at.into())
        .message_id(Some(format!("<{}@brevlada.invalid>", letter.id)))
        .header(Signature(status.to_owned()))
        .header(CheckedAt(made_at.format(&Rfc3339).map_err(|_| EmlError::Message)?));
    if let Some(report) = &letter.report {
        message = message
            .header(SignedBy(who(&report.signer)))
            .header(SealedBy(who(&report.sealer)));
    }
    if let Some(passed_on) = &letter.passed_on {
        message = message.header(ForwardedBy(visible(&passed_on.by.name)));
    }
    let message = message.multipart(parts).map_err(|_| EmlError::Message)?;
    Ok(message.formatted())
}

/// The letter's attachments as parts of a mail.
pub fn attachments(letter: &LetterCopy) -> Vec<SinglePart> {
    letter
        .attachments()
        .into_iter()
        .map(|(name, attachment)| {
            let kind = ContentType::parse(&attachment.content_type)
                .or_else(|_| ContentType::parse("application/octet-stream"))
                .unwrap_or(ContentType::TEXT_PLAIN);
            Attachment::new(name).body(attachment.content.clone(), kind)
        })
        .collect()
}

fn address(text: &str) -> Result<Address, EmlError> {
    text.parse().map_err(|_| EmlError::Message)
}

fn who(signer: &contracts::certificate::Signer) -> String {
    format!("{}; {}", signer.organisation, visible(&signer.name))
}

macro_rules! written_header {
    ($($(#[$about:meta])* $type:ident($inner:ty), $name:literal, |$this:ident| $value:expr;)*) => {$(
        $(#[$about])*
        #[derive(Clone)]
        struct $type($inner);

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn StdError + Send + Sync>> {
                Err("is only written".into())
            }
            fn display(&self) -> HeaderValue {
                let $this = &self.0;
                HeaderValue::new(Self::name(), $value)
            }
        }
    )*};
}
written_header! {
    /// `valid` or `invalid`, as found when the copy was made; `none` of what was passed on without its signature.
    Signature(String), "X-Brevlada-Signature", |status| status.clone();
    /// Organisation number and name in the certificate of the sender's signature.
    SignedBy(String), "X-Brevlada-Signed-By", |who| who.clone();
    /// The same of the mediator's seal.
    SealedBy(String), "X-Brevlada-Sealed-By", |who| who.clone();
    /// Name of the holder who passed the letter on.
    ForwardedBy(String), "X-Brevlada-Forwarded-By", |who| who.clone();
    /// When that was found.
    CheckedAt(String), "X-Brevlada-Checked-At", |at| at.clone();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::tests;
    use app::Language;
    use time::macros::datetime;

    #[test]
    fn the_sender_is_a_name_and_no_address_that_anybody_can_answer() {
        let words = CopyWords::of(Language::Swedish);
        let bytes = letter(&tests::letter(), &words, datetime!(2026-12-01 08:00 UTC)).unwrap();
        let told = String::from_utf8(bytes).unwrap();
        for line in [
            "From: \"Ekeby kommun\" <162021004748@avsandare.invalid>",
            "X-Brevlada-Signature: valid",
            "X-Brevlada-Signed-By: 162021004748; Ekeby kommun",
            "X-Brevlada-Checked-At: 2026-12-01T08:00:00Z",
            "Date: Wed, 25 Nov 2026 21:47:00 +0000",
            "multipart/mixed",
            "multipart/alternative",
            "text/html",
        ] {
            assert!(told.contains(line), "{line} in\n{told}");
        }
    }

    #[test]
    fn no_text_of_a_letter_becomes_a_header() {
        let mut hostile = tests::letter();
        let forged = "Beslut\r\nBcc: tjuv@example.test\r\n\r\nHej";
        hostile.message.subject = forged.to_owned();
        hostile.sender.name = forged.to_owned();
        hostile.holder = forged.to_owned();
        hostile.message.attachments[0].file_name = forged.to_owned();
        let words = CopyWords::of(Language::Swedish);
        let bytes = letter(&hostile, &words, datetime!(2026-12-01 08:00 UTC)).unwrap();
        let told = String::from_utf8(bytes).unwrap();
        let (headers, _) = told.split_once("\r\n\r\n").unwrap();
        assert!(
            !headers.lines().any(|line| line.to_lowercase().starts_with("bcc:")),
            "{headers}"
        );
    }
}
