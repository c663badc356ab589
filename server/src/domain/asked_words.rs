//! Whether a letter has the words that a rule asks for: what search would say of it, told of one letter by itself.
//!
//! Two things that search does for a person a rule leaves alone, for they depend on which other letters there are: it never looks for a
//! word without its å, ä and ö, and never passes over parts of words because they are common.

use super::letter_text::{LetterText, Of};
use super::meant::Meant;
use super::query::{Clause, What, parse};
use super::words::{Grammar, Stems, clean, distinct, joined};
use std::collections::HashSet;
use std::sync::OnceLock;

/// Rules listen to so much of a letter, in bytes: some forty pages. A letter waits for them while it comes in, and a hundred rules must
/// not hold it up.
const LISTENED: usize = 128 * 1024;

/// What a rule asks for.
pub struct AskedWords {
    grammar: Grammar,
    clauses: Vec<Clause>,
    asked: Vec<(bool, Ask)>,
}

// What somebody asks for is as private as what they have.
impl std::fmt::Debug for AskedWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskedWords(…)")
    }
}

/// One part of it.
enum Ask {
    Word(Meant),
    Phrase(Vec<String>),
    Figures { whole: Meant, groups: Vec<Meant> },
}

/// What rules read of a letter.
#[derive(Clone, Debug, Default)]
pub struct LetterWords {
    /// Its subject, as lists show it.
    pub subject: Heard,
    /// The whole of it, but for the pages of attachments: they are read later than a letter comes in.
    pub whole: Heard,
}

/// Text cut into words.
#[derive(Clone, Default)]
pub struct Heard {
    /// The words of each text in their order, groups of figures as one.
    texts: Vec<Vec<String>>,
    words: HashSet<String>,
    /// The same words, a line each.
    list: String,
    /// What they come to without their endings: worked out once, for the first rule that asks.
    stems: OnceLock<Stems>,
}

impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heard(…)")
    }
}

impl LetterWords {
    /// The words of a letter with this subject and this text.
    pub fn of(subject: &str, text: LetterText) -> Self {
        Self {
            subject: Heard::of_subject(subject),
            whole: Heard::of_letter(text),
        }
    }
}

impl Heard {
    /// A subject alone.
    pub fn of_subject(subject: &str) -> Self {
        Self::of(vec![clean(subject)])
    }

    /// Everything but the pages of attachments.
    pub fn of_letter(text: LetterText) -> Self {
        let parts = text.parts.into_iter();
        Self::of(
            parts
                .filter(|part| !matches!(part.of, Of::Page(..)))
                .map(|part| part.text)
                .collect(),
        )
    }

    fn of(mut texts: Vec<String>) -> Self {
        let mut left = LISTENED;
        for text in &mut texts {
            text.truncate(text.floor_char_boundary(left));
            left -= text.len();
        }
        let words = distinct(texts.iter().map(String::as_str));
        let mut list = String::from("\n");
        for word in &words {
            list.push_str(word);
            list.push('\n');
        }
        let in_order = |text: &String| joined(text).into_iter().map(|word| word.folded).collect();
        Self {
            texts: texts.iter().map(in_order).collect(),
            words,
            list,
            stems: OnceLock::new(),
        }
    }

    fn has_phrase(&self, phrase: &[String]) -> bool {
        self.texts
            .iter()
            .any(|words| words.windows(phrase.len()).any(|window| window == phrase))
    }
}

impl AskedWords {
    /// Reads what a person wrote, as search reads it.
    pub fn parse(text: &str) -> Self {
        let grammar = Grammar::default();
        let clauses = parse(text);
        let asked = clauses
            .iter()
            .map(|clause| {
                let ask = match &clause.what {
                    What::Word(word) => Ask::Word(Meant::by(&grammar, word)),
                    What::Phrase(words) => Ask::Phrase(words.clone()),
                    What::Figures { whole, groups } => Ask::Figures {
                        whole: Meant::by(&grammar, whole),
                        groups: groups.iter().map(|group| Meant::by(&grammar, group)).collect(),
                    },
                };
                (clause.exclude, ask)
            })
            .collect();
        Self {
            grammar,
            clauses,
            asked,
        }
    }

