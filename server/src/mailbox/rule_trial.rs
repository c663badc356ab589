//! Which of the letters that are there a rule catches: asked of the index of search, over the whole mailbox, and answered as the rule
//! itself will answer when a letter comes in.
//!
//! The index knows of every letter which words it has, the pages of its attachments among them, and rules do not read those: they
//! are read later than a letter comes in. So letters with attachments are looked at one by one, in the text that is kept beside the
//! index, and so is every letter where the order of words counts, or the subject alone. Of the others the index tells.

use super::MailboxError;
use super::access::Entered;
use crate::db::Tx;
use crate::domain::asked_words::{AskedWords, Heard};
use crate::domain::numbers::Numbers;
use crate::domain::query::Clause;
use crate::domain::rule::{Asks, Within};
use crate::labour::labour;
use crate::record;
use crate::search::{Manner, Only, SearchKey, seek};
use crate::store;
use crate::store::letter::LetterRow;
use crate::store::search::{AT_ONCE, EVERYWHERE};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// Letters whose text is opened for one trial, the newest first: a page waits for it.
const OPENED: usize = 1_000;
/// Letters whose subject is looked at.
const SUBJECTS: usize = 20_000;

/// Trials at a time, whoever asks: each keeps a connection while it looks.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Waits for a place, to be taken before a connection is.
pub(super) async fn place() -> Option<SemaphorePermit<'static>> {
    PLACES.acquire().await.ok()
}

/// What a rule catches.
#[derive(Debug)]
pub(super) struct Caught {
    letters: Numbers,
    /// There may be more: letters that came a moment ago, or older ones than were looked at.
    pub(super) waiting: bool,
}

/// Looks through the mailbox, but for its bin.
pub(super) async fn caught(tx: &mut Tx, entered: &Entered, asks: &Asks) -> Result<Caught, MailboxError> {
    let waiting = store::search::count_waiting(tx, entered.id, 1).await? > 0;
    if !asks.is_something() {
        let letters = Numbers::default();
        return Ok(Caught { letters, waiting });
    }
    let trial = Trial::of(tx, entered, asks).await?;
    let letters = trial.run(tx).await?;
    Ok(Caught {
        letters,
        waiting: waiting || trial.unfinished.into_inner(),
    })
}

impl Caught {
    /// How many letters.
    pub(super) fn count(&self) -> usize {
        self.letters.count()
    }

    /// The newest of them, at most `limit`, the newest first.
    pub(super) async fn newest(
        &self,
        tx: &mut Tx,
        mailbox: Uuid,
        limit: usize,
    ) -> Result<Vec<LetterRow>, MailboxError> {
        let numbers: Vec<i64> = self.letters.newest_first(i64::MAX).take(limit).collect();
        let mut rows = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(AT_ONCE) {
            let met = store::search::letters(tx, mailbox, some).await?;
            rows.extend(met.into_iter().map(|row| row.letter));
        }
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows)
    }

    /// All of them.
    pub(super) async fn ids(&self, tx: &mut Tx, mailbox: Uuid) -> Result<Vec<Uuid>, MailboxError> {
        let rows = self.newest(tx, mailbox, usize::MAX).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}

/// A rule being tried on a mailbox.
struct Trial<'t> {
    entered: &'t Entered,
    key: SearchKey<'t>,
    within: Within,
    words: Option<Arc<AskedWords>>,
    sender: Option<Vec<u8>>,
    /// Letters with the category that is asked for.
    only: Option<Numbers>,
    binned: Numbers,
    /// There were more letters than are looked at.
    unfinished: AtomicBool,
}

impl<'t> Trial<'t> {
    async fn of(tx: &mut Tx, entered: &'t Entered, asks: &Asks) -> Result<Self, MailboxError> {
        let sender = match &asks.sender {
            Some(sender) => Some(entered.key.blind("sender")?.token(&sender.number).to_vec()),
            None => None,
        };
        let only = match asks.category {
            Some(category) => Some(all_of(store::category::numbers(tx, entered.id, category).await?)),
            None => None,
        };
        Ok(Self {
            entered,
            key: SearchKey::of(&entered.key)?,
            within: asks.within,
            words: asks.words.as_deref().map(AskedWords::parse).map(Arc::new),
            sender,
            only,
            binned: all_of(store::search::binned(tx, entered.id, &EVERYWHERE).await?),
            unfinished: AtomicBool::new(false),
        })
    }

