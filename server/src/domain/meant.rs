//! Which words are meant by one that is asked for: itself, its forms, and those that it is a part of.
//!
//! One place for search, which asks the list of a mailbox's words, and for rules, which ask the words of one letter: so both mean the
//! same. A list has a word a line, and begins and ends with a line break.

use super::query::SHORTEST_PART;
use super::words::{Forms, Grammar, Stems};
use std::collections::BTreeSet;

/// A word that is asked for.
pub struct Meant {
    text: String,
    forms: Option<Forms>,
}

// What somebody asks for is as private as what they have.
impl std::fmt::Debug for Meant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meant(…)")
    }
}

impl Meant {
    /// A folded word. What is short is only meant whole, and what has a figure in it has no forms.
    pub fn by(grammar: &Grammar, word: &str) -> Self {
        let has_figure = word.contains(|c: char| c.is_ascii_digit());
        let forms = (word.chars().count() >= SHORTEST_PART && !has_figure).then(|| grammar.forms(word));
        Self {
            text: word.to_owned(),
            forms,
        }
    }

    /// The word itself.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether words are meant that it is only a part of.
    pub fn is_part(&self) -> bool {
        self.text.chars().count() >= SHORTEST_PART
    }

    /// Whether it has forms: then no figure is in it, and it is no part of a number.
    pub fn has_forms(&self) -> bool {
        self.forms.is_some()
    }

    /// The words of a list that it is a part of.
    pub fn within<'l>(&self, list: &'l str) -> Vec<&'l str> {
        lines_with(list, &self.text)
    }

    /// The words of a list that begin with it.
    pub fn beginning<'l>(&self, list: &'l str) -> Vec<&'l str> {
        lines_with(list, &format!("\n{}", self.text))
    }

    /// The words of a list that are a form of it.
    pub fn forms_in<'l>(&self, grammar: &Grammar, list: &'l str) -> Vec<&'l str> {
        let Some(forms) = &self.forms else {
            return Vec::new();
        };
        let beginning = format!("\n{}", forms.beginning());
        if beginning.len() <= 2 {
            return Vec::new();
        }
        let mut found = lines_with(list, &beginning);
        found.retain(|word| forms.same(&grammar.forms(word)));
        found
    }

    /// All words of a list that are meant.
    pub fn among<'l>(&self, grammar: &Grammar, list: &'l str) -> BTreeSet<&'l str> {
        if !self.is_part() {
            let itself = format!("\n{}\n", self.text);
            return lines_with(list, &itself).into_iter().collect();
        }
        let mut found: BTreeSet<&str> = self.within(list).into_iter().collect();
        found.extend(self.forms_in(grammar, list));
        found
    }

    /// Whether any word of a list is meant; the stems of its words are asked for when they are needed.
    pub fn is_among<'s>(&self, list: &str, stems: impl FnOnce() -> &'s Stems) -> bool {
        if self.is_part() {
            list.contains(&self.text) || self.forms.as_ref().is_some_and(|forms| has_form(forms, stems()))
        } else {
            list.contains(&format!("\n{}\n", self.text))
        }
    }
}

/// Stems of one letter say too little.
fn has_form(forms: &Forms, stems: &Stems) -> bool {
    forms.beginning().len() > 1 && stems.have(forms)
}

/// The lines of a list in which `part` stands. A `part` that begins with a line break is the beginning of a line.
fn lines_with<'l>(list: &'l str, part: &str) -> Vec<&'l str> {
    let skip = usize::from(part.starts_with('\n'));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = list.get(from..).and_then(|rest| rest.find(part)) {
        let at = from + at + skip;
        let begin = list
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let end = list
            .get(at..)
            .and_then(|after| after.find('\n'))
            .map_or(list.len(), |to| at + to);
        found.extend(list.get(begin..end));
        // The line break that ends this line begins the next.
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIST: &str = "\nlarm\nlarmet\ntrygghetslarm\nöl\n";

    #[test]
    fn lines_are_found_by_a_part_and_by_their_beginning() {
        assert_eq!(lines_with(LIST, "larm"), ["larm", "larmet", "trygghetslarm"]);
        assert_eq!(lines_with(LIST, "\nlarm"), ["larm", "larmet"]);
        assert_eq!(lines_with(LIST, "hetsl"), ["trygghetslarm"]);
        assert!(lines_with(LIST, "saknas").is_empty());
    }

    #[test]
    fn a_word_means_its_forms_and_what_it_is_a_part_of_and_a_short_one_itself_alone() {
        let grammar = Grammar::default();
        let meant = |word: &str, list| Vec::from_iter(Meant::by(&grammar, word).among(&grammar, list));
        assert_eq!(meant("larmen", LIST), ["larm", "larmet"], "forms, either way");
        assert_eq!(meant("larm", LIST), ["larm", "larmet", "trygghetslarm"]);
        assert_eq!(meant("öl", LIST), ["öl"]);
        assert_eq!(meant("öl", "\nmölk\n"), Vec::<&str>::new());
        assert_eq!(meant("125", "\n1250\n125\n"), ["125", "1250"]);
    }

    proptest! {
        #[test]
        fn whether_any_is_meant_agrees_with_which(word in "[a-zö0-9]{1,7}", words in prop::collection::vec("[a-zö0-9]{1,9}", 0..12)) {
            let grammar = Grammar::default();
            let list = format!("\n{}\n", words.join("\n"));
            let meant = Meant::by(&grammar, &word);
            let stems = Stems::of(&grammar, &words);
            prop_assert_eq!(meant.is_among(&list, || &stems), !meant.among(&grammar, &list).is_empty());
        }
    }
}
