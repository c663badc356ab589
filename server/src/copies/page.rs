//! A letter as a page that opens from a disk, without us and without asking anything of the network.

use super::LetterCopy;
use super::text::size;
use app::CopyWords;
use askama::Template;
use time::OffsetDateTime;

#[derive(Template)]
#[template(path = "copy/letter.html")]
struct Page<'a> {
    tag: &'a str,
    language: &'a str,
    subject: &'a str,
    /// What stands above everything.
    above: Option<&'a str>,
    /// Name, value, and whether it is a warning.
    facts: Vec<(&'static str, String, bool)>,
    body: String,
    attachments_label: &'static str,
    /// Where each lies beside the page, and what it is called.
    attachments: Vec<(String, String)>,
    questions_label: &'static str,
    questions: Vec<String>,
    is_a_copy: String,
}

/// The page. `beside` is the folder that the attachments lie in, beside the page; without one they are named and not linked.
pub fn letter(
    letter: &LetterCopy,
    words: &CopyWords,
    beside: Option<&str>,
    made_at: OffsetDateTime,
) -> Result<String, askama::Error> {
    render(letter, words, None, beside, made_at)
}

/// The page as a mail has it, with what there is to say of why it came.
pub fn mailed(
    letter: &LetterCopy,
    words: &CopyWords,
    above: &str,
    made_at: OffsetDateTime,
) -> Result<String, askama::Error> {
    render(letter, words, Some(above), None, made_at)
}

fn render(
    letter: &LetterCopy,
    words: &CopyWords,
    above: Option<&str>,
    beside: Option<&str>,
    made_at: OffsetDateTime,
) -> Result<String, askama::Error> {
    let language = letter.language().unwrap_or_else(|| "sv".to_owned());
    let attachments = letter.attachments().into_iter().map(|(name, attachment)| {
        let address = beside.map_or_else(String::new, |folder| address(&[folder, &name]));
        (address, words.file(&name, size(&attachment.content)))
    });
    let facts = letter
        .facts(words)
        .into_iter()
        .map(|(name, value)| (name, value, name == words.signature() && letter.is_broken()));
    Page {
        tag: words.tag(),
        language: &language,
        subject: &letter.message.subject,
        above,
        facts: facts.collect(),
        body: letter.body_html(),
        attachments_label: words.attachments(),
        attachments: attachments.collect(),
        questions_label: words.questions(),
        questions: letter.questions(),
        is_a_copy: words.is_a_copy(made_at),
    }
    .render()
}

/// A relative address of names, each percent-encoded.
pub(super) fn address(names: &[&str]) -> String {
    let encoded = names.iter().map(|name| {
        name.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect::<String>()
    });
    encoded.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::tests;
    use app::Language;
    use time::macros::datetime;

    #[test]
    fn a_page_asks_nothing_of_the_network() {
        let words = CopyWords::of(Language::English);
        let page = letter(
            &tests::letter(),
            &words,
            Some("attachments"),
            datetime!(2026-12-01 08:00 UTC),
        )
        .unwrap();
        assert!(
            page.contains("href=\"attachments/Beslut%20%C3%A5%C3%A4%C3%B6.pdf\""),
            "{page}"
        );
        assert!(page.contains("default-src 'none'") && page.contains("<h2>Beslut</h2>"));
        for no in ["http:", "https:", "<script", "url("] {
            assert!(!page.contains(no), "{no}");
        }
    }
}
