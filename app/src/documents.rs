//! Documents of their own, outside the pages: the text of a letter in its frame, and what is shown when no page can be made.

use crate::i18n::Locale;
use crate::parts::{Brand, FaultView, Remedy};
use crate::ports::{Layout, LetterText};
use crate::request::{Language, Look, Visit};
use crate::words;
use leptos::prelude::*;
use leptos_i18n::td_string;
use std::borrow::Cow;

/// The document for `/brev/{id}/text`: the cleaned body under a style sheet of its own, without scripts.
///
/// To be sent with a policy of its own that lets the page frame it (`frame-ancestors 'self'`) and lets nothing run. If
/// that policy has a `sandbox`, it must say `allow-same-origin` too, or the page cannot fit the frame's height.
pub fn letter_document(letter: &LetterText, language: Language, look: Look) -> String {
    let l = Locale::from(language);
    let (tongue, body) = if words::says_something(&letter.html) {
        let tongue = letter.language.as_deref().unwrap_or("sv");
        (tongue, Cow::Borrowed(letter.html.as_str()))
    } else {
        (
            language.tag(),
            Cow::Owned(format!("<p><em>{}</em></p>", td_string!(l, letter.no_text))),
        )
    };
    format!(
        "<!DOCTYPE html><html lang=\"{}\"{}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"{}\"><meta name=\"referrer\" content=\"no-referrer\">\
         <title>{}</title><base target=\"_blank\"><link rel=\"stylesheet\" href=\"/brevtext.css\"></head>\
         <body>{}{body}</body></html>",
        escape(tongue),
        attribute(look),
        look.scheme(),
        escape(td_string!(l, letter.frame)),
        words_only(l, letter, language),
    )
}

/// The sentence above a letter whose layout is not shown, and the way to all of it.
fn words_only(l: Locale, letter: &LetterText, language: Language) -> String {
    match letter.layout {
        Layout::AsSent => String::new(),
        Layout::WordsOnly => format!(
            // Beside this document, in whichever mailbox it is.
            "<p class=\"words-only\" lang=\"{}\">{} <a href=\"textfil\">{}</a></p>",
            language.tag(),
            escape(td_string!(l, letter.words_only)),
            escape(td_string!(l, letter.words_only_file)),
        ),
    }
}

/// What went wrong where no page could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No such thing, or not for this person (404).
    NotFound,
    /// Something of ours failed (500, 503).
    Ours,
    /// What came could not be taken in (400, 403, 413, 415, 422).
    Refused,
    /// Who acts for a company cannot be told now, so what binds it cannot be done (503).
    RightsUnknown,
    /// Too many requests (429).
    TooMany,
}

/// A whole page for a fault, made without the pages: for routes beside them, and for when they fail.
pub fn fault_document(fault: Fault, language: Language, look: Look, visit: Visit) -> String {
    let l = Locale::from(language);
    let (remedy, title) = match fault {
        Fault::NotFound => (Remedy::NotFound, td_string!(l, fault.not_found_title)),
        Fault::Ours => (Remedy::Ours, td_string!(l, fault.title)),
        Fault::Refused => (Remedy::Refused, td_string!(l, fault.title)),
        Fault::RightsUnknown => (Remedy::RightsUnknown, td_string!(l, fault.title)),
        Fault::TooMany => (Remedy::TooMany, td_string!(l, fault.title)),
    };
    let owner = Owner::new();
    let body = owner.with(|| {
        provide_context(language);
        provide_context(visit);
        view! {
            <div class="door"><header class="top wrap"><Brand home="/" label=td_string!(l, brand.to_start)/></header></div>
            <main id="innehall"><div class="wrap open-page"><FaultView remedy/></div></main>
        }
        .to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{}\"{}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"{}\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"/brevlada.css\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body>{body}</body></html>",
        language.tag(),
        attribute(look),
        look.scheme(),
        escape(title),
    )
}

/// The page that a browser keeps for when there is no network: the same for everybody, in both languages.
pub fn offline_document() -> String {
    let part = |language: Language| {
        let l = Locale::from(language);
        format!(
            "<section class=\"stack\" lang=\"{}\"><h{level}>{}</h{level}><p>{}</p><p>{}</p>\
             <p><a class=\"btn\" href=\"\">{}</a></p></section>",
            language.tag(),
            escape(td_string!(l, offline.title)),
            escape(td_string!(l, offline.text)),
            escape(td_string!(l, offline.kept)),
            escape(td_string!(l, offline.again)),
            level = if language == Language::Swedish { 1 } else { 2 },
        )
    };
    let l = Locale::from(Language::Swedish);
    let owner = Owner::new();
    let brand = owner.with(|| {
        provide_context(Language::Swedish);
        view! { <Brand home="/" label=td_string!(l, brand.to_start)/> }.to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"sv\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{} – {}</title>\
         <link rel=\"stylesheet\" href=\"/brevlada.css\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body><div class=\"door\"><header class=\"top wrap\">{brand}</header></div>\
         <main id=\"innehall\"><div class=\"wrap open-page offline\">{}{}</div></main></body></html>",
        escape(td_string!(l, offline.title)),
        escape(td_string!(l, brand.name)),
        part(Language::Swedish),
        part(Language::English),
    )
}

/// The attribute that the style sheets read the look from.
fn attribute(look: Look) -> String {
    look.attribute()
        .map(|look| format!(" data-look=\"{look}\""))
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_letter_without_its_layout_says_so_and_leads_to_all_of_it() {
        let mut letter = LetterText {
            id: crate::ports::LetterId("7".to_owned()),
            html: "<p>Beslut</p>".to_owned(),
            layout: Layout::AsSent,
            language: Some("sv".to_owned()),
        };
        assert!(!letter_document(&letter, Language::Swedish, Look::Device).contains("textfil"));
        letter.layout = Layout::WordsOnly;
        let page = letter_document(&letter, Language::English, Look::Device);
        assert!(
            page.contains("href=\"textfil\"") && page.contains("<p>Beslut</p>"),
            "{page}"
        );
    }

    #[test]
    fn a_fault_says_its_number_and_its_language() {
        let visit = Visit {
            now: datetime!(2026-03-17 08:06:12 UTC),
            reference: "7Q4-MK2-91".to_owned(),
            banners: vec![],
        };
        let page = fault_document(Fault::Ours, Language::English, Look::Dark, visit);
        assert!(page.contains("<html lang=\"en\" data-look=\"dark\">"));
        assert!(page.contains("7Q4-MK2-91"));
        assert!(page.contains("The fault is ours"));
        assert!(!page.contains("<script"));
    }
}
