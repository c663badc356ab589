//! Which letters have what is asked for.
//!
//! The mailbox's words tell once which tokens are meant; then the letters are told for a stretch of the mailbox at a time, so that who
//! wants the newest hits does not wait for the oldest.

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
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// A part of so many different words says too little; then only words that begin with it count.
const MOST_WORDS: usize = 4096;

/// A stretch is so long that about so many rows of the index tell its letters.
const ROWS_OF_A_STRETCH: usize = 512;

/// A stretch is never longer, in blocks.
const LONGEST_STRETCH: i64 = 64;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A person who looks for something: helped where å, ä and ö are missing, and spared parts of words that are everywhere.
    Search,
    /// A rule: it means the same whatever else is in the mailbox, for it decides about one letter at a time.
    Rule,
}

/// What the letters must have besides.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// From the sender with this blind index.
    pub sender: Option<Vec<u8>>,
    /// With attachments.
    pub attachment: bool,
}

/// What is sought, in tokens of one mailbox's index.
#[derive(Debug)]
pub struct Sought {
    mailbox: Uuid,
    /// What a letter must have, what tells by the fewest tokens first.
    with: Vec<Need>,
    /// What it must not have.
    without: Vec<Need>,
    /// The newest block of the mailbox.
    newest: i64,
    /// Phrases that a letter must have as well as their words.
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

/// The letters of some blocks that were found, and what it took.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Letters that have every word. Those with a phrase have its words, in whatever order: see [`Sought::phrases`].
    pub letters: Numbers,
    /// Rows of the index that were opened for it.
    pub rows: usize,
}

/// One of these tokens; or one of each of the groups.
#[derive(Debug, Default)]
struct Need {
    one_of: Vec<i64>,
    or_each_of: Vec<Vec<i64>>,
}

/// A word that is asked for, and the mailbox's words that are meant by it.
struct Term {
    meant: Meant,
    words: BTreeSet<String>,
    /// Whether some letter has it.
    known: bool,
    common: bool,
}

/// The words that are asked for.
#[derive(Default)]
struct Words {
    /// Those asked for each by itself, with what is meant by each.
    terms: HashMap<String, Term>,
    /// Those that are words of the mailbox just as they stand.
    known: HashSet<String>,
}

impl Words {
    fn words(&self, word: &str) -> impl Iterator<Item = &String> {
        self.terms.get(word).into_iter().flat_map(|term| &term.words)
    }

    fn is_known(&self, word: &str) -> bool {
        self.known.contains(word) || self.terms.get(word).is_some_and(|term| term.known)
    }
}

/// Finds out what the clauses of a question mean in a mailbox.
pub async fn seek(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    clauses: &[Clause],
    only: &Only,
    manner: Manner,
) -> Result<Sought, SearchError> {
    let words = words(tx, mailbox, key, clauses, manner).await?;
    let mut sought = Sought {
        mailbox,
        with: marks(key, clauses, only).into_iter().map(Need::one).collect(),
        without: Vec::new(),
        newest: store::search::newest_block(tx, mailbox).await?,
        phrases: Vec::new(),
        not_phrases: Vec::new(),
        marks: Marks::default(),
        unknown: Vec::new(),
        short: Vec::new(),
        common: Vec::new(),
    };
    for clause in clauses {
        sought.add(clause, key, &words);
    }
    sought.with.sort_by_key(Need::tokens);
    for term in words.terms.values() {
        if !term.meant.is_part() {
            sought.short.push(term.meant.text().to_owned());
        } else if term.common {
            sought.common.push(term.meant.text().to_owned());
        }
    }
    Ok(sought)
}

/// What letters must have that is no word. Every letter has the first mark: it is only asked for when nothing else says which letters.
fn marks(key: &SearchKey<'_>, clauses: &[Clause], only: &Only) -> Vec<i64> {
    let mut marks: Vec<Mark> = only.sender.clone().map(Mark::Sender).into_iter().collect();
    if only.attachment {
        marks.push(Mark::Attachment);
    }
    if marks.is_empty() && clauses.iter().all(|clause| clause.exclude) {
        marks.push(Mark::Letter);
    }
    marks.iter().map(|mark| key.mark(mark)).collect()
}

impl Sought {
    fn add(&mut self, clause: &Clause, key: &SearchKey<'_>, words: &Words) {
        let need = Need::of(&clause.what, key, words);
        match (&clause.what, clause.exclude) {
            // One word in quotes needs no second look.
            (What::Phrase(phrase), true) if phrase.len() > 1 => self.not_phrases.push(phrase.clone()),
            (_, true) => self.without.push(need),
            (what, false) => {
                if let What::Phrase(phrase) = what
                    && phrase.len() > 1
                {
                    self.phrases.push(phrase.clone());
                }
                self.with.push(need);
                self.mark(what, words);
            }
        }
    }

