//! A letter as a PDF.

use super::LetterCopy;
use super::blocks::blocks;
use super::pdf::{Fonts, PdfError, Sheet, pdf};
use super::text::size;
use app::CopyWords;
use time::OffsetDateTime;

/// The letter, with what there is to know of it, as a PDF.
pub fn letter(
    letter: &LetterCopy,
    words: &CopyWords,
    fonts: &Fonts,
    made_at: OffsetDateTime,
) -> Result<Vec<u8>, PdfError> {
    let language = letter.language().unwrap_or_else(|| "sv".to_owned());
    let attachments: Vec<String> = letter
        .attachments()
        .into_iter()
        .map(|(name, attachment)| words.file(&name, size(&attachment.content)))
        .collect();
    let after = [
        (words.attachments(), attachments),
        (words.questions(), letter.questions()),
    ];
    let sheet = Sheet {
        title: &letter.message.subject,
        author: &letter.sender.name,
        language: &language,
        service_language: words.tag(),
        facts: letter.facts(words),
        blocks: blocks(&letter.body_html()),
        after: after.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
        foot: words.is_a_copy(made_at),
        made_at,
    };
    pdf(&sheet, fonts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::tests;
    use app::Language;
    use std::path::Path;
    use time::macros::datetime;

    fn made(letter_copy: &LetterCopy) -> Result<Vec<u8>, PdfError> {
        let fonts = Fonts::read(Path::new("/usr/share/fonts/truetype/dejavu")).expect("fonts-dejavu-core is installed");
        let words = CopyWords::of(Language::Swedish);
        letter(letter_copy, &words, &fonts, datetime!(2026-12-01 08:00 UTC))
    }

    /// The library refuses what does not follow PDF/UA-1: no title, no language, a heading that is skipped, a sign without meaning.
    #[test]
    fn a_letter_becomes_an_accessible_pdf() {
        let mut copy = tests::letter();
        copy.message.body.content = "<h4>Rubrik</h4><p>Text med <a href='https://x.example/'>länk</a> och <i>kursiv</i></p>\
            <ul><li>ett<ol><li>a</li></ol></li></ul><ol><li>b</li></ol><table><tr><th>År</th><td colspan=2>2026</td></tr></table>"
            .repeat(40)
            .into();
        let pdf = made(&copy).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        for part in ["/StructTreeRoot", "/MarkInfo", "pdfuaid"] {
            assert!(
                pdf.windows(part.len()).any(|window| window == part.as_bytes()),
                "{part}"
            );
        }
    }

    #[test]
    fn a_letter_that_cannot_be_set_right_is_not_set_at_all() {
        let mut copy = tests::letter();
        for script in ["<p>مرحبا</p>", "<p>שלום</p>", "<p>你好</p>"] {
            copy.message.body.content = script.into();
            assert_eq!(made(&copy), Err(PdfError::Script), "{script}");
        }
    }

    #[test]
    fn an_empty_letter_is_a_page() {
        let mut copy = tests::letter();
        copy.message.body.content = Vec::new();
        copy.message.attachments.clear();
        assert!(made(&copy).is_ok());
    }

    /// By its paragraphs before anything is set, and by its pages.
    #[test]
    fn a_letter_of_too_many_pages_is_refused() {
        let mut copy = tests::letter();
        copy.message.body.content_type = "text/plain".to_owned();
        for text in ["rad\n\n".repeat(50_001), "rad\n\n".repeat(49_000)] {
            copy.message.body.content = text.into();
            assert_eq!(made(&copy), Err(PdfError::TooLong));
        }
    }
}
