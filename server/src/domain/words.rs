//! Words as search knows them: how text is cut into words, when two are the same, and when one is a form of the other.
//!
//! Case and most accents do not count (Müller is muller), but å, ä and ö are letters of their own. Figures in groups are also taken as
//! one: “1 250”, “5050-1055” and “2026-03-31” are found with and without what parts them.

use snowball_stemmers_rs::{Algorithm, Stemmer};
use std::collections::HashSet;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A word never counts more letters than this; what follows is cut off. Swedish has longer ones only in jest.
const LONGEST: usize = 64;

/// Figures in groups become one word up to so many.
const MOST_FIGURES: usize = 32;

/// No letter has more words than this, or more different ones; those beyond are not found. A thick report has some 100,000, and a tenth of
/// them are different.
const MOST_WORDS: usize = 200_000;
const MOST_DIFFERENT: usize = 20_000;

/// A word where it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Which bytes of the text.
    pub at: Range<usize>,
    /// Folded: what is compared and found.
    pub folded: String,
}

/// Text as it is kept for searching: composed letters, ligatures taken apart, nothing invisible.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '\u{fb00}' => clean.push_str("ff"),
            '\u{fb01}' => clean.push_str("fi"),
            '\u{fb02}' => clean.push_str("fl"),
            '\u{fb03}' => clean.push_str("ffi"),
            '\u{fb04}' => clean.push_str("ffl"),
            // soft hyphen, zero width, marks of direction
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {}
            '\n' | '\t' => clean.push(c),
            c if c.is_control() => clean.push(' '),
            c => clean.push(c),
        }
    }
    clean
}

/// A word without case and accents; å, ä and ö stay.
fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let mut left = LONGEST;
    for c in word.chars().flat_map(char::to_lowercase) {
        if left == 0 {
            break;
        }
        left -= 1;
        match c {
            'å' | 'ä' | 'ö' => folded.push(c),
            'æ' => folded.push('ä'),
            'ø' => folded.push('ö'),
            'ß' => folded.push_str("ss"),
            c if c.is_ascii() => folded.push(c),
            c => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    folded.push(part);
                }
            }),
        }
    }
    folded
}

/// Every word of a text that [`clean`] has made, in order. Groups of figures stand alone, each.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut begin = None;
    let mut push = |at: Range<usize>| {
        let folded = fold(text.get(at.clone()).unwrap_or_default());
        if !folded.is_empty() {
            found.push(Word { at, folded });
        }
    };
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            begin.get_or_insert(at);
        } else if let Some(begin) = begin.take() {
            push(begin..at);
        }
    }
    if let Some(begin) = begin {
        push(begin..text.len());
    }
    found
}

