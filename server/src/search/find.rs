//! Which letters have what is asked for.

use super::SearchError;
use super::index::{KIND_FIGURES, KIND_WORDS};
use super::key::{Mark, SearchKey};
use crate::db::Tx;
use crate::domain::excerpt::Marks;
use crate::domain::meant::Meant;
use crate::domain::numbers::Numbers;
use crate::domain::query::{Clause, What};
use crate::domain::words::{Grammar, bare};
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

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A person who looks for something: helped where å, ä and ö are missing, and spared parts of words that are everywhere.
    Search,
    /// A rule: it means the same whatever else is in the mailbox, for it decides about one letter at a time.
    Rule,
}

/// A word that is asked for, and the mailbox's words that are meant by it.
struct Term {
    meant: Meant,
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
    manner: Manner,
) -> Result<Found, SearchError> {
    let terms = meant(tx, mailbox, key, clauses, manner).await?;
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
        if !term.meant.is_part() {
            found.short.push(term.meant.text().to_owned());
        } else if term.common {
            found.common.push(term.meant.text().to_owned());
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
    manner: Manner,
) -> Result<HashMap<String, Term>, SearchError> {
    let grammar = Grammar::default();
    let mut terms: HashMap<String, Term> = HashMap::new();
    let single = clauses.iter().flat_map(|clause| match &clause.what {
        What::Word(word) => vec![word],
        What::Figures { whole, groups } => std::iter::once(whole).chain(groups).collect(),
        What::Phrase(_) => vec![],
    });
    for word in single {
        terms.entry(word.clone()).or_insert_with(|| Term {
            meant: Meant::by(&grammar, word),
            words: BTreeSet::from([word.clone()]),
            common: false,
        });
    }
    let parts: Vec<&mut Term> = terms.values_mut().filter(|term| term.meant.is_part()).collect();
    if parts.is_empty() {
        return Ok(terms);
    }
    let mut chunks = Vec::new();
    for row in store::search::words(tx, mailbox, KIND_WORDS).await? {
        chunks.push(key.open_words(&row)?);
    }
    // What has no figure in it is no part of a number.
    let words_alone = chunks.len();
    if parts.iter().any(|term| !term.meant.has_forms()) {
        for row in store::search::words(tx, mailbox, KIND_FIGURES).await? {
            chunks.push(key.open_words(&row)?);
        }
    }
    for term in parts {
        let upto = if term.meant.has_forms() {
            words_alone
        } else {
            chunks.len()
        };
        let chunks = chunks.get(..upto).unwrap_or_default();
        match manner {
            Manner::Search => term.look_in(&grammar, chunks),
            Manner::Rule => term.words.extend(
                chunks
                    .iter()
                    .flat_map(|chunk| term.meant.among(&grammar, chunk))
                    .map(str::to_owned),
            ),
        }
    }
    Ok(terms)
}

impl Term {
    /// Looks for words that have this one as a part, or are a form of it. Where there is none, å, ä and ö may have been missing on
    /// the keyboard.
    fn look_in(&mut self, grammar: &Grammar, chunks: &[String]) {
        let mut containing = BTreeSet::new();
        for chunk in chunks {
            containing.extend(self.meant.within(chunk));
            if containing.len() > MOST_WORDS {
                break;
            }
        }
        self.common = containing.len() > MOST_WORDS;
        if self.common {
            containing = chunks
                .iter()
                .flat_map(|chunk| self.meant.beginning(chunk))
                .take(MOST_WORDS)
                .collect();
        }
        let mut found: BTreeSet<String> = containing.into_iter().map(str::to_owned).collect();
        let forms = chunks.iter().flat_map(|chunk| self.meant.forms_in(grammar, chunk));
        found.extend(forms.map(str::to_owned));
        if found.is_empty() {
            let text = bare(self.meant.text());
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
    fn without_swedish_letters_a_word_is_found_if_nothing_else_is() {
        let chunks = ["\nräkning\nräkningar\nrak\n".to_owned()];
        let look = |text: &str| {
            let grammar = Grammar::default();
            let mut term = Term {
                meant: Meant::by(&grammar, text),
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
