//! Rules for letters that come in: which they catch, and what they do with them. A rule moves or marks; it can remove nothing.

use super::asked_words::{AskedWords, LetterWords};
use super::sorting::Place;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// How many rules a mailbox may have.
pub const RULES: usize = 100;

/// How long the words of a rule may be, in characters.
pub const WORDS_LENGTH: usize = 100;

/// Which letters a rule catches: those that fit everything it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// From this sender, by organisation number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// With these words, as one writes them to search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Where the words stand.
    #[serde(default)]
    pub within: Within,
    /// With this category, given by a rule before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Uuid>,
}

/// Where the words that a rule asks for stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// In the subject. So it was for every rule before there was a choice.
    #[default]
    Subject,
    /// Anywhere in the letter, but for the pages of attachments: they are read later than a letter comes in.
    Letter,
}

/// A sender, with the name it had when the rule was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Organisation number, twelve digits.
    pub number: String,
    /// Name.
    pub name: String,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// Puts the letter in a folder or the archive.
    Put(Place),
    /// Gives it a category.
    Category(Uuid),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which letters.
    pub asks: Asks,
    /// What to do with them.
    pub then: Then,
}

/// What rules look at in a letter.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The sender's organisation number.
    pub sender: Option<&'a str>,
    /// The words that stand in it.
    pub words: &'a LetterWords,
}

/// What rules can name.
#[derive(Clone, Debug, Default)]
pub struct There {
    /// The folders there are.
    pub folders: HashSet<Uuid>,
    /// The categories there are.
    pub categories: HashSet<Uuid>,
}

/// What rules have decided about a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Where it goes.
    pub place: Place,
    /// The categories it gets.
    pub categories: Vec<Uuid>,
}

impl Asks {
    /// Whether it asks for anything at all; otherwise it would catch every letter, or all but some.
    pub fn is_something(&self) -> bool {
        self.sender.is_some()
            || self.category.is_some()
            || self
                .words
                .as_deref()
                .is_some_and(|words| AskedWords::parse(words).wants_some())
    }

    /// Whether it catches a letter that has these categories.
    pub fn catches(&self, letter: Facts<'_>, categories: &[Uuid]) -> bool {
        let sender = self
            .sender
            .as_ref()
            .is_none_or(|sender| letter.sender == Some(sender.number.as_str()));
        let category = self.category.is_none_or(|category| categories.contains(&category));
        // The dearest last.
        sender
            && category
            && self.is_something()
            && self.words.as_deref().is_none_or(|words| {
                let heard = match self.within {
                    Within::Subject => &letter.words.subject,
                    Within::Letter => &letter.words.whole,
                };
                AskedWords::parse(words).are_in(heard)
            })
    }
}

impl Rule {
    /// Whether all that it names is there; otherwise it is passed over, and people are told.
    pub fn is_whole(&self, there: &There) -> bool {
        let asked = self
            .asks
            .category
            .is_none_or(|category| there.categories.contains(&category));
        let done = match self.then {
            Then::Put(Place::Folder(folder)) => there.folders.contains(&folder),
            Then::Put(Place::Inbox | Place::Archive) => true,
            Then::Category(category) => there.categories.contains(&category),
        };
        asked && done
    }
}

/// Asks the rules one after the other. The first that puts the letter somewhere decides where; categories add up.
pub fn decide<'a>(rules: impl IntoIterator<Item = &'a Rule>, there: &There, letter: Facts<'_>) -> Decided {
    let mut place = None;
    let mut categories = Vec::new();
    for rule in rules {
        if !rule.is_whole(there) || !rule.asks.catches(letter, &categories) {
            continue;
        }
        match rule.then {
            Then::Put(to) => place = place.or(Some(to)),
            Then::Category(category) if !categories.contains(&category) => categories.push(category),
            Then::Category(_) => {}
        }
    }
    Decided {
        place: place.unwrap_or(Place::Inbox),
        categories,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::letter_text::{LetterText, Of, Part};

    const HOME: Uuid = Uuid::from_u128(10);
    const TAX: Uuid = Uuid::from_u128(11);
    const MONEY: Uuid = Uuid::from_u128(20);

    fn there() -> There {
        There {
            folders: [HOME, TAX].into(),
            categories: [MONEY].into(),
        }
    }

    fn words(words: &str, then: Then) -> Rule {
        Rule {
            asks: Asks {
                words: Some(words.to_owned()),
                ..Asks::default()
            },
            then,
        }
    }

    fn letter(subject: &str, body: &str) -> LetterWords {
        let part = |of, text: &str| Part {
            of,
            text: text.to_owned(),
        };
        let parts = vec![part(Of::Subject, subject), part(Of::Body, body)];
        let attached = vec![];
        LetterWords::of(subject, LetterText { parts, attached })
    }

    fn facts(words: &LetterWords) -> Facts<'_> {
        Facts {
            sender: Some("162021004748"),
            words,
        }
    }

    #[test]
    fn words_are_looked_for_where_the_rule_says() {
        let letter = letter("Din skatt för 2026", "Fordonsskatten betalas i mars.");
        for (asked, in_subject, in_letter) in [
            ("skatter", true, true),
            ("SKATT 2026", true, true),
            ("skatt mars", false, true),
            ("fordon", false, true),
            ("skatt april", false, false),
            ("skatt -mars", true, false),
        ] {
            for (within, caught) in [(Within::Subject, in_subject), (Within::Letter, in_letter)] {
                let mut rule = words(asked, Then::Put(Place::Archive));
                rule.asks.within = within;
                assert_eq!(rule.asks.catches(facts(&letter), &[]), caught, "{asked} {within:?}");
            }
        }
    }

    #[test]
    fn a_rule_from_before_there_was_a_choice_looks_at_the_subject() {
        let stored = r#"{"asks":{"words":"skatt"},"then":{"Put":"Archive"}}"#;
        let rule: Rule = serde_json::from_str(stored).unwrap();
        assert_eq!(rule, words("skatt", Then::Put(Place::Archive)));
        assert_eq!(rule.asks.within, Within::Subject);
    }

    #[test]
    fn the_first_place_counts_and_categories_lead_on() {
        let rules = [
            words("avgift", Then::Category(MONEY)),
            Rule {
                asks: Asks {
                    category: Some(MONEY),
                    ..Asks::default()
                },
                then: Then::Put(Place::Folder(TAX)),
            },
            words("avgift", Then::Put(Place::Folder(HOME))),
        ];
        let decided = decide(&rules, &there(), facts(&letter("Avgift för vatten", "")));
        assert_eq!(decided.place, Place::Folder(TAX));
        assert_eq!(decided.categories, [MONEY]);
        assert_eq!(
            decide(&rules, &there(), facts(&letter("Bygglov", ""))).place,
            Place::Inbox
        );
    }

    #[test]
    fn a_rule_whose_folder_is_gone_is_passed_over() {
        let gone = Uuid::from_u128(99);
        let rules = [
            words("avgift", Then::Put(Place::Folder(gone))),
            words("avgift", Then::Put(Place::Folder(HOME))),
        ];
        assert!(!rules[0].is_whole(&there()));
        assert_eq!(
            decide(&rules, &there(), facts(&letter("Avgift", ""))).place,
            Place::Folder(HOME)
        );
    }

    #[test]
    fn a_rule_that_asks_nothing_catches_nothing() {
        assert!(!Asks::default().catches(facts(&letter("Allt", "")), &[MONEY]));
    }
}
