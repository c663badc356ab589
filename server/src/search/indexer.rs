//! Indexes letters after they have been acknowledged, and those that came before there was an index.
//!
//! A letter without a number waits: that is the whole list of what is to be done, so no job is written for a letter and nothing can be
//! lost between the two. One indexer at a time has a mailbox, by lease; any number of servers may share the work.

use super::index::{Ready, WORDS, write};
use super::key::SearchKey;
use super::reader::Reader;
use super::{ReaderError, SearchError};
use crate::config::Search;
use crate::db::Tx;
use crate::domain::letter_text::{LetterText, Pages, Reading};
use crate::house::House;
use crate::original::{self, Original, OriginalError};
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::letter::LetterRow;
use futures::{FutureExt as _, StreamExt as _};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Letters put in by one transaction, at most. They share most of their words, and a word is opened and sealed once for all that come
/// together.
const BATCH: usize = 512;

/// Words of letters that wait in memory for the same transaction, those they share counted for each.
const HELD: usize = 16 * WORDS;

/// Batches of one mailbox before others have their turn.
const TURN: usize = 4;

/// Preparing letters for so long is enough for one batch, if there are heavy attachments.
const LONG: Duration = Duration::from_secs(20);

/// Reading the attachments of one letter for so long is enough: the rest is not searched.
const SHARE: Duration = Duration::from_secs(20);

/// A mailbox that could not be indexed is left alone so long.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// Lets the transaction that rang commit, and others join.
const AFTER_THE_BELL: Duration = Duration::from_millis(50);

/// Makes the index.
#[derive(Clone, Debug)]
pub struct Indexer {
    house: House,
    reader: Reader,
    settings: Search,
}

/// How a batch ended.
enum Batch {
    /// So many letters were put in.
    Done {
        /// How many.
        letters: usize,
        /// Whether others wait.
        more: bool,
    },
    /// Nothing waits, or somebody else is at it.
    Nothing,
}