    /// The same as a question to the index of search.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// Whether it asks for any word at all, and not only for words that must not be there.
    pub fn wants_some(&self) -> bool {
        self.clauses.iter().any(|clause| !clause.exclude)
    }

    /// Whether the index alone cannot tell: it does not know in which order words stand.
    pub fn has_phrases(&self) -> bool {
        let is_phrase = |what: &What| matches!(what, What::Phrase(words) if words.len() > 1);
        self.clauses.iter().any(|clause| is_phrase(&clause.what))
    }

    /// Whether a text has all that is asked for, and nothing that must not be there.
    pub fn are_in(&self, heard: &Heard) -> bool {
        self.asked
            .iter()
            .all(|(exclude, ask)| *exclude != self.is_in(ask, heard))
    }

    fn is_in(&self, ask: &Ask, heard: &Heard) -> bool {
        let stems = || heard.stems.get_or_init(|| Stems::of(&self.grammar, &heard.words));
        let any = |meant: &Meant| meant.is_among(&heard.list, stems);
        match ask {
            Ask::Word(word) => any(word),
            Ask::Figures { whole, groups } => any(whole) || groups.iter().all(any),
            Ask::Phrase(words) => {
                words.iter().all(|word| heard.words.contains(word)) && (words.len() == 1 || heard.has_phrase(words))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter_text::Part;
    use crate::domain::words::STEMMED;

    fn letter(body: &str, page: &str) -> Heard {
        let part = |of, text: &str| Part {
            of,
            text: text.to_owned(),
        };
        Heard::of_letter(LetterText {
            parts: vec![
                part(Of::Subject, "Om din bostad"),
                part(Of::Body, body),
                part(Of::Page(0, 1), page),
            ],
            attached: vec![],
        })
    }

    #[test]
    fn words_are_found_in_every_form_and_as_parts_and_all_of_them_count() {
        let heard = letter(
            "Räkningarna för trygghetslarm är 1 250 kronor. Nya avgifter gäller.",
            "Hyra",
        );
        for (asked, there) in [
            ("räkning", true),
            ("RÄKNINGEN larm", true),
            ("trygghetslarmet bostaden", true),
            ("larmet", false),
            ("bostad", true),
            ("rakning", false),
            ("räkning hyra", false),
            ("1250", true),
            ("1 250", true),
            ("\"nya avgifter\"", true),
            ("\"avgifter nya\"", false),
            ("\"larm\"", false),
            ("räkning -larm", false),
            ("räkning -hyra", true),
            ("är", true),
            ("ä", false),
        ] {
            assert_eq!(AskedWords::parse(asked).are_in(&heard), there, "{asked}");
        }
    }

    /// A hundred rules of the dearest kind on a long letter: what took minutes must not be felt. No rule looks at more than is listened to, and
    /// each word of that is taken to its stem once, however many rules ask for it.
    #[test]
    fn many_dear_rules_do_not_hold_up_a_long_letter() {
        let words: String = (0..200_000).map(|n| format!("i ba{n:x} ")).collect();
        let heard = letter(&words, "");
        let in_order: usize = heard.texts.iter().flatten().map(String::len).sum();
        assert!(in_order <= LISTENED, "{in_order}");
        // Words of figures stand in the list twice at most, by themselves and with those beside them.
        assert!(heard.list.len() <= 2 * LISTENED, "{}", heard.list.len());
        let before = STEMMED.get();
        for n in 0..100 {
            let phrases = "-\"i i\" ".repeat(10);
            assert!(AskedWords::parse(&format!("i {phrases}")).are_in(&heard));
            assert!(AskedWords::parse(&format!("i -baå{n} -baåx")).are_in(&heard));
        }
        // «baåx» has forms, which each of the hundred rules works out; what has a figure in it has none.
        assert_eq!(STEMMED.get() - before, heard.words.len() + 100);
    }

    #[test]
    fn what_is_only_kept_away_asks_for_nothing() {
        assert!(AskedWords::parse("-reklam larm").wants_some());
        assert!(!AskedWords::parse("-reklam").wants_some());
        assert!(!AskedWords::parse(" – ").wants_some());
        assert!(AskedWords::parse("\"ett larm\"").has_phrases());
        assert!(!AskedWords::parse("\"larm\" 1 250").has_phrases());
    }
}