    /// Remembers what is to be marked, and which words no letter has.
    fn mark(&mut self, what: &What, words: &Words) {
        let unknown: Vec<&String> = match what {
            What::Word(word) => {
                self.marks.words.extend(words.words(word).cloned());
                [word].into_iter().filter(|word| !words.is_known(word)).collect()
            }
            What::Figures { whole, groups } => {
                for part in std::iter::once(whole).chain(groups) {
                    self.marks.words.extend(words.words(part).cloned());
                }
                let in_groups = !groups.is_empty() && groups.iter().all(|group| words.is_known(group));
                let found = words.is_known(whole) || in_groups;
                [whole].into_iter().filter(|_| !found).collect()
            }
            What::Phrase(phrase) => {
                self.marks.phrases.push(phrase.clone());
                phrase.iter().filter(|word| !words.is_known(word)).collect()
            }
        };
        self.unknown.extend(unknown.into_iter().cloned());
    }

    /// The mailbox in stretches of blocks, the newest first.
    pub fn stretches(&self) -> Vec<RangeInclusive<i64>> {
        let tokens: usize = self.with.iter().chain(&self.without).map(Need::tokens).sum();
        let blocks = i64::try_from(ROWS_OF_A_STRETCH / tokens.max(1)).unwrap_or(1);
        let blocks = blocks.clamp(1, LONGEST_STRETCH);
        let mut stretches = Vec::new();
        let mut newest = self.newest;
        while newest >= 0 {
            stretches.push((newest - blocks + 1).max(0)..=newest);
            newest -= blocks;
        }
        stretches
    }

    /// All letters of the mailbox.
    pub async fn everywhere(&self, tx: &mut Tx, key: &SearchKey<'_>) -> Result<Numbers, SearchError> {
        let mut letters = Numbers::default();
        for blocks in self.stretches() {
            letters.or(&self.told(tx, key, &blocks).await?.letters);
        }
        Ok(letters)
    }

    /// The letters of some blocks.
    pub async fn told(
        &self,
        tx: &mut Tx,
        key: &SearchKey<'_>,
        blocks: &RangeInclusive<i64>,
    ) -> Result<Told, SearchError> {
        let mut rows = 0;
        let mut letters: Option<Numbers> = None;
        for need in &self.with {
            let lists = self.lists(tx, key, need, blocks, letters.as_ref(), &mut rows).await?;
            let theirs = need.letters(&lists);
            match &mut letters {
                Some(letters) => letters.and(&theirs),
                none => *none = Some(theirs),
            }
        }
        let mut letters = letters.unwrap_or_default();
        for need in &self.without {
            let lists = self.lists(tx, key, need, blocks, Some(&letters), &mut rows).await?;
            letters.and_not(&need.letters(&lists));
        }
        Ok(Told { letters, rows })
    }

    /// The letters of each token of a need; where there is a choice already, only in its blocks.
    async fn lists(
        &self,
        tx: &mut Tx,
        key: &SearchKey<'_>,
        need: &Need,
        blocks: &RangeInclusive<i64>,
        among: Option<&Numbers>,
        rows: &mut usize,
    ) -> Result<HashMap<i64, Numbers>, SearchError> {
        let mut lists: HashMap<i64, Numbers> = HashMap::new();
        let blocks = match among.map(Numbers::blocks) {
            None => blocks.clone(),
            Some(Some(blocks)) => blocks,
            Some(None) => return Ok(lists),
        };
        let tokens: Vec<i64> = need.all_tokens().collect::<BTreeSet<i64>>().into_iter().collect();
        for some in tokens.chunks(AT_ONCE) {
            for row in store::search::postings(tx, self.mailbox, some, &blocks).await? {
                if among.is_none_or(|among| among.has_block(row.block)) {
                    *rows += 1;
                    let block = key.open_block(&row)?;
                    lists.entry(row.token).or_default().add_block(row.block, &block);
                }
            }
        }
        Ok(lists)
    }
}

impl Need {
    fn one(token: i64) -> Self {
        Self {
            one_of: vec![token],
            or_each_of: Vec::new(),
        }
    }

    fn of(what: &What, key: &SearchKey<'_>, words: &Words) -> Self {
        let meant = |word: &String| -> Vec<i64> { words.words(word).map(|word| key.word(word)).collect() };
        match what {
            What::Word(word) => Self {
                one_of: meant(word),
                or_each_of: Vec::new(),
            },
            What::Phrase(phrase) => Self {
                one_of: Vec::new(),
                or_each_of: phrase.iter().map(|word| vec![key.word(word)]).collect(),
            },
            What::Figures { whole, groups } => Self {
                one_of: meant(whole),
                or_each_of: groups.iter().map(meant).collect(),
            },
        }
    }