/// The same with each run of groups of figures as one word: “1 250 kr” is `1250`, `kr`.
pub fn joined(text: &str) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    for word in words(text) {
        match joined.last_mut() {
            Some(last) if continues(text, last, &word) => {
                last.at.end = word.at.end;
                last.folded.push_str(&word.folded);
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Whether `next` is one more group of the figures that `last` is.
fn continues(text: &str, last: &Word, next: &Word) -> bool {
    let between = text.get(last.at.end..next.at.start).unwrap_or_default();
    let mut between = between.chars();
    let one = matches!(
        (between.next(), between.next()),
        (Some(' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '-'), None)
    );
    one && is_figures(&last.folded) && is_figures(&next.folded) && last.folded.len() + next.folded.len() <= MOST_FIGURES
}

/// Whether a word is figures alone.
pub fn is_figures(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is indexed of a text: every word, and every run of figures as one.
pub fn indexed(text: &str) -> Vec<Word> {
    let mut all = words(text);
    all.extend(
        joined(text)
            .into_iter()
            .filter(|word| is_figures(&word.folded) && word.at.len() > word.folded.len()),
    );
    all
}

/// The different words of a letter's texts: what is indexed of it, and what its holder's rules look at.
pub fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> HashSet<String> {
    let mut different = HashSet::new();
    for word in texts.flat_map(indexed).take(MOST_WORDS) {
        if different.len() == MOST_DIFFERENT {
            break;
        }
        different.insert(word.folded);
    }
    different
}

/// The letters of a word as somebody types them who has no å, ä and ö.
pub fn bare(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'å' | 'ä' => 'a',
            'ö' => 'o',
            other => other,
        })
        .collect()
}

/// The forms of a word, by Swedish and by English rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    swedish: String,
    english: String,
}

/// What knows the forms of words.
pub struct Grammar {
    swedish: Stemmer,
    english: Stemmer,
}

impl std::fmt::Debug for Grammar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grammar")
    }
}

impl Default for Grammar {
    fn default() -> Self {
        Self {
            swedish: Stemmer::create(Algorithm::Swedish),
            english: Stemmer::create(Algorithm::English),
        }
    }
}

#[cfg(test)]
std::thread_local! {
    /// How many words this thread has taken to their stems, the dearest of what is done with words: for tests to count.
    pub(super) static STEMMED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Grammar {
    /// The forms of a folded word.
    pub fn forms(&self, word: &str) -> Forms {
        #[cfg(test)]
        STEMMED.set(STEMMED.get() + 1);
        Forms {
            // Twice: of “bostaden” the first time leaves “bostad”, of which “bost” is left.
            swedish: further(self.swedish.stem(&self.swedish.stem(word)).into_owned()),
            english: self.english.stem(word).into_owned(),
        }
    }
}

impl Forms {
    /// Whether two words are forms of one, by either language's rules.
    pub fn same(&self, other: &Self) -> bool {
        self.swedish == other.swedish || self.english == other.english
    }

    /// What every word of the same forms begins with: only the last letter of a stem ever differs (happy, happiness).
    pub fn beginning(&self) -> &str {
        let shorter = if self.english.len() < self.swedish.len() {
            &self.english
        } else {
            &self.swedish
        };
        let cut = shorter.char_indices().next_back().map_or(0, |(at, _)| at);
        shorter.get(..cut).unwrap_or_default()
    }
}

/// What the words of a text come to without their endings, by either language's rules.
#[derive(Clone, Debug, Default)]
pub struct Stems {
    swedish: HashSet<String>,
    english: HashSet<String>,
}

impl Stems {
    /// Of these words.
    pub fn of<'w>(grammar: &Grammar, words: impl IntoIterator<Item = &'w String>) -> Self {
        let mut stems = Self::default();
        for word in words {
            let forms = grammar.forms(word);
            stems.swedish.insert(forms.swedish);
            stems.english.insert(forms.english);
        }
        stems
    }

    /// Whether one of the words is a form of this one.
    pub fn have(&self, forms: &Forms) -> bool {
        self.swedish.contains(&forms.swedish) || self.english.contains(&forms.english)
    }
}

/// Endings that Snowball's Swedish rules leave where they could be a part of the word: ärendet, bilagan, ärendena, ansökning. In
/// letters from authorities they nearly always are endings.
fn further(stem: String) -> String {
    for ending in ["ning", "et", "an", "en"] {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.chars().count() >= 4
        {
            return rest.to_owned();
        }
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<String> {
        words(&clean(text)).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn case_and_accents_do_not_count_but_swedish_letters_do() {
        assert_eq!(folded("RÄKNING Åsa Müller idé"), ["räkning", "åsa", "muller", "ide"]);
        assert_eq!(
            folded("ra\u{308}kning A\u{30a}sa"),
            ["räkning", "åsa"],
            "letters in parts"
        );
        assert_eq!(folded("o\u{fb00}ert tryg\u{ad}ghet"), ["offert", "trygghet"]);
        assert_ne!(folded("får"), folded("far"));
    }

    #[test]
    fn a_letter_has_only_so_many_different_words() {
        let many: String = (0..30_000).map(|n| format!("ord{n} ")).collect();
        assert_eq!(distinct(std::iter::once(many.as_str())).len(), MOST_DIFFERENT);
    }

    #[test]
    fn figures_in_groups_are_found_as_one_too() {
        let joined = |text: &str| joined(text).into_iter().map(|word| word.folded).collect::<Vec<_>>();
        assert_eq!(joined("1 250 kr"), ["1250", "kr"]);
        assert_eq!(joined("5050-1055"), ["50501055"]);
        assert_eq!(joined("SN 2026/1234"), ["sn", "2026", "1234"]);
        let all: Vec<_> = indexed("OCR 8123 4567").into_iter().map(|word| word.folded).collect();
        assert_eq!(all, ["ocr", "8123", "4567", "81234567"]);
    }

    #[test]
    fn forms_of_a_word_are_one_word() {
        let grammar = Grammar::default();
        for (one, others) in [
            ("räkning", &["räkningar", "räkningarna", "räkningens"][..]),
            ("beslut", &["beslutet", "besluten", "beslutets"]),
            ("ärende", &["ärendet", "ärenden", "ärendena", "ärendets"]),
            ("bilaga", &["bilagan", "bilagor", "bilagorna"]),
            ("ansökan", &["ansökningar", "ansökningen"]),
            ("trygghetslarm", &["trygghetslarmet", "trygghetslarmen"]),
            ("barn", &["barnet", "barnen", "barnens"]),
            ("avgift", &["avgiften", "avgifter", "avgifterna"]),
            ("bostad", &["bostaden", "bostadens"]),
            ("invoice", &["invoices"]),
            ("decision", &["decisions"]),
            ("payment", &["payments"]),
        ] {
            let forms = grammar.forms(one);
            for other in others {
                assert!(
                    forms.same(&grammar.forms(other)),
                    "{one}, {other}: {forms:?} {:?}",
                    grammar.forms(other)
                );
                assert!(
                    other.starts_with(forms.beginning()),
                    "{other} begins with {}",
                    forms.beginning()
                );
            }
        }
        for (one, other) in [
            ("räkning", "räkna"),
            ("skatt", "skada"),
            ("bil", "bild"),
            ("hus", "hund"),
        ] {
            assert!(!grammar.forms(one).same(&grammar.forms(other)), "{one}, {other}");
        }
    }

    proptest! {
        #[test]
        fn words_stand_where_they_say(text in "\\PC{0,60}") {
            let text = clean(&text);
            let mut end = 0;
            for word in words(&text) {
                prop_assert!(word.at.start >= end && text.get(word.at.clone()).is_some());
                end = word.at.end;
            }
            indexed(&text);
        }
    }
}
