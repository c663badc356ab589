//! A word of one's own, by which a person knows a notice from a false one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The most signs in it.
const LONGEST: usize = 20;

/// Letters, digits, and spaces or hyphens between them: nothing that can look like an address or change a text around it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word(String);

/// What was given cannot be a word of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("letters and digits only, and not more than 20 of them")]
pub struct NotAWord;

impl FromStr for Word {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let word = words.join(" ");
        let fits = (1..=LONGEST).contains(&word.chars().count())
            && word.chars().any(char::is_alphanumeric)
            && word.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-');
        if fits { Ok(Self(word)) } else { Err(NotAWord) }
    }
}

impl TryFrom<String> for Word {
    type Error = NotAWord;

    fn try_from(text: String) -> Result<Self, NotAWord> {
        text.parse()
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Word(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_word_is_a_word() {
        for (text, word) in [
            ("Blåklocka", "Blåklocka"),
            ("  röd   katt ", "röd katt"),
            ("år 1912", "år 1912"),
        ] {
            assert_eq!(text.parse::<Word>().unwrap().to_string(), word);
        }
        for text in [
            "",
            " ",
            "-",
            "brevlada.example",
            "http://x",
            "<b>",
            "a\u{202e}b",
            "ett alldeles för långt ord",
            "ord!",
        ] {
            assert_eq!(text.parse::<Word>(), Err(NotAWord), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_taken_again(text in ".{0,30}") {
            if let Ok(word) = text.parse::<Word>() {
                prop_assert_eq!(word.to_string().parse::<Word>(), Ok(word));
            }
        }
    }
}
