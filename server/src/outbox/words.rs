//! The words of messages: askama templates in `templates/mail`, `templates/sms` and `templates/push`, one for each language.
//!
//! The first paragraph of a mail is its subject, and the heading of its HTML form, which is made from the same text; that of a notice in a
//! browser is its title. No message names a sender or a subject unless the person chose so, none names the person, and none holds a link: the address of the mailbox is written
//! out, and the mail asks to type it.

use super::OutboxError;
use crate::domain::address::Address;
use crate::domain::device::Device;
use askama::Template;

/// A language that we write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Swedish,
    /// English.
    English,
}

impl Language {
    /// The language of a mailbox; what is not known is Swedish.
    pub fn of(tag: &str) -> Self {
        if tag == "en" {
            Language::English
        } else {
            Language::Swedish
        }
    }

    /// Its tag (BCP 47).
    pub(super) fn tag(self) -> &'static str {
        match self {
            Language::Swedish => "sv",
            Language::English => "en",
        }
    }
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Message<'a> {
    /// Letters have come. One to try out is the same, with a line that says so.
    Letters {
        count: usize,
        named: &'a [String],
        test: bool,
    },
    /// Letters are still unread.
    Reminder { count: usize, named: &'a [String] },
    /// Another address was added.
    Added { about: &'a str },
    /// This address was taken away.
    Removed { about: &'a str },
    /// Another address takes nothing any more.
    Broken { about: &'a str },
    /// A rule was made that passes letters on, at this moment: to this address, or into somebody's mailbox.
    ForwardRule { about: &'a str, at: &'a str },
    /// A letter was passed on to this address for the first time, at this moment.
    Forwarded { about: &'a str, at: &'a str },
    /// Somebody was let into the mailbox, at this moment.
    Helper { at: &'a str },
    /// Somebody will soon no longer be let in.
    HelperEnds,
    /// The mailbox was locked, at this moment.
    Locked { at: &'a str },
    /// It was unlocked, at this moment.
    Unlocked { at: &'a str },
    /// The code that confirms an address, and how long it holds.
    Code { code: &'a str, minutes: i64 },
    /// What staff answer to what somebody thinks of the service.
    Answer { words: &'a str },
}

/// A message to one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoken<'a> {
    pub(super) language: Language,
    /// What to type to get to the mailbox.
    pub(super) host: &'a str,
    /// The person's own word.
    pub(super) word: Option<&'a str>,
    /// Whose mailbox it is, when it is a company's: said first.
    pub(super) company: Option<&'a str>,
    pub(super) message: Message<'a>,
}

impl Spoken<'_> {
    /// What is read first, after the company's name when it is for one.
    fn of_company(&self, text: &str) -> String {
        match self.company {
            Some(company) => format!("{company}: {text}"),
            None => text.to_owned(),
        }
    }
}

/// A mail in words.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// A notice in a browser, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PushWords {
    pub(super) title: String,
    pub(super) text: String,
}

/// An address that a message to another one speaks of.
pub(super) fn spoken_of(language: Language, address: &Address) -> String {
    let Address::Browser(browser) = address else {
        return address.masked();
    };
    match (language, browser.device()) {
        (
            Language::Swedish,
            Device {
                browser: Some(browser),
                system: Some(system),
            },
        ) => format!("{} på {}", browser.name(), system.name()),
        (
            Language::English,
            Device {
                browser: Some(browser),
                system: Some(system),
            },
        ) => format!("{} on {}", browser.name(), system.name()),
        (
            Language::Swedish,
            Device {
                browser: None,
                system: None,
            },
        ) => "en webbläsare".to_owned(),
        (
            Language::English,
            Device {
                browser: None,
                system: None,
            },
        ) => "a web browser".to_owned(),
        (_, one) => one.to_string(),
    }
}

/// As mail.
pub(super) fn mail(spoken: &Spoken<'_>) -> Result<Words, OutboxError> {
    let said = Said::of(spoken);
    let text = match (spoken.language, spoken.message) {
        (Language::Swedish, Message::Letters { .. }) => MailLettersSv { m: &said }.render(),
        (Language::English, Message::Letters { .. }) => MailLettersEn { m: &said }.render(),
        (Language::Swedish, Message::Reminder { .. }) => MailReminderSv { m: &said }.render(),
        (Language::English, Message::Reminder { .. }) => MailReminderEn { m: &said }.render(),
        (Language::Swedish, Message::Added { .. }) => MailAddedSv { m: &said }.render(),
        (Language::English, Message::Added { .. }) => MailAddedEn { m: &said }.render(),
        (Language::Swedish, Message::Removed { .. }) => MailRemovedSv { m: &said }.render(),
        (Language::English, Message::Removed { .. }) => MailRemovedEn { m: &said }.render(),
        (Language::Swedish, Message::Broken { .. }) => MailBrokenSv { m: &said }.render(),
        (Language::English, Message::Broken { .. }) => MailBrokenEn { m: &said }.render(),
        (Language::Swedish, Message::ForwardRule { .. }) => MailForwardRuleSv { m: &said }.render(),
        (Language::English, Message::ForwardRule { .. }) => MailForwardRuleEn { m: &said }.render(),
        (Language::Swedish, Message::Forwarded { .. }) => MailForwardedSv { m: &said }.render(),
        (Language::Swedish, Message::Helper { .. }) => MailHelperSv { m: &said }.render(),
        (Language::Swedish, Message::HelperEnds) => MailHelperEndsSv { m: &said }.render(),
        (Language::English, Message::Forwarded { .. }) => MailForwardedEn { m: &said }.render(),
        (Language::English, Message::Helper { .. }) => MailHelperEn { m: &said }.render(),
        (Language::English, Message::HelperEnds) => MailHelperEndsEn { m: &said }.render(),
        (Language::Swedish, Message::Locked { .. }) => MailLockedSv { m: &said }.render(),
        (Language::English, Message::Locked { .. }) => MailLockedEn { m: &said }.render(),
        (Language::Swedish, Message::Unlocked { .. }) => MailUnlockedSv { m: &said }.render(),
        (Language::English, Message::Unlocked { .. }) => MailUnlockedEn { m: &said }.render(),
        (Language::Swedish, Message::Code { .. }) => MailCodeSv { m: &said }.render(),
        (Language::English, Message::Code { .. }) => MailCodeEn { m: &said }.render(),
        (Language::Swedish, Message::Answer { .. }) => MailAnswerSv { m: &said }.render(),
        (Language::English, Message::Answer { .. }) => MailAnswerEn { m: &said }.render(),
    }
    .map_err(|_| OutboxError::Words)?;
    let mut paragraphs = text
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty());
    let subject = paragraphs.next().ok_or(OutboxError::Words)?;
    let paragraphs: Vec<&str> = paragraphs.collect();
    let strong: Vec<&str> = [spoken.host, said.code]
        .into_iter()
        .chain(spoken.word)
        .filter(|part| !part.is_empty())
        .collect();
    let html = MailHtml {
        language: spoken.language.tag(),
        subject,
        paragraphs: paragraphs
            .iter()
            .map(|paragraph| paragraph.lines().map(|line| pieces(line, &strong)).collect())
            .collect(),
    };
    Ok(Words {
        subject: spoken.of_company(subject),
        text: format!("{}\n", paragraphs.join("\n\n")),
        html: html.render().map_err(|_| OutboxError::Words)?,
    })
}

/// As a text message.
pub(super) fn sms(spoken: &Spoken<'_>) -> Result<String, OutboxError> {
    let said = Said::of(spoken);
    let text = match (spoken.language, spoken.message) {
        (Language::Swedish, Message::Letters { .. }) => SmsLettersSv { m: &said }.render(),
        (Language::English, Message::Letters { .. }) => SmsLettersEn { m: &said }.render(),
        (Language::Swedish, Message::Reminder { .. }) => SmsReminderSv { m: &said }.render(),
        (Language::English, Message::Reminder { .. }) => SmsReminderEn { m: &said }.render(),
        (Language::Swedish, Message::Added { .. }) => SmsAddedSv { m: &said }.render(),
        (Language::English, Message::Added { .. }) => SmsAddedEn { m: &said }.render(),
        (Language::Swedish, Message::Removed { .. }) => SmsRemovedSv { m: &said }.render(),
        (Language::English, Message::Removed { .. }) => SmsRemovedEn { m: &said }.render(),
        (Language::Swedish, Message::Broken { .. }) => SmsBrokenSv { m: &said }.render(),
        (Language::English, Message::Broken { .. }) => SmsBrokenEn { m: &said }.render(),
        (Language::Swedish, Message::ForwardRule { .. }) => SmsForwardRuleSv { m: &said }.render(),
        (Language::English, Message::ForwardRule { .. }) => SmsForwardRuleEn { m: &said }.render(),
        (Language::Swedish, Message::Forwarded { .. }) => SmsForwardedSv { m: &said }.render(),
        (Language::Swedish, Message::Helper { .. }) => SmsHelperSv { m: &said }.render(),
        (Language::Swedish, Message::HelperEnds) => SmsHelperEndsSv { m: &said }.render(),
        (Language::English, Message::Forwarded { .. }) => SmsForwardedEn { m: &said }.render(),
        (Language::English, Message::Helper { .. }) => SmsHelperEn { m: &said }.render(),
        (Language::English, Message::HelperEnds) => SmsHelperEndsEn { m: &said }.render(),
        (Language::Swedish, Message::Locked { .. }) => SmsLockedSv { m: &said }.render(),
        (Language::English, Message::Locked { .. }) => SmsLockedEn { m: &said }.render(),
        (Language::Swedish, Message::Unlocked { .. }) => SmsUnlockedSv { m: &said }.render(),
        (Language::English, Message::Unlocked { .. }) => SmsUnlockedEn { m: &said }.render(),
        (Language::Swedish, Message::Code { .. }) => SmsCodeSv { m: &said }.render(),
        (Language::English, Message::Code { .. }) => SmsCodeEn { m: &said }.render(),
        // They gave an e-mail address.
        (_, Message::Answer { .. }) => return Err(OutboxError::Words),
    }
    .map_err(|_| OutboxError::Words)?;
    Ok(spoken.of_company(&text.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// As a notice in a browser. A code is never sent to one: whoever subscribes it is logged in there.
pub(super) fn push(spoken: &Spoken<'_>) -> Result<PushWords, OutboxError> {
    let said = Said::of(spoken);
    let text = match (spoken.language, spoken.message) {
        (Language::Swedish, Message::Letters { .. }) => PushLettersSv { m: &said }.render(),
        (Language::English, Message::Letters { .. }) => PushLettersEn { m: &said }.render(),
        (Language::Swedish, Message::Reminder { .. }) => PushReminderSv { m: &said }.render(),
        (Language::English, Message::Reminder { .. }) => PushReminderEn { m: &said }.render(),
        (Language::Swedish, Message::Added { .. }) => PushAddedSv { m: &said }.render(),
        (Language::English, Message::Added { .. }) => PushAddedEn { m: &said }.render(),
        (Language::Swedish, Message::Removed { .. }) => PushRemovedSv { m: &said }.render(),
        (Language::English, Message::Removed { .. }) => PushRemovedEn { m: &said }.render(),
        (Language::Swedish, Message::Broken { .. }) => PushBrokenSv { m: &said }.render(),
        (Language::English, Message::Broken { .. }) => PushBrokenEn { m: &said }.render(),
        (Language::Swedish, Message::ForwardRule { .. }) => PushForwardRuleSv { m: &said }.render(),
        (Language::English, Message::ForwardRule { .. }) => PushForwardRuleEn { m: &said }.render(),
        (Language::Swedish, Message::Forwarded { .. }) => PushForwardedSv { m: &said }.render(),
        (Language::Swedish, Message::Helper { .. }) => PushHelperSv { m: &said }.render(),
        (Language::Swedish, Message::HelperEnds) => PushHelperEndsSv { m: &said }.render(),
        (Language::English, Message::Forwarded { .. }) => PushForwardedEn { m: &said }.render(),
        (Language::English, Message::Helper { .. }) => PushHelperEn { m: &said }.render(),
        (Language::English, Message::HelperEnds) => PushHelperEndsEn { m: &said }.render(),
        (Language::Swedish, Message::Locked { .. }) => PushLockedSv { m: &said }.render(),
        (Language::English, Message::Locked { .. }) => PushLockedEn { m: &said }.render(),
        (Language::Swedish, Message::Unlocked { .. }) => PushUnlockedSv { m: &said }.render(),
        (Language::English, Message::Unlocked { .. }) => PushUnlockedEn { m: &said }.render(),
        (_, Message::Code { .. } | Message::Answer { .. }) => return Err(OutboxError::Words),
    }
    .map_err(|_| OutboxError::Words)?;
    let (title, text) = text.split_once("\n\n").ok_or(OutboxError::Words)?;
    Ok(PushWords {
        title: spoken.of_company(title.trim()),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

/// So many letters are named in a text message, and so many letters of each name: an SMS is paid by its length.
const NAMED_IN_SMS: usize = 2;
const LENGTH_IN_SMS: usize = 60;

/// What templates fill in.
struct Said<'a> {
    host: &'a str,
    word: Option<&'a str>,
    count: usize,
    named: &'a [String],
    test: bool,
    about: &'a str,
    at: &'a str,
    code: &'a str,
    minutes: i64,
}

impl<'a> Said<'a> {
    fn of(spoken: &Spoken<'a>) -> Self {
        let mut said = Self {
            host: spoken.host,
            word: spoken.word,
            count: 0,
            named: &[],
            test: false,
            about: "",
            at: "",
            code: "",
            minutes: 0,
        };
        match spoken.message {
            Message::Letters { count, named, test } => (said.count, said.named, said.test) = (count, named, test),
            Message::Reminder { count, named } => (said.count, said.named) = (count, named),
            Message::Added { about } | Message::Removed { about } | Message::Broken { about } => said.about = about,
            Message::ForwardRule { about, at } | Message::Forwarded { about, at } => {
                (said.about, said.at) = (about, at);
            }
            Message::Helper { at } | Message::Locked { at } | Message::Unlocked { at } => said.at = at,
            Message::HelperEnds => {}
            Message::Code { code, minutes } => (said.code, said.minutes) = (code, minutes),
            Message::Answer { words } => said.about = words,
        }
        said
    }

    /// Letters that are counted and not named, when some are named.
    fn more(&self) -> usize {
        self.count.saturating_sub(self.named.len())
    }

    /// The names that a text message has room for.
    fn shortly(&self) -> String {
        let short = |name: &String| -> String {
            let mut short: String = name.chars().take(LENGTH_IN_SMS).collect();
            if short.len() < name.len() {
                short.push('…');
            }
            short
        };
        self.named
            .iter()
            .take(NAMED_IN_SMS)
            .map(short)
            .collect::<Vec<_>>()
            .join("; ")
    }
}

/// A part of a line, and whether it stands out.
struct Piece<'a> {
    text: &'a str,
    strong: bool,
}

/// Cuts a line where one of `strong` stands in it.
fn pieces<'a>(line: &'a str, strong: &[&str]) -> Vec<Piece<'a>> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((at, length)) = strong
        .iter()
        .filter_map(|part| Some((rest.find(part)?, part.len())))
        .min()
    {
        let (before, from) = rest.split_at(at);
        let (text, after) = from.split_at(length);
        found.push(Piece {
            text: before,
            strong: false,
        });
        found.push(Piece { text, strong: true });
        rest = after;
    }
    found.push(Piece {
        text: rest,
        strong: false,
    });
    found
}

#[derive(Template)]
#[template(path = "mail/message.html")]
struct MailHtml<'a> {
    language: &'a str,
    subject: &'a str,
    paragraphs: Vec<Vec<Vec<Piece<'a>>>>,
}

macro_rules! templates {
    ($($name:ident, $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> { m: &'a Said<'a> }
    )*};
}
templates! {
    MailLettersSv, "mail/letters.sv.txt";
    MailLettersEn, "mail/letters.en.txt";
    MailReminderSv, "mail/reminder.sv.txt";
    MailReminderEn, "mail/reminder.en.txt";
    MailAddedSv, "mail/added.sv.txt";
    MailAddedEn, "mail/added.en.txt";
    MailRemovedSv, "mail/removed.sv.txt";
    MailRemovedEn, "mail/removed.en.txt";
    MailBrokenSv, "mail/broken.sv.txt";
    MailBrokenEn, "mail/broken.en.txt";
    MailForwardRuleSv, "mail/forward_rule.sv.txt";
    MailForwardRuleEn, "mail/forward_rule.en.txt";
    MailForwardedSv, "mail/forwarded.sv.txt";
    MailHelperSv, "mail/helper.sv.txt";
    MailHelperEndsSv, "mail/helper_ends.sv.txt";
    MailForwardedEn, "mail/forwarded.en.txt";
    MailHelperEn, "mail/helper.en.txt";
    MailHelperEndsEn, "mail/helper_ends.en.txt";
    MailLockedSv, "mail/locked.sv.txt";
    MailLockedEn, "mail/locked.en.txt";
    MailUnlockedSv, "mail/unlocked.sv.txt";
    MailUnlockedEn, "mail/unlocked.en.txt";
    MailCodeSv, "mail/code.sv.txt";
    MailCodeEn, "mail/code.en.txt";
    MailAnswerSv, "mail/answer.sv.txt";
    MailAnswerEn, "mail/answer.en.txt";
    SmsLettersSv, "sms/letters.sv.txt";
    SmsLettersEn, "sms/letters.en.txt";
    SmsReminderSv, "sms/reminder.sv.txt";
    SmsReminderEn, "sms/reminder.en.txt";
    SmsAddedSv, "sms/added.sv.txt";
    SmsAddedEn, "sms/added.en.txt";
    SmsRemovedSv, "sms/removed.sv.txt";
    SmsRemovedEn, "sms/removed.en.txt";
    SmsBrokenSv, "sms/broken.sv.txt";
    SmsBrokenEn, "sms/broken.en.txt";
    SmsForwardRuleSv, "sms/forward_rule.sv.txt";
    SmsForwardRuleEn, "sms/forward_rule.en.txt";
    SmsForwardedSv, "sms/forwarded.sv.txt";
    SmsHelperSv, "sms/helper.sv.txt";
    SmsHelperEndsSv, "sms/helper_ends.sv.txt";
    SmsForwardedEn, "sms/forwarded.en.txt";
    SmsHelperEn, "sms/helper.en.txt";
    SmsHelperEndsEn, "sms/helper_ends.en.txt";
    SmsLockedSv, "sms/locked.sv.txt";
    SmsLockedEn, "sms/locked.en.txt";
    SmsUnlockedSv, "sms/unlocked.sv.txt";
    SmsUnlockedEn, "sms/unlocked.en.txt";
    SmsCodeSv, "sms/code.sv.txt";
    SmsCodeEn, "sms/code.en.txt";
    PushLettersSv, "push/letters.sv.txt";
    PushLettersEn, "push/letters.en.txt";
    PushReminderSv, "push/reminder.sv.txt";
    PushReminderEn, "push/reminder.en.txt";
    PushAddedSv, "push/added.sv.txt";
    PushAddedEn, "push/added.en.txt";
    PushRemovedSv, "push/removed.sv.txt";
    PushRemovedEn, "push/removed.en.txt";
    PushBrokenSv, "push/broken.sv.txt";
    PushBrokenEn, "push/broken.en.txt";
    PushForwardRuleSv, "push/forward_rule.sv.txt";
    PushForwardRuleEn, "push/forward_rule.en.txt";
    PushForwardedSv, "push/forwarded.sv.txt";
    PushHelperSv, "push/helper.sv.txt";
    PushHelperEndsSv, "push/helper_ends.sv.txt";
    PushForwardedEn, "push/forwarded.en.txt";
    PushHelperEn, "push/helper.en.txt";
    PushHelperEndsEn, "push/helper_ends.en.txt";
    PushLockedSv, "push/locked.sv.txt";
    PushLockedEn, "push/locked.en.txt";
    PushUnlockedSv, "push/unlocked.sv.txt";
    PushUnlockedEn, "push/unlocked.en.txt";
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [Language; 2] = [Language::Swedish, Language::English];

    fn spoken<'a>(language: Language, word: Option<&'a str>, message: Message<'a>) -> Spoken<'a> {
        Spoken {
            language,
            host: "brevlada.example",
            word,
            company: None,
            message,
        }
    }

    fn shown(spoken: &Spoken<'_>) -> String {
        let mail = mail(spoken).unwrap();
        format!(
            "{}\n\n{}----\n{}\n----\n{}",
            mail.subject,
            mail.text,
            mail.html,
            sms(spoken).unwrap()
        )
    }

    fn letters(count: usize, named: &[String], test: bool) -> Message<'_> {
        Message::Letters { count, named, test }
    }

    fn every_message(named: &[String]) -> Vec<(&'static str, Message<'_>)> {
        let at = "tisdag 17 mars 2026 klockan 08.14";
        vec![
            ("letters-one", letters(1, &[], false)),
            ("letters-named", letters(3, named, false)),
            ("reminder", Message::Reminder { count: 2, named: &[] }),
            ("test", letters(1, &[], true)),
            (
                "added",
                Message::Added {
                    about: "070-••• 06 05"
                },
            ),
            (
                "removed",
                Message::Removed {
                    about: "t•••••@post.example",
                },
            ),
            (
                "broken",
                Message::Broken {
                    about: "t•••••@post.example",
                },
            ),
            (
                "forward-rule",
                Message::ForwardRule {
                    about: "a•••••@post.example",
                    at,
                },
            ),
            ("forward-rule-mailbox", Message::ForwardRule { about: "", at }),
            ("helper", Message::Helper { at }),
            ("helper-ends", Message::HelperEnds),
            ("locked", Message::Locked { at }),
            ("unlocked", Message::Unlocked { at }),
            (
                "forwarded",
                Message::Forwarded {
                    about: "a•••••@post.example",
                    at,
                },
            ),
            (
                "code",
                Message::Code {
                    code: "012345",
                    minutes: 30,
                },
            ),
        ]
    }

    #[test]
    fn a_companys_name_is_said_first() {
        let letters = Message::Letters {
            count: 1,
            named: &[],
            test: false,
        };
        let spoken = Spoken {
            company: Some("Ek Bygg AB"),
            ..spoken(Language::Swedish, None, letters)
        };
        assert!(mail(&spoken).unwrap().subject.starts_with("Ek Bygg AB: "));
        assert!(sms(&spoken).unwrap().starts_with("Ek Bygg AB: "));
        assert!(push(&spoken).unwrap().title.starts_with("Ek Bygg AB: "));
    }

    #[test]
    fn people_read_this() {
        let named = [
            "Kommun A: Beslut om <bygglov>".to_owned(),
            "Skatteverket: Slutskattebesked".to_owned(),
        ];
        for (name, message) in every_message(&named) {
            for language in LANGUAGES {
                let word = (name != "code").then_some("Blåklocka");
                insta::assert_snapshot!(
                    format!("{name}.{}", language.tag()),
                    shown(&spoken(language, word, message))
                );
            }
        }
    }

    #[test]
    fn people_read_this_in_a_browser() {
        let named = ["Kommun A: Beslut om <bygglov>".to_owned()];
        let mut all = String::new();
        for (name, message) in every_message(&named).into_iter().filter(|(name, _)| *name != "code") {
            for language in LANGUAGES {
                let notice = push(&spoken(language, Some("Blåklocka"), message)).unwrap();
                all += &format!("{name}.{}: {}\n{}\n\n", language.tag(), notice.title, notice.text);
                let without = push(&spoken(language, None, message)).unwrap();
                assert!(notice.text.starts_with("Blåklocka. ") && !without.text.contains("Blåklocka"));
                for no in ["http:", "https:", "None"] {
                    assert!(
                        !notice.text.contains(no) && !without.text.contains(no),
                        "{no} in {name}"
                    );
                }
            }
        }
        insta::assert_snapshot!("push", all);
    }

    #[test]
    fn a_browser_is_spoken_of_by_name() {
        let browser = |description| {
            let given = crate::domain::push::PushAddress::given(
                "https://web.push.apple.com/x",
                (
                    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "BTBZMqHH6r4Tts7J_aSIgg",
                ),
                1,
                Device::of(description),
            );
            Address::Browser(Box::new(given.unwrap()))
        };
        let chrome = browser("Chrome/140 Android");
        assert_eq!(spoken_of(Language::Swedish, &chrome), "Chrome på Android");
        assert_eq!(spoken_of(Language::English, &chrome), "Chrome on Android");
        assert_eq!(spoken_of(Language::Swedish, &browser("Firefox/140")), "Firefox");
        assert_eq!(spoken_of(Language::English, &browser("")), "a web browser");
        let email = Address::Email("tolvan@example.se".parse().unwrap());
        assert_eq!(spoken_of(Language::Swedish, &email), "t•••••@example.se");
    }

    #[test]
    fn no_message_holds_a_link_or_loads_anything() {
        for language in LANGUAGES {
            for (_, message) in every_message(&[]) {
                let all = shown(&spoken(language, None, message));
                for no in ["<a", "href", "src=", "url(", "http:", "https:"] {
                    assert!(!all.contains(no), "{no} in {all}");
                }
            }
        }
    }

    #[test]
    fn the_persons_word_stands_in_every_notice_that_has_one_and_nothing_in_its_place() {
        for language in LANGUAGES {
            for (name, message) in every_message(&[]).into_iter().filter(|(name, _)| *name != "code") {
                let with = spoken(language, Some("Blåklocka"), message);
                assert!(mail(&with).unwrap().text.contains("Blåklocka"), "{name}");
                assert!(
                    mail(&with).unwrap().html.contains("<strong>Blåklocka</strong>"),
                    "{name}"
                );
                assert!(sms(&with).unwrap().starts_with("Blåklocka. "), "{name}");
                let without = shown(&spoken(language, None, message));
                assert!(
                    !without.contains("None") && !without.contains("Ditt ord") && !without.contains("Your word"),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn a_notice_to_try_is_a_notice_with_one_line_more() {
        let lines = [
            "Det här är ett prov som du har bett om. Inget nytt brev har kommit.",
            "This is a test that you asked for. No new letter has arrived.",
        ];
        let named = ["Exempelkommunen: Beslut".to_owned()];
        for (language, line) in LANGUAGES.into_iter().zip(lines) {
            for (word, named) in [(None, &[][..]), (Some("Blåklocka"), &named[..])] {
                let real = spoken(language, word, letters(1, named, false));
                let test = spoken(language, word, letters(1, named, true));
                let (real_mail, test_mail) = (mail(&real).unwrap(), mail(&test).unwrap());
                assert_eq!(test_mail.subject, real_mail.subject);
                assert_eq!(test_mail.text.replacen(&format!("{line}\n\n"), "", 1), real_mail.text);
                assert!(test_mail.html.contains(line) && !real_mail.html.contains(line));
                assert_eq!(sms(&test).unwrap(), format!("{} {line}", sms(&real).unwrap()));
            }
        }
    }

    #[test]
    fn a_text_message_stays_short() {
        let named = vec!["x".repeat(300); 20];
        let message = letters(40, &named, true);
        let text = sms(&spoken(Language::Swedish, Some("ordet som är tjugo t"), message)).unwrap();
        assert!(text.chars().count() < 300, "{text}");
    }
}