    fn all_tokens(&self) -> impl Iterator<Item = i64> {
        self.one_of.iter().chain(self.or_each_of.iter().flatten()).copied()
    }

    fn tokens(&self) -> usize {
        self.all_tokens().count()
    }

    fn letters(&self, lists: &HashMap<i64, Numbers>) -> Numbers {
        let one_of = |tokens: &[i64]| {
            let mut letters = Numbers::default();
            for list in tokens.iter().filter_map(|token| lists.get(token)) {
                letters.or(list);
            }
            letters
        };
        let mut letters = one_of(&self.one_of);
        let each = self.or_each_of.iter().map(|tokens| one_of(tokens));
        letters.or(&each
            .reduce(|mut all, letters| {
                all.and(&letters);
                all
            })
            .unwrap_or_default());
        letters
    }
}

/// Finds out what is meant by each word.
async fn words(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    clauses: &[Clause],
    manner: Manner,
) -> Result<Words, SearchError> {
    let grammar = Grammar::default();
    let mut words = Words::default();
    let mut unsure: HashMap<i64, String> = HashMap::new();
    for clause in clauses {
        let single = match &clause.what {
            What::Word(word) => vec![word],
            What::Figures { whole, groups } => std::iter::once(whole).chain(groups).collect(),
            What::Phrase(phrase) => {
                unsure.extend(phrase.iter().map(|word| (key.word(word), word.clone())));
                continue;
            }
        };
        for word in single {
            let term = || Term::of(&grammar, word);
            words.terms.entry(word.clone()).or_insert_with(term);
        }
    }
    look_in_words(tx, mailbox, key, &grammar, manner, &mut words.terms).await?;
    // What is too short to be looked for there may be a word of the mailbox as it stands.
    let short = words.terms.iter().filter(|(_, term)| !term.known);
    unsure.extend(short.map(|(word, _)| (key.word(word), word.clone())));
    let tokens: Vec<i64> = unsure.keys().copied().collect();
    for some in tokens.chunks(AT_ONCE) {
        let known = store::search::known(tx, mailbox, some).await?;
        words
            .known
            .extend(known.iter().filter_map(|token| unsure.remove(token)));
    }
    Ok(words)
}

/// Looks among the mailbox's words for those that are meant.
async fn look_in_words(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    grammar: &Grammar,
    manner: Manner,
    terms: &mut HashMap<String, Term>,
) -> Result<(), SearchError> {
    let parts: Vec<&mut Term> = terms.values_mut().filter(|term| term.meant.is_part()).collect();
    if parts.is_empty() {
        return Ok(());
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
        let found = match manner {
            Manner::Search => term.look_in(grammar, chunks),
            Manner::Rule => {
                let found = chunks.iter().flat_map(|chunk| term.meant.among(grammar, chunk));
                found.map(str::to_owned).collect()
            }
        };
        term.known = !found.is_empty();
        term.words.extend(found);
    }
    Ok(())
}

impl Term {
    fn of(grammar: &Grammar, word: &str) -> Self {
        Self {
            meant: Meant::by(grammar, word),
            words: BTreeSet::from([word.to_owned()]),
            known: false,
            common: false,
        }
    }

    /// Looks for words that have this one as a part, or are a form of it. Where there is none, å, ä and ö may have been missing on
    /// the keyboard.
    fn look_in(&mut self, grammar: &Grammar, chunks: &[String]) -> BTreeSet<String> {
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
        found.extend(forms.take(MOST_WORDS).map(str::to_owned));
        if found.is_empty() {
            let text = bare(self.meant.text());
            let bare_alike = chunks.iter().flat_map(|chunk| chunk.lines());
            let bare_alike = bare_alike.filter(|word| bare(word).contains(&text));
            found.extend(bare_alike.take(MOST_WORDS).map(str::to_owned));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_swedish_letters_a_word_is_found_if_nothing_else_is() {
        let chunks = ["\nräkning\nräkningar\nrak\n".to_owned()];
        let look = |text: &str| {
            let grammar = Grammar::default();
            Vec::from_iter(Term::of(&grammar, text).look_in(&grammar, &chunks))
        };
        assert_eq!(look("rakning"), ["räkning", "räkningar"]);
        assert_eq!(look("rak"), ["rak"]);
        assert_eq!(look("räkningens"), ["räkning", "räkningar"]);
    }
}
