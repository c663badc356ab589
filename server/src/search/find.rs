//! Which letters have what is asked for.

use super::SearchError;
use super::index::{KIND_FIGURES, KIND_WORDS};
use super::key::{Mark, SearchKey};
use crate::db::Tx;
use crate::domain::excerpt::Marks;
use crate::domain::numbers::Numbers;
use crate::domain::query::{Clause, SHORTEST_PART, What};
use crate::domain::words::{Forms, Grammar, bare};
use crate::store;
use crate::store::search::AT_ONCE;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A part of so many different words says too little; then only words that begin with it count.
const MOST_WORDS: usize = 4096;

/// What the letters must have besides.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// From the sender with this blind index.
    pub sender: Option<Vec<u8>>,
    /// With attachments.
    pub attachment: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Letters that have every word. Those with a phrase have its words, in whatever order: see [`Found::phrases`].
    pub letters: Numbers,
    /// Phrases that a letter must have as well.
    pub phrases: Vec<Vec<String>>,
    /// Phrases that it must not have.
    pub not_phrases: Vec<Vec<String>>,
    /// What to mark in the letters.
    pub marks: Marks,
    /// Asked for, and in no letter.
    pub unknown: Vec<String>,
    /// Too short to be looked for as a part of a word.
    pub short: Vec<String>,
    /// A part of so many words that it was only looked for at their beginning.
    pub common: Vec<String>,
}

/// A word that is asked for, and the mailbox's words that are meant by it.
struct Term {
    text: String,
    forms: Option<Forms>,
    words: BTreeSet<String>,
    common: bool,
}

/// Looks for the clauses of a question in a mailbox.
pub async fn find(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    clauses: &[Clause],
    only: &Only,
) -> Result<Found, SearchError> {
    let terms = meant(tx, mailbox, key, clauses).await?;
    let mut tokens: BTreeSet<i64> = BTreeSet::new();
    for word in terms.values().flat_map(|term| &term.words).chain(phrase_words(clauses)) {
        tokens.insert(key.word(word));
    }
    let mut marks = vec![Mark::Letter];
    marks.extend(only.sender.clone().map(Mark::Sender));
    if only.attachment {
        marks.push(Mark::Attachment);
    }
    // Every letter has the first mark: it is only asked for when nothing else says which letters.
    let has_positive = clauses.iter().any(|clause| !clause.exclude);
    let marks: Vec<i64> = marks
        .iter()
        .map(|mark| key.mark(mark))
        .skip(usize::from(has_positive || only_some(only)))
        .collect();
    tokens.extend(&marks);
    let lists = lists(tx, mailbox, key, &tokens).await?;
    let evaluation = Evaluation {
        key,
        terms: &terms,
        lists: &lists,
    };
    let mut found = evaluation.combine(clauses, &marks);
    for term in terms.values() {
        if term.text.chars().count() < SHORTEST_PART {
            found.short.push(term.text.clone());
        } else if term.common {
            found.common.push(term.text.clone());
        }
    }
    Ok(found)
}

fn only_some(only: &Only) -> bool {
    only.sender.is_some() || only.attachment
}

fn phrase_words(clauses: &[Clause]) -> impl Iterator<Item = &String> {
    clauses.iter().flat_map(|clause| match &clause.what {
        What::Phrase(words) => words.as_slice(),
        _ => &[],
    })
}

