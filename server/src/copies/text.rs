//! A letter as plain text.

use super::LetterCopy;
use super::blocks::{Block, Span, blocks, plain};
use app::CopyWords;
use std::fmt::Write as _;
use time::OffsetDateTime;

/// The whole letter, with what there is to know of it.
pub fn letter(letter: &LetterCopy, words: &CopyWords, made_at: OffsetDateTime) -> String {
    let mut text = format!("{}\n\n", letter.message.subject);
    // Writing to a String cannot fail.
    for (name, value) in letter.facts(words) {
        let _ = writeln!(text, "{name}: {value}");
    }
    let _ = write!(text, "\n{}\n", body(&letter.body_html()));
    let attachments = letter.attachments();
    if !attachments.is_empty() {
        let _ = write!(text, "\n{}:\n", words.attachments());
        for (name, attachment) in attachments {
            let _ = writeln!(text, "- {}", words.file(&name, size(&attachment.content)));
        }
    }
    let questions = letter.questions();
    if !questions.is_empty() {
        let _ = write!(text, "\n{}:\n{}\n", words.questions(), questions.join("\n"));
    }
    let _ = write!(text, "\n{}\n", words.is_a_copy(made_at));
    text
}

/// Cleaned HTML as text.
pub fn body(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_list = false;
    for block in blocks(html) {
        let item = matches!(block, Block::Item { .. });
        if !text.is_empty() {
            // Items of a list stand close together.
            text.push_str(if item && in_list { "\n" } else { "\n\n" });
        }
        in_list = item;
        match block {
            Block::Heading { spans, .. } => text.push_str(&plain(&spans).to_uppercase()),
            Block::Paragraph { spans } => text.push_str(&with_addresses(&spans)),
            Block::Item { depth, marker, spans } => {
                let indent = "  ".repeat(depth - 1);
                let marker = if marker.is_empty() {
                    String::new()
                } else {
                    format!("{marker} ")
                };
                let lines = with_addresses(&spans).replace('\n', &format!("\n{indent}"));
                text.push_str(&format!("{indent}{marker}{lines}"));
            }
            Block::Table { rows } => {
                let lines = rows.iter().map(|row| {
                    let cells = row.iter().map(|cell| with_addresses(&cell.spans).replace('\n', ", "));
                    cells.collect::<Vec<_>>().join(" | ")
                });
                text.push_str(&lines.collect::<Vec<_>>().join("\n"));
            }
            Block::Rule => text.push_str("* * *"),
        }
    }
    text
}

/// The words of some spans; where a link leads stands after it, unless the link is the address itself.
pub(super) fn with_addresses(spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        text.push_str(&span.text);
        if let Some(link) = &span.link
            && !link.contains(span.text.trim())
        {
            text.push_str(&format!(" ({link})"));
        }
    }
    text
}

pub(super) fn size(content: &[u8]) -> u64 {
    u64::try_from(content.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::tests;
    use app::Language;
    use time::macros::datetime;

    #[test]
    fn a_letter_in_text_can_be_read_aloud() {
        let words = CopyWords::of(Language::Swedish);
        insta::assert_snapshot!(letter(&tests::letter(), &words, datetime!(2026-12-01 08:00 UTC)));
    }

    #[test]
    fn a_link_says_where_it_leads_once() {
        let html =
            "<p><a href=\"https://x.example/a\">Läs mer</a>, <a href=\"https://x.example/\">https://x.example/</a></p>";
        assert_eq!(body(html), "Läs mer (https://x.example/a), https://x.example/");
    }
}
