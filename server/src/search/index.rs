//! Putting letters into the index, and taking them out again.

use super::SearchError;
use super::key::{Mark, SearchKey};
use crate::clock::Ids;
use crate::db::Tx;
use crate::domain::letter_text::LetterText;
use crate::domain::numbers::{Block, place};
use crate::domain::words::{distinct, is_figures};
use crate::seal::MailboxKey;
use crate::store;
use crate::store::letter::LetterRow;
use crate::store::search::{AT_ONCE, WordsRow};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A chunk of words that is so long, in bytes, gets no more.
const FULL_CHUNK: usize = 16 * 1024;

/// What waits to write waits for all that one transaction writes: letters that have so many different words together are enough for one.
pub(super) const WORDS: usize = 10_000;

/// A letter ready for the index.
pub(super) struct Ready {
    letter: Uuid,
    /// Each word with its token.
    words: Vec<(i64, String)>,
    marks: Vec<i64>,
    text: Vec<u8>,
    lacking: i64,
    sender: Option<Vec<u8>>,
}

impl Ready {
    /// Cuts a letter's text into words, and seals it.
    pub(super) fn of(
        key: &SearchKey<'_>,
        ids: Ids,
        row: &LetterRow,
        sender: Option<Vec<u8>>,
        text: &LetterText,
    ) -> Result<Self, SearchError> {
        Ok(Self {
            letter: row.id,
            words: words_of(text).into_iter().map(|word| (key.word(&word), word)).collect(),
            marks: marks_of(row.attachments, sender.clone())
                .iter()
                .map(|mark| key.mark(mark))
                .collect(),
            text: key.seal_text(ids, row.id, text)?,
            lacking: text.lacking(),
            sender,
        })
    }

    /// The tokens of its words, each once.
    pub(super) fn tokens(&self) -> impl ExactSizeIterator<Item = i64> {
        self.words.iter().map(|(token, _)| *token)
    }
}

fn words_of(text: &LetterText) -> HashSet<String> {
    distinct(text.parts.iter().map(|part| part.text.as_str()))
}

fn marks_of(attachments: i64, sender: Option<Vec<u8>>) -> Vec<Mark> {
    let mut marks = vec![Mark::Letter];
    if attachments > 0 {
        marks.push(Mark::Attachment);
    }
    marks.extend(sender.map(Mark::Sender));
    marks
}

/// Words are looked for apart from figures: in a large mailbox there are more numbers than words.
pub(super) const KIND_WORDS: i64 = 0;
pub(super) const KIND_FIGURES: i64 = 1;

fn kind_of(word: &str) -> i64 {
    if is_figures(word) { KIND_FIGURES } else { KIND_WORDS }
}

/// Gives letters their numbers, in the order given, and writes down which words they have. Letters that have got a number from
/// somebody else, or are gone, are passed over.
pub(super) async fn write(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    letters: &[Ready],
) -> Result<(), SearchError> {
    let count = i64::try_from(letters.len()).unwrap_or(0);
    let mut number = store::search::take_numbers(tx, mailbox, count).await?;
    let mut blocks: BTreeMap<i64, BTreeMap<i64, Vec<u16>>> = BTreeMap::new();
    let mut names: HashMap<i64, &str> = HashMap::new();
    for ready in letters {
        if !store::search::set_number(tx, mailbox, ready.letter, number, ready.lacking, ready.sender.clone()).await? {
            continue;
        }
        store::search::put_text(tx, mailbox, ready.letter, &ready.text).await?;
        let (block, within) = place(number);
        let here = blocks.entry(block).or_default();
        for (token, word) in &ready.words {
            names.insert(*token, word);
            here.entry(*token).or_default().push(within);
        }
        for mark in &ready.marks {
            here.entry(*mark).or_default().push(within);
        }
        number += 1;
    }
    let mut new = Vec::new();
    for (at, places) in blocks {
        new.extend(add_places(tx, ids, mailbox, key, at, places, &names).await?);
    }
    add_words(tx, ids, mailbox, key, new).await
}

/// Adds letters to the words of one block; gives the words that the mailbox did not have.
async fn add_places<'n>(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    at: i64,
    places: BTreeMap<i64, Vec<u16>>,
    names: &HashMap<i64, &'n str>,
) -> Result<Vec<&'n str>, SearchError> {
    let tokens: Vec<i64> = places.keys().copied().collect();
    let mut blocks: HashMap<i64, Block> = HashMap::new();
    let mut unmet: Vec<i64> = Vec::new();
    for some in tokens.chunks(AT_ONCE) {
        for row in store::search::postings(tx, mailbox, some, &(at..=at)).await? {
            blocks.insert(row.token, key.open_block(&row)?);
        }
        unmet.extend(some.iter().filter(|token| !blocks.contains_key(token)));
    }
    // What is in no letter of this block may still be in one of the others.
    if at > 0 {
        let mut met = HashSet::new();
        for some in unmet.chunks(AT_ONCE) {
            met.extend(store::search::known(tx, mailbox, some).await?);
        }
        unmet.retain(|token| !met.contains(token));
    }
    let mut rows = Vec::with_capacity(places.len());
    for (token, places) in places {
        let block = blocks.entry(token).or_default();
        for within in places {
            block.add(within);
        }
        rows.push(key.seal_block(ids, token, at, block)?);
    }
    store::search::put_postings(tx, mailbox, rows).await?;
    Ok(unmet.iter().filter_map(|token| names.get(token).copied()).collect())
}