/// The words that are asked for each by itself, with what is meant by each.
async fn meant(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    clauses: &[Clause],
) -> Result<HashMap<String, Term>, SearchError> {
    let grammar = Grammar::default();
    let mut terms: HashMap<String, Term> = HashMap::new();
    let single = clauses.iter().flat_map(|clause| match &clause.what {
        What::Word(word) => vec![word],
        What::Figures { whole, groups } => std::iter::once(whole).chain(groups).collect(),
        What::Phrase(_) => vec![],
    });
    for word in single {
        let is_part = word.chars().count() >= SHORTEST_PART;
        let has_figure = word.contains(|c: char| c.is_ascii_digit());
        terms.entry(word.clone()).or_insert_with(|| Term {
            text: word.clone(),
            forms: (is_part && !has_figure).then(|| grammar.forms(word)),
            words: BTreeSet::from([word.clone()]),
            common: false,
        });
    }
    let parts: Vec<&mut Term> = terms
        .values_mut()
        .filter(|term| term.text.chars().count() >= SHORTEST_PART)
        .collect();
    if parts.is_empty() {
        return Ok(terms);
    }
    let mut chunks = Vec::new();
    for row in store::search::words(tx, mailbox, KIND_WORDS).await? {
        chunks.push(key.open_words(&row)?);
    }
    // What has no figure in it is no part of a number.
    let words_alone = chunks.len();
    if parts.iter().any(|term| term.forms.is_none()) {
        for row in store::search::words(tx, mailbox, KIND_FIGURES).await? {
            chunks.push(key.open_words(&row)?);
        }
    }
    for term in parts {
        let upto = if term.forms.is_some() {
            words_alone
        } else {
            chunks.len()
        };
        term.look_in(&grammar, chunks.get(..upto).unwrap_or_default());
    }
    Ok(terms)
}

impl Term {
    /// Looks for words that have this one as a part, or are a form of it. Where there is none, å, ä and ö may have been missing on
    /// the keyboard.
    fn look_in(&mut self, grammar: &Grammar, chunks: &[String]) {
        let mut containing = BTreeSet::new();
        for chunk in chunks {
            containing.extend(lines_with(chunk, &self.text));
            if containing.len() > MOST_WORDS {
                break;
            }
        }
        self.common = containing.len() > MOST_WORDS;
        if self.common {
            let beginning = format!("\n{}", self.text);
            containing = chunks
                .iter()
                .flat_map(|chunk| lines_with(chunk, &beginning))
                .take(MOST_WORDS)
                .collect();
        }
        let mut found: BTreeSet<String> = containing.into_iter().map(str::to_owned).collect();
        if let Some(forms) = &self.forms {
            let beginning = format!("\n{}", forms.beginning());
            if beginning.len() > 2 {
                let candidates = chunks.iter().flat_map(|chunk| lines_with(chunk, &beginning));
                found.extend(
                    candidates
                        .filter(|word| forms.same(&grammar.forms(word)))
                        .map(str::to_owned),
                );
            }
        }
        if found.is_empty() {
            let text = bare(&self.text);
            for chunk in chunks {
                found.extend(
                    chunk
                        .lines()
                        .filter(|word| bare(word).contains(&text))
                        .map(str::to_owned),
                );
            }
        }
        self.words.extend(found.into_iter().take(MOST_WORDS * 2));
    }
}

/// The lines of a chunk in which `part` stands. A `part` that begins with a line break is the beginning of a line.
fn lines_with<'c>(chunk: &'c str, part: &str) -> Vec<&'c str> {
    let skip = usize::from(part.starts_with('\n'));
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = chunk.get(from..).and_then(|rest| rest.find(part)) {
        let at = from + at + skip;
        let begin = chunk
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let end = chunk
            .get(at..)
            .and_then(|after| after.find('\n'))
            .map_or(chunk.len(), |to| at + to);
        found.extend(chunk.get(begin..end));
        // The line break that ends this line begins the next.
        from = end;
    }
    found
}

/// The letters of each token.
async fn lists(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    tokens: &BTreeSet<i64>,
) -> Result<HashMap<i64, Numbers>, SearchError> {
    let tokens: Vec<i64> = tokens.iter().copied().collect();
    let mut lists: HashMap<i64, Numbers> = HashMap::new();
    for some in tokens.chunks(AT_ONCE) {
        for row in store::search::postings(tx, mailbox, some).await? {
            let block = key.open_block(&row)?;
            lists.entry(row.token).or_default().add_block(row.block, &block);
        }
    }
    Ok(lists)
}

struct Evaluation<'e> {
    key: &'e SearchKey<'e>,
    terms: &'e HashMap<String, Term>,
    lists: &'e HashMap<i64, Numbers>,
}

