//! What a message to a browser holds: the words, and how the worker in `public/sw.js` is to show them.

use super::super::words::{Message, PushWords, Spoken};
use super::encrypt::END;
use serde::Serialize;
use uuid::Uuid;

/// Every message is as long as this before it is encrypted, in bytes, so that its length tells nothing. With what encryption adds it stays
/// under what the strictest way takes: Mozilla's, on to an Android telephone, 3070 bytes.
const LENGTH: usize = 2048;

/// The most characters of a title and of a text: with four bytes each they still fit.
const TITLE: usize = 80;
const TEXT: usize = 320;

/// How soon it matters, RFC 8030, section 5.3: a telephone that saves its battery waits with what is not urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::outbox) enum Urgency {
    /// It has waited for days.
    Low,
    /// It has come.
    Normal,
    /// Somebody is waiting for it, or may be doing harm.
    High,
}

impl Urgency {
    /// Of what is said.
    pub(in crate::outbox) fn of(message: &Message<'_>) -> Self {
        match message {
            Message::Reminder { .. } => Self::Low,
            Message::Letters { test: false, .. } => Self::Normal,
            Message::Letters { test: true, .. }
            | Message::Added { .. }
            | Message::Removed { .. }
            | Message::Broken { .. }
            | Message::ForwardRule { .. }
            | Message::Forwarded { .. }
            | Message::Helper { .. }
            | Message::HelperEnds
            | Message::Locked { .. }
            | Message::Unlocked { .. }
            | Message::Code { .. }
            | Message::Answer { .. } => Self::High,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// A reminder takes the place of one that has not been delivered (RFC 8030, section 5.4). Letters have no topic: each says that one more
/// has come, and Google's service keeps no more than four topics for a browser that is off.
pub(in crate::outbox) fn topic(message: &Message<'_>) -> Option<&'static str> {
    match message {
        Message::Reminder { .. } => Some("reminder"),
        Message::Letters { .. }
        | Message::Added { .. }
        | Message::Removed { .. }
        | Message::Broken { .. }
        | Message::ForwardRule { .. }
        | Message::Forwarded { .. }
        | Message::Helper { .. }
        | Message::HelperEnds
        | Message::Locked { .. }
        | Message::Unlocked { .. }
        | Message::Code { .. }
        | Message::Answer { .. } => None,
    }
}

/// What the worker reads.
#[derive(Clone, Debug, Serialize)]
pub(in crate::outbox) struct Payload {
    title: String,
    text: String,
    lang: &'static str,
    /// A notice with the same takes the place of one that is shown: a try whose answer was lost is not seen twice.
    tag: Uuid,
    /// The browser is not the mailbox's any more: after this it lets go of its subscription.
    last: bool,
}

impl Payload {
    /// Says something under the id of its notice.
    pub(in crate::outbox) fn new(words: PushWords, spoken: &Spoken<'_>, tag: Uuid) -> Self {
        Self {
            title: cut(&words.title, TITLE),
            text: cut(&words.text, TEXT),
            lang: spoken.language.tag(),
            tag,
            last: matches!(spoken.message, Message::Removed { .. }),
        }
    }

    /// As it is encrypted; nothing when it is longer than every message is, which its limits rule out.
    pub(super) fn padded(&self) -> Option<Vec<u8>> {
        let mut content = serde_json::to_vec(self).ok()?;
        content.push(END);
        if content.len() > LENGTH {
            return None;
        }
        content.resize(LENGTH, 0);
        Some(content)
    }
}

/// The first characters, on one line: control characters are longer in JSON than on paper.
fn cut(text: &str, most: usize) -> String {
    let mut on_one_line = text.chars().filter(|c| !c.is_control());
    let mut cut: String = on_one_line.by_ref().take(most).collect();
    if on_one_line.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::words::Language;
    use proptest::prelude::*;

    const TEST: Message<'static> = Message::Letters {
        count: 1,
        named: &[],
        test: true,
    };

    fn payload(title: &str, text: &str, message: Message<'_>) -> Payload {
        let spoken = Spoken {
            language: Language::Swedish,
            host: "brevlada.example",
            word: None,
            company: None,
            message,
        };
        let words = PushWords {
            title: title.to_owned(),
            text: text.to_owned(),
        };
        Payload::new(words, &spoken, Uuid::from_u128(7))
    }

    proptest! {
        #[test]
        fn every_message_is_as_long_as_every_other(title in any::<String>(), text in "(\\PC|[\\x00-\\x1f\"\\\\😀]){0,500}") {
            let padded = payload(&title, &text, TEST).padded().unwrap();
            prop_assert_eq!(padded.len(), LENGTH);
            let end = padded.iter().rposition(|byte| *byte != 0).unwrap();
            prop_assert_eq!(padded[end], END);
            let read: serde_json::Value = serde_json::from_slice(&padded[..end]).unwrap();
            prop_assert_eq!(&read["lang"], "sv");
        }
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        assert_eq!(cut("Hej", 3), "Hej");
        assert_eq!(cut("Hejsan", 3), "He…");
        assert_eq!(cut("H\nej", 3), "Hej");
    }

    #[test]
    fn only_the_last_word_to_a_browser_ends_its_subscription() {
        assert!(payload("a", "b", Message::Removed { about: "" }).last);
        assert!(!payload("a", "b", TEST).last);
    }
}