/// Adds words to the list of the mailbox's words.
async fn add_words(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    mut new: Vec<&str>,
) -> Result<(), SearchError> {
    new.sort_unstable();
    for kind in [KIND_WORDS, KIND_FIGURES] {
        let new: Vec<&str> = new.iter().copied().filter(|word| kind_of(word) == kind).collect();
        if new.is_empty() {
            continue;
        }
        let last = store::search::last_words(tx, mailbox, kind).await?;
        let (mut chunk, mut words) = match last {
            Some(row) => (row.chunk, key.open_words(&row)?),
            None => (0, "\n".to_owned()),
        };
        for word in new {
            words.push_str(word);
            words.push('\n');
            if words.len() >= FULL_CHUNK {
                let row = key.seal_words(ids, kind, chunk, &words)?;
                store::search::put_words(tx, mailbox, &row).await?;
                chunk += 1;
                "\n".clone_into(&mut words);
            }
        }
        let row = key.seal_words(ids, kind, chunk, &words)?;
        store::search::put_words(tx, mailbox, &row).await?;
    }
    Ok(())
}

/// Takes letters out of the index, with every word that only they had, until they had [`WORDS`] together: tells how many it took, which are
/// the first ones. To be called in the transaction that erases these letters, before their rows go.
pub async fn forget(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &MailboxKey,
    letters: &[Uuid],
) -> Result<usize, SearchError> {
    let key = SearchKey::of(key)?;
    // Locks the index against the indexer, as putting letters in does.
    store::search::take_numbers(tx, mailbox, 0)
        .await
        .or_else(|error| match error {
            crate::db::DbError::Column(_) => Ok(0),
            other => Err(other),
        })?;
    let mut blocks: BTreeMap<i64, BTreeMap<i64, Vec<u16>>> = BTreeMap::new();
    let mut names: HashMap<i64, String> = HashMap::new();
    let (mut taken, mut words) = (0, 0);
    for letter in letters {
        if words > WORDS {
            break;
        }
        taken += 1;
        let Some(row) = store::letter::by_id(tx, mailbox, *letter).await? else {
            continue;
        };
        let Some(number) = store::search::number_of(tx, mailbox, *letter).await? else {
            continue;
        };
        let Some(sealed) = store::search::text(tx, mailbox, *letter).await? else {
            continue;
        };
        let (block, within) = place(number);
        let here = blocks.entry(block).or_default();
        let has = words_of(&key.open_text(*letter, &sealed)?);
        words += has.len();
        for word in has {
            let token = key.word(&word);
            here.entry(token).or_default().push(within);
            names.insert(token, word);
        }
        for mark in marks_of(row.attachments, row.sender_index) {
            here.entry(key.mark(&mark)).or_default().push(within);
        }
        store::search::remove_text(tx, mailbox, *letter).await?;
    }
    let mut gone = Vec::new();
    for (at, places) in blocks {
        gone.extend(remove_places(tx, ids, mailbox, &key, at, &places).await?);
    }
    for some in gone.chunks(AT_ONCE) {
        for token in store::search::known(tx, mailbox, some).await? {
            names.remove(&token);
        }
    }
    let gone: HashSet<String> = gone.iter().filter_map(|token| names.remove(token)).collect();
    remove_words(tx, ids, mailbox, &key, &gone).await?;
    Ok(taken)
}

/// Takes letters of one block away from their words; gives the words that no letter of the block has any more.
async fn remove_places(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    at: i64,
    places: &BTreeMap<i64, Vec<u16>>,
) -> Result<Vec<i64>, SearchError> {
    let tokens: Vec<i64> = places.keys().copied().collect();
    let (mut gone, mut rows) = (Vec::new(), Vec::new());
    for some in tokens.chunks(AT_ONCE) {
        for row in store::search::postings(tx, mailbox, some, &(at..=at)).await? {
            let mut block = key.open_block(&row)?;
            for within in places.get(&row.token).into_iter().flatten() {
                block.remove(*within);
            }
            if block.is_empty() {
                store::search::remove_posting(tx, mailbox, row.token, at).await?;
                gone.push(row.token);
            } else {
                rows.push(key.seal_block(ids, row.token, at, &block)?);
            }
        }
    }
    store::search::put_postings(tx, mailbox, rows).await?;
    Ok(gone)
}

async fn remove_words(
    tx: &mut Tx,
    ids: Ids,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    gone: &HashSet<String>,
) -> Result<(), SearchError> {
    for kind in [KIND_WORDS, KIND_FIGURES] {
        if !gone.iter().any(|word| kind_of(word) == kind) {
            continue;
        }
        for row in store::search::words(tx, mailbox, kind).await? {
            let words = key.open_words(&row)?;
            let kept: String = words
                .split_inclusive('\n')
                .filter(|line| !gone.contains(line.trim_end()))
                .collect();
            if kept.len() < words.len() {
                let row: WordsRow = key.seal_words(ids, kind, row.chunk, &kept)?;
                store::search::put_words(tx, mailbox, &row).await?;
            }
        }
    }
    Ok(())
}
