//! The words of mails: askama templates in `templates/mail`, one for each language and form.
//!
//! The first line of a text template is the subject. No mail names a sender, a subject or a person, and none holds a link:
//! the address of the mailbox is written out, and the mail asks to type it.

use super::worker::TryError;
use askama::Template;

/// A language that we write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Swedish,
    English,
}

impl Language {
    /// The language of a mailbox; what is not known is Swedish.
    pub(super) fn of(tag: &str) -> Self {
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

/// A mail in words.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// The notice that a letter has come. `host` is what to type to get to the mailbox.
pub(super) fn notice(language: Language, host: &str) -> Result<Words, TryError> {
    match language {
        Language::Swedish => words(&NoticeTextSv { host }, &NoticeHtmlSv { host }),
        Language::English => words(&NoticeTextEn { host }, &NoticeHtmlEn { host }),
    }
}

/// The code that confirms an address; `minutes` is how long it holds.
pub(super) fn code(language: Language, host: &str, code: &str, minutes: i64) -> Result<Words, TryError> {
    match language {
        Language::Swedish => words(&CodeTextSv { host, code, minutes }, &CodeHtmlSv { host, code, minutes }),
        Language::English => words(&CodeTextEn { host, code, minutes }, &CodeHtmlEn { host, code, minutes }),
    }
}

fn words(text: &impl Template, html: &impl Template) -> Result<Words, TryError> {
    let text = text.render().map_err(|_| TryError::Words)?;
    let html = html.render().map_err(|_| TryError::Words)?;
    let (subject, text) = text.split_once("\n\n").ok_or(TryError::Words)?;
    Ok(Words {
        subject: subject.trim().to_owned(),
        text: text.to_owned(),
        html,
    })
}

macro_rules! template {
    ($name:ident, $path:literal $(, $field:ident: $type:ty)*) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> { host: &'a str $(, $field: $type)* }
    };
}
template!(NoticeTextSv, "mail/notice.sv.txt");
template!(NoticeHtmlSv, "mail/notice.sv.html");
template!(NoticeTextEn, "mail/notice.en.txt");
template!(NoticeHtmlEn, "mail/notice.en.html");
template!(CodeTextSv, "mail/code.sv.txt", code: &'a str, minutes: i64);
template!(CodeHtmlSv, "mail/code.sv.html", code: &'a str, minutes: i64);
template!(CodeTextEn, "mail/code.en.txt", code: &'a str, minutes: i64);
template!(CodeHtmlEn, "mail/code.en.html", code: &'a str, minutes: i64);

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &Words) -> String {
        format!("{}\n\n{}\n----\n{}", words.subject, words.text, words.html)
    }

    #[test]
    fn people_read_this_when_a_letter_has_come() {
        insta::assert_snapshot!(
            "notice.sv",
            shown(&notice(Language::Swedish, "brevlada.example").unwrap())
        );
        insta::assert_snapshot!(
            "notice.en",
            shown(&notice(Language::English, "brevlada.example").unwrap())
        );
    }

    #[test]
    fn people_read_this_when_they_confirm_an_address() {
        insta::assert_snapshot!(
            "code.sv",
            shown(&code(Language::Swedish, "brevlada.example", "012345", 30).unwrap())
        );
        insta::assert_snapshot!(
            "code.en",
            shown(&code(Language::English, "brevlada.example", "012345", 30).unwrap())
        );
    }

    #[test]
    fn no_mail_holds_a_link_or_loads_anything() {
        for language in [Language::Swedish, Language::English] {
            for words in [
                notice(language, "brevlada.example").unwrap(),
                code(language, "brevlada.example", "012345", 30).unwrap(),
            ] {
                let all = shown(&words);
                for no in ["<a", "href", "src=", "url(", "http:", "https:"] {
                    assert!(!all.contains(no), "{no} in {all}");
                }
            }
        }
    }
}