impl Evaluation<'_> {
    fn combine(&self, clauses: &[Clause], marks: &[i64]) -> Found {
        let mut found = Found::default();
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for clause in clauses {
            let letters = self.letters(&clause.what);
            match (&clause.what, clause.exclude) {
                // One word in quotes needs no second look.
                (What::Phrase(words), exclude) if words.len() > 1 => {
                    if exclude {
                        found.not_phrases.push(words.clone());
                    } else {
                        found.phrases.push(words.clone());
                        with.push(letters);
                    }
                }
                (_, true) => without.push(letters),
                (_, false) => with.push(letters),
            }
            if !clause.exclude {
                self.mark(&clause.what, &mut found);
            }
        }
        with.extend(marks.iter().map(|token| self.list(*token)));
        with.sort_by_key(Numbers::count);
        let mut with = with.into_iter();
        found.letters = with.next().unwrap_or_default();
        for letters in with {
            found.letters.and(&letters);
        }
        for letters in without {
            found.letters.and_not(&letters);
        }
        found
    }

    fn list(&self, token: i64) -> Numbers {
        self.lists.get(&token).cloned().unwrap_or_default()
    }

    fn letters(&self, what: &What) -> Numbers {
        match what {
            What::Word(word) => self.of_term(word),
            What::Phrase(words) => all(words.iter().map(|word| self.list(self.key.word(word)))),
            What::Figures { whole, groups } => {
                let mut letters = self.of_term(whole);
                letters.or(&all(groups.iter().map(|group| self.of_term(group))));
                letters
            }
        }
    }

    fn of_term(&self, word: &str) -> Numbers {
        let mut letters = Numbers::default();
        for word in self.terms.get(word).into_iter().flat_map(|term| &term.words) {
            if let Some(list) = self.lists.get(&self.key.word(word)) {
                letters.or(list);
            }
        }
        letters
    }

    /// Remembers what is to be marked, and which words no letter has.
    fn mark(&self, what: &What, found: &mut Found) {
        let mut term = |word: &String| {
            let words = self.terms.get(word).map(|term| &term.words);
            found.marks.words.extend(words.into_iter().flatten().cloned());
        };
        match what {
            What::Word(word) => term(word),
            What::Figures { whole, groups } => {
                term(whole);
                groups.iter().for_each(&mut term);
            }
            What::Phrase(words) => found.marks.phrases.push(words.clone()),
        }
        let asked: Vec<&String> = match what {
            What::Word(word) => vec![word],
            What::Figures { whole, .. } => vec![whole],
            What::Phrase(words) => words.iter().collect(),
        };
        let nowhere = |word: &&&String| match what {
            What::Phrase(_) => self.list(self.key.word(word)).count() == 0,
            _ => self.letters(what).count() == 0,
        };
        found
            .unknown
            .extend(asked.iter().filter(nowhere).map(|word| (*word).clone()));
    }
}

/// Letters that are in every list.
fn all(lists: impl Iterator<Item = Numbers>) -> Numbers {
    lists
        .reduce(|mut all, list| {
            all.and(&list);
            all
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_a_part_and_by_their_beginning() {
        let chunk = "\nlarm\nlarmet\ntrygghetslarm\nöl\n";
        assert_eq!(lines_with(chunk, "larm"), ["larm", "larmet", "trygghetslarm"]);
        assert_eq!(lines_with(chunk, "\nlarm"), ["larm", "larmet"]);
        assert_eq!(lines_with(chunk, "hetsl"), ["trygghetslarm"]);
        assert!(lines_with(chunk, "saknas").is_empty());
    }

    #[test]
    fn without_swedish_letters_a_word_is_found_if_nothing_else_is() {
        let chunks = ["\nräkning\nräkningar\nrak\n".to_owned()];
        let look = |text: &str| {
            let grammar = Grammar::default();
            let mut term = Term {
                text: text.to_owned(),
                forms: Some(grammar.forms(text)),
                words: BTreeSet::new(),
                common: false,
            };
            term.look_in(&grammar, &chunks);
            term.words.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(look("rakning"), ["räkning", "räkningar"]);
        assert_eq!(look("rak"), ["rak"]);
        assert_eq!(look("räkningens"), ["räkning", "räkningar"]);
    }
}