    async fn run(&self, tx: &mut Tx) -> Result<Numbers, MailboxError> {
        let Some(words) = &self.words else {
            return self.indexed(tx, &[], false).await;
        };
        // What must not be there may stand on a page that rules do not read.
        let wanted: Vec<Clause> = words
            .clauses()
            .iter()
            .filter(|clause| !clause.exclude)
            .cloned()
            .collect();
        if self.within == Within::Subject {
            let possible = self.indexed(tx, &wanted, false).await?;
            return self.with_words_in_subject(tx, words, &possible).await;
        }
        if words.has_phrases() {
            let possible = self.indexed(tx, &wanted, false).await?;
            return self.with_words(tx, words, &possible).await;
        }
        let attached = self.indexed(tx, &wanted, true).await?;
        let mut caught = self.indexed(tx, words.clauses(), false).await?;
        caught.and_not(&attached);
        caught.or(&self.with_words(tx, words, &attached).await?);
        Ok(caught)
    }

    /// What the index says; of letters with attachments alone, if `attached`.
    async fn indexed(&self, tx: &mut Tx, clauses: &[Clause], attached: bool) -> Result<Numbers, MailboxError> {
        let only = Only {
            sender: self.sender.clone(),
            attachment: attached,
        };
        let sought = seek(tx, self.entered.id, &self.key, clauses, &only, Manner::Rule).await?;
        let mut letters = sought.everywhere(tx, &self.key).await?;
        if let Some(only) = &self.only {
            letters.and(only);
        }
        letters.and_not(&self.binned);
        Ok(letters)
    }

    /// The newest of some letters, at most `most`.
    fn newest(&self, some: &Numbers, most: usize) -> Vec<i64> {
        let mut numbers: Vec<i64> = some.newest_first(i64::MAX).take(most + 1).collect();
        if numbers.len() > most {
            numbers.truncate(most);
            self.unfinished.store(true, Ordering::Relaxed);
        }
        numbers
    }

    /// Those of some letters that have the words in their subject.
    async fn with_words_in_subject(
        &self,
        tx: &mut Tx,
        words: &AskedWords,
        some: &Numbers,
    ) -> Result<Numbers, MailboxError> {
        let numbers = self.newest(some, SUBJECTS);
        let mut with = Numbers::default();
        for some in numbers.chunks(AT_ONCE) {
            for row in store::search::letters(tx, self.entered.id, some).await? {
                let header = record::header(&self.entered.key, row.letter.id, &row.letter.header)?;
                if words.are_in(&Heard::of_subject(&header.subject)) {
                    with.add(row.number);
                }
            }
        }
        Ok(with)
    }

    /// Those that have them anywhere but on the pages of attachments.
    async fn with_words(&self, tx: &mut Tx, words: &Arc<AskedWords>, some: &Numbers) -> Result<Numbers, MailboxError> {
        let numbers = self.newest(some, OPENED);
        let mut with = Numbers::default();
        for some in numbers.chunks(AT_ONCE) {
            let mut texts = Vec::with_capacity(some.len());
            for row in store::search::texts(tx, self.entered.id, some).await? {
                texts.push((row.number, self.key.open_text(row.letter, &row.text)?));
            }
            let words = words.clone();
            let found = labour(move || {
                let heard = texts.into_iter().map(|(number, text)| (number, Heard::of_letter(text)));
                let with = heard.filter(|(_, heard)| words.are_in(heard));
                with.map(|(number, _)| number).collect::<Vec<_>>()
            });
            for number in found.await? {
                with.add(number);
            }
        }
        Ok(with)
    }
}

fn all_of(numbers: Vec<i64>) -> Numbers {
    let mut all = Numbers::default();
    for number in numbers {
        all.add(number);
    }
    all
}