impl Indexer {
    /// An indexer for `house`.
    pub fn new(house: House, settings: &Search) -> Result<Self, ReaderError> {
        Ok(Self {
            house,
            reader: Reader::new(settings)?,
            settings: settings.clone(),
        })
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.run_waiting(&stop).await {
                tracing::error!(%error, "the index of search could not be looked at; trying again");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.house.letters_bell.notified() => tokio::time::sleep(AFTER_THE_BELL).await,
                () = tokio::time::sleep(self.settings.look_every) => {}
            }
        }
    }

    /// Indexes everything that waits now; tells how many letters that were. What fails is logged, and tried again later.
    pub async fn run_waiting(&self, stop: &CancellationToken) -> Result<usize, SearchError> {
        let mut count = 0;
        loop {
            let mut mailboxes = Vec::new();
            let mut tx = self.house.db.read().await?;
            let mut after = Uuid::nil();
            while let Some(mailbox) = store::search::waiting_mailbox(&mut tx, after).await?
                && mailboxes.len() < 1000
            {
                mailboxes.push(mailbox);
                after = mailbox;
            }
            drop(tx);
            let mut turns = futures::stream::iter(mailboxes)
                .map(|mailbox| {
                    let (indexer, stop) = (self.clone(), stop.clone());
                    async move { indexer.turn(mailbox, &stop).await }.boxed()
                })
                .buffer_unordered(self.settings.at_once.max(1));
            let mut this_time = 0;
            while let Some(letters) = turns.next().await {
                this_time += letters;
            }
            count += this_time;
            if this_time == 0 || stop.is_cancelled() {
                return Ok(count);
            }
        }
    }

    /// One mailbox's turn; gives how many letters were indexed.
    async fn turn(&self, mailbox: Uuid, stop: &CancellationToken) -> usize {
        let mut count = 0;
        let begun = Instant::now();
        for _ in 0..TURN {
            // Heavy letters of one mailbox do not keep the others waiting.
            if stop.is_cancelled() || begun.elapsed() > LONG {
                break;
            }
            match self.batch(mailbox).await {
                Ok(Batch::Done { letters, more }) => {
                    count += letters;
                    if !more {
                        break;
                    }
                }
                Ok(Batch::Nothing) => break,
                Err(error) => {
                    tracing::error!(%error, %mailbox, "letters could not be indexed; trying again in a minute");
                    break;
                }
            }
        }
        metrics::counter!("brevlada_letters_indexed_total").increment(count as u64);
        count
    }

    async fn batch(&self, mailbox: Uuid) -> Result<Batch, SearchError> {
        let now = self.house.clock.now();
        let mut tx = self.house.db.begin().await?;
        // Kept when this fails or the process ends; given back with what was done.
        if !store::search::lease(&mut tx, mailbox, now, now + LONG * 3 + AFTER_FAILURE).await? {
            return Ok(Batch::Nothing);
        }
        tx.commit().await?;
        let done = self.index(mailbox).await;
        if done.is_err() {
            let mut tx = self.house.db.begin().await?;
            store::search::release(&mut tx, mailbox, self.house.clock.now() + AFTER_FAILURE).await?;
            tx.commit().await?;
        }
        done
    }

    async fn index(&self, mailbox: Uuid) -> Result<Batch, SearchError> {
        let mut tx = self.house.db.read().await?;
        let row = store::mailbox::by_id(&mut tx, mailbox).await?;
        let waiting = store::search::waiting(&mut tx, mailbox, i64::try_from(BATCH).unwrap_or(i64::MAX)).await?;
        drop(tx);
        let mut ready = Vec::new();
        if let Some(row) = row {
            let key = self.house.keys.unwrap(&mailbox, &row.wrapped)?;
            let search_key = SearchKey::of(&key)?;
            let begun = self.house.clock.now();
            let (mut open, mut held, mut different) = (None, 0, HashSet::new());
            for letter in &waiting {
                let letter = self.prepare(mailbox, &key, &search_key, letter, &mut open).await?;
                held += letter.tokens().len();
                different.extend(letter.tokens());
                ready.push(letter);
                if different.len() > WORDS || held > HELD || self.house.clock.now() - begun > LONG {
                    break;
                }
            }
            let mut tx = self.house.db.begin().await?;
            if !ready.is_empty() {
                write(&mut tx, self.house.ids, mailbox, &search_key, &ready).await?;
            }
            store::search::release(&mut tx, mailbox, self.house.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(if ready.is_empty() {
            Batch::Nothing
        } else {
            Batch::Done {
                letters: ready.len(),
                more: ready.len() < waiting.len() || waiting.len() == BATCH,
            }
        })
    }

    /// Reads a letter and its attachments. Several letters of one delivery open it once.
    async fn prepare(
        &self,
        mailbox: Uuid,
        key: &MailboxKey,
        search_key: &SearchKey<'_>,
        letter: &LetterRow,
        open: &mut Option<(Uuid, Original)>,
    ) -> Result<Ready, SearchError> {
        if open.as_ref().is_none_or(|(id, _)| *id != letter.delivery_id) {
            let mut tx = self.house.db.read().await?;
            *open = self.open(&mut tx, mailbox, key, letter).await?;
        }
        let opened = open.as_ref().and_then(|(_, original)| {
            let message = original.message(letter.place).ok()?;
            Some((original, message))
        });
        let ids = self.house.ids;
        let Some((original, message)) = opened else {
            let header = record::header(key, letter.id, &letter.header)?;
            let text = LetterText::of_header(&header.sender, &header.subject);
            return Ready::of(search_key, ids, letter, letter.sender_index.clone(), &text);
        };
        let mut pages = Vec::with_capacity(message.attachments.len());
        let begun = Instant::now();
        for attachment in &message.attachments {
            // What is beyond a letter's share is said not to be searched, like what is too long.
            pages.push(if begun.elapsed() < SHARE {
                self.reader.read(attachment).await?
            } else {
                Pages::none(Reading::Begun)
            });
        }
        let mut text = LetterText::of(&original.delivery, message, pages);
        if let Some(passed_on) = &original.passed_on {
            text.passed_on_by(&passed_on.by.name);
        }
        let sender = key.blind("sender")?.token(&original.delivery.sender.id.to_string());
        Ready::of(search_key, ids, letter, Some(sender.to_vec()), &text)
    }

    /// Opens a letter's original. One that cannot be opened is logged, and the letter found by its header: it must not keep others away.
    async fn open(
        &self,
        tx: &mut Tx,
        mailbox: Uuid,
        key: &MailboxKey,
        letter: &LetterRow,
    ) -> Result<Option<(Uuid, Original)>, SearchError> {
        match original::open(tx, mailbox, key, letter.delivery_id).await {
            Ok(original) => Ok(Some((letter.delivery_id, original))),
            Err(OriginalError::Db(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, %mailbox, letter = %letter.id, "a letter's original cannot be opened to index it");
                Ok(None)
            }
        }
    }
}
