//! What a notice would look like by some rules: the very words that are sent.

use super::OutboxError;
use super::send::named;
use super::words::{self, Language, Message, Spoken};
use crate::domain::channel::Channel;
use crate::domain::letter::Header;
use crate::domain::notice_rules::Rules;

/// A message, as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// By which channel.
    pub channel: Channel,
    /// The subject of a mail, the title of a notice in a browser.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
}

/// A letter that notices are shown and tried with.
pub(super) fn example(language: Language) -> Header {
    let (sender, subject) = match language {
        Language::Swedish => ("Exempelkommunen", "Beslut om förskoleplats"),
        Language::English => ("Example Municipality", "Decision about preschool"),
    };
    Header {
        sender: sender.to_owned(),
        sender_number: None,
        subject: subject.to_owned(),
        preview: None,
        payment: None,
        matter: None,
        passed_on_by: None,
    }
}

/// A notice of one letter, by every channel. `host` is what people type to get to the mailbox.
pub fn preview(
    language: Language,
    host: &str,
    rules: &Rules,
    company: Option<&str>,
) -> Result<Vec<Shown>, OutboxError> {
    let named = named(&[example(language)], rules.says);
    let word = rules.word.as_ref().map(ToString::to_string);
    let spoken = Spoken {
        language,
        host,
        word: word.as_deref(),
        company,
        message: Message::Letters {
            count: 1,
            named: &named,
            test: false,
        },
    };
    let (mail, push) = (words::mail(&spoken)?, words::push(&spoken)?);
    Ok(vec![
        Shown {
            channel: Channel::Push,
            subject: Some(push.title),
            text: push.text,
        },
        Shown {
            channel: Channel::Sms,
            subject: None,
            text: words::sms(&spoken)?,
        },
        Shown {
            channel: Channel::Email,
            subject: Some(mail.subject),
            text: mail.text,
        },
    ])
}
