//! The first words of a letter, for the line under its subject in lists.

use super::body::words_of_beginning;
use super::one_line::{Lines, one_line};
use super::visible::visible;

/// So much of a body is looked at, in bytes: what follows is no beginning.
const LOOKED_AT: usize = 16 * 1024;

/// How long the line is, in characters. Lists cut it where their own line ends.
const LENGTH: usize = 140;

/// The first words of a body, on one line; without the subject, when they only say it again. Nothing when there are none.
pub fn preview_line(subject: &str, content_type: &str, body: &[u8]) -> Option<String> {
    let words = words_of_beginning(content_type, body.get(..LOOKED_AT).unwrap_or(body));
    let line = one_line(&words, Lines::Running);
    let line = without(&line, &one_line(subject, Lines::Running));
    let short: String = line.chars().take(LENGTH).collect();
    let shown = visible(&short);
    shown.contains(char::is_alphanumeric).then_some(shown)
}

/// What follows the subject in a line that begins with it.
fn without<'l>(line: &'l str, subject: &str) -> &'l str {
    let mut rest = line.chars();
    for wanted in subject.chars() {
        let same = rest.next().is_some_and(|c| c.to_lowercase().eq(wanted.to_lowercase()));
        if !same {
            return line;
        }
    }
    let rest = rest.as_str();
    if rest.starts_with(char::is_alphanumeric) {
        line
    } else {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(subject: &str, kind: &str, body: &str) -> Option<String> {
        preview_line(subject, kind, body.as_bytes())
    }

    #[test]
    fn it_is_the_first_words_on_one_line() {
        let html = "<html><head><title>x</title><style>p{color:red}</style></head><body><h1>Ditt beslut</h1>\n<p>Hej&nbsp;<b>Tol</b>van!<br>V&auml;lkommen &mdash; h\u{e4}r.</p></body></html>";
        assert_eq!(
            of("Beslut", "text/html", html).as_deref(),
            Some("Ditt beslut · Hej Tolvan! Välkommen — här.")
        );
        assert_eq!(
            of("Hej", "text/plain", "  Hälsningar\r\n\r\nfrån oss").as_deref(),
            Some("Hälsningar · från oss")
        );
    }

    #[test]
    fn where_the_beginning_is_cut_does_not_change_it() {
        for before in 0..3 {
            let long = format!("{}Hälsningar från {}", "x".repeat(before), "å".repeat(LOOKED_AT));
            assert!(
                of("", "text/plain", &long).unwrap().contains("Hälsningar från å"),
                "{before}"
            );
        }
    }

    #[test]
    fn the_subject_is_not_said_twice() {
        assert_eq!(
            of("Ditt  beslut", "text/plain", "DITT BESLUT\n\n– Du får ja.").as_deref(),
            Some("Du får ja.")
        );
        assert_eq!(
            of("Ditt beslut", "text/html", "<h1>Ditt beslut</h1><p>Du får ja").as_deref(),
            Some("Du får ja")
        );
        assert_eq!(of("Hej", "text/plain", "Hejdå").as_deref(), Some("Hejdå"));
        assert_eq!(of("Ditt beslut", "text/plain", "Ditt beslut"), None);
    }

    #[test]
    fn what_says_nothing_is_no_line() {
        for body in ["", " \n ", "<p></p><img src=x>", "- - -", "<style>p{}"] {
            assert_eq!(of("Hej", "text/html", body), None, "{body}");
        }
        let hidden = of("Hej", "text/plain", "Kommun\u{202e}A\u{200b}").unwrap();
        assert_eq!(hidden, "KommunA");
        assert_eq!(
            of("Hej", "text/plain", &"ö".repeat(500)).unwrap().chars().count(),
            LENGTH
        );
    }

    proptest! {
        #[test]
        fn any_body_has_a_line_or_none(subject in "\\PC{0,20}", body in prop::collection::vec(any::<u8>(), 0..300)) {
            for kind in ["text/html", "text/plain"] {
                if let Some(line) = preview_line(&subject, kind, &body) {
                    prop_assert!(!line.contains('\n') && line.chars().count() <= LENGTH);
                }
            }
        }
    }
}
