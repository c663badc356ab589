//! What a person writes to search: several words mean all of them, `"a phrase"`, `-not`.

use super::words::{Word, clean, is_figures, joined, words};

/// No question is longer than this; the rest is not read.
const LONGEST: usize = 400;

/// Nor has it more parts.
const MOST_CLAUSES: usize = 16;

/// Words with fewer letters are only found whole.
pub const SHORTEST_PART: usize = 3;

/// One part of a question, to be found or to be kept away.
#[derive(Clone, PartialEq, Eq)]
pub struct Clause {
    /// Letters that have it are left out.
    pub exclude: bool,
    /// What it is.
    pub what: What,
}

/// What is looked for.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    /// A word in any form, or a part of one.
    Word(String),
    /// Words that follow each other, just as they are.
    Phrase(Vec<String>),
    /// Figures in groups: as one number, or else each group by itself.
    Figures {
        /// The groups together.
        whole: String,
        /// Each by itself.
        groups: Vec<String>,
    },
}

// What somebody searches for is as private as what they have.
impl std::fmt::Debug for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clause(…)")
    }
}

/// Reads a question. Signs that mean nothing are passed over, so every text is a question, if perhaps an empty one.
pub fn parse(text: &str) -> Vec<Clause> {
    let text = clean(&text.chars().take(LONGEST).collect::<String>());
    let mut clauses = Vec::new();
    for (exclude, quoted, part) in parts(&text) {
        let what = if quoted { phrase(part) } else { loose(part) };
        if let Some(what) = what {
            clauses.push(Clause { exclude, what });
        }
    }
    clauses.truncate(MOST_CLAUSES);
    clauses
}

/// Cuts a question at white space and around quotes: whether each part is excluded, was quoted, and its text. Groups of figures stay
/// together.
fn parts(text: &str) -> Vec<(bool, bool, &str)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (exclude, after) = match rest.strip_prefix(['-', '–']) {
            Some(after) => (true, after),
            None => (false, rest),
        };
        if let Some(inside) = after.strip_prefix(is_quote) {
            let end = inside.find(is_quote).unwrap_or(inside.len());
            found.push((exclude, true, inside.get(..end).unwrap_or_default()));
            rest = inside
                .get(end..)
                .unwrap_or_default()
                .trim_start_matches(is_quote)
                .trim_start();
        } else {
            let end = end_of_loose(after);
            found.push((exclude, false, after.get(..end).unwrap_or_default()));
            rest = after.get(end..).unwrap_or_default().trim_start();
        }
    }
    found
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '”' | '“' | '„' | '»' | '«')
}

/// Where a part without quotes ends: at white space, unless it parts groups of figures, or at a quote.
fn end_of_loose(text: &str) -> usize {
    let runs: Vec<Word> = joined(text);
    text.char_indices()
        .find(|(at, c)| {
            is_quote(*c) || (c.is_whitespace() && !runs.iter().any(|run| run.at.start < *at && *at < run.at.end))
        })
        .map_or(text.len(), |(at, _)| at)
}

fn phrase(text: &str) -> Option<What> {
    let words: Vec<String> = joined(text).into_iter().map(|word| word.folded).collect();
    (!words.is_empty()).then_some(What::Phrase(words))
}

/// A part without quotes: a word, or words that a sign holds together (`2026/1234`, `e-post`).
fn loose(text: &str) -> Option<What> {
    let mut as_one: Vec<String> = joined(text).into_iter().map(|word| word.folded).collect();
    let groups: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
    match (as_one.pop(), as_one.is_empty()) {
        (None, _) => None,
        (Some(whole), true) if groups.len() > 1 && is_figures(&whole) => Some(What::Figures { whole, groups }),
        (Some(word), true) => Some(What::Word(word)),
        (Some(last), false) => {
            as_one.push(last);
            Some(What::Phrase(as_one))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        parse(text)
            .into_iter()
            .map(|clause| {
                let sign = if clause.exclude { "-" } else { "" };
                match clause.what {
                    What::Word(word) => format!("{sign}{word}"),
                    What::Phrase(words) => format!("{sign}[{}]", words.join(" ")),
                    What::Figures { whole, groups } => format!("{sign}{whole}({})", groups.join(" ")),
                }
            })
            .collect()
    }

    #[test]
    fn a_question_is_read_as_people_mean_it() {
        assert_eq!(read("  Räkning  el "), ["räkning", "el"]);
        assert_eq!(read("\"ditt nya larm\" -faktura"), ["[ditt nya larm]", "-faktura"]);
        assert_eq!(
            read("”nya avgifter” -\"gamla avgifter\""),
            ["[nya avgifter]", "-[gamla avgifter]"]
        );
        assert_eq!(read("1 250 kronor"), ["1250(1 250)", "kronor"]);
        assert_eq!(read("5050-1055"), ["50501055(5050 1055)"]);
        assert_eq!(read("SN-2026/123 e-post"), ["[sn 2026 123]", "[e post]"]);
        assert_eq!(read("1 250,00"), ["[1250 00]"]);
        assert_eq!(read("\"inte slutet"), ["[inte slutet]"]);
        assert_eq!(read(" - \"\" ! "), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_text_is_a_question(text in "[a-zåäö0-9 \"”,-]{0,60}") {
            prop_assert!(parse(&text).len() <= MOST_CLAUSES);
        }
    }
}
