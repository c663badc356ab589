//! What blinds, seals and opens the index of one mailbox.

use super::SearchError;
use crate::clock::Ids;
use crate::domain::letter_text::LetterText;
use crate::domain::numbers::Block;
use crate::seal::{BlindKey, MailboxKey, Place, SealError};
use crate::store::search::{PostingRow, WordsRow};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use std::io::Read as _;
use uuid::Uuid;

/// A text is never larger than this when it is unpacked.
const MOST_TEXT: u64 = 64 * 1024 * 1024;

/// The keys of one mailbox's index.
#[derive(Debug)]
pub struct SearchKey<'a> {
    key: &'a MailboxKey,
    words: BlindKey,
    marks: BlindKey,
}

/// What is known of a letter beside its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Every letter has it.
    Letter,
    /// It has attachments.
    Attachment,
    /// It is from the sender with this blind index.
    Sender(Vec<u8>),
}

impl<'a> SearchKey<'a> {
    /// From the mailbox's own key.
    pub fn of(key: &'a MailboxKey) -> Result<Self, SealError> {
        Ok(Self {
            key,
            words: key.blind("search word")?,
            marks: key.blind("search mark")?,
        })
    }

    /// The token of a folded word.
    pub(super) fn word(&self, word: &str) -> i64 {
        short(&self.words, word)
    }

    /// The token of a mark.
    pub(super) fn mark(&self, mark: &Mark) -> i64 {
        match mark {
            Mark::Letter => short(&self.marks, "letter"),
            Mark::Attachment => short(&self.marks, "attachment"),
            Mark::Sender(index) => short(&self.marks, &hex::encode(index)),
        }
    }

    pub(super) fn seal_block(&self, ids: Ids, token: i64, at: i64, block: &Block) -> Result<PostingRow, SealError> {
        let id = pair(token, at);
        let numbers = self
            .key
            .seal(ids, &Place::new("search_posting", &id, "numbers"), &block.write())?;
        Ok(PostingRow {
            token,
            block: at,
            numbers,
        })
    }

    pub(super) fn open_block(&self, row: &PostingRow) -> Result<Block, SearchError> {
        let id = pair(row.token, row.block);
        let plain = self
            .key
            .open(&Place::new("search_posting", &id, "numbers"), &row.numbers)?;
        Block::read(&plain).ok_or(SearchError::Record("posting"))
    }

    pub(super) fn seal_words(&self, ids: Ids, kind: i64, chunk: i64, words: &str) -> Result<WordsRow, SealError> {
        let id = pair(kind, chunk);
        let words = self
            .key
            .seal(ids, &Place::new("search_words", &id, "words"), words.as_bytes())?;
        Ok(WordsRow { kind, chunk, words })
    }

    pub(super) fn open_words(&self, row: &WordsRow) -> Result<String, SearchError> {
        let id = pair(row.kind, row.chunk);
        let plain = self.key.open(&Place::new("search_words", &id, "words"), &row.words)?;
        String::from_utf8(plain).map_err(|_| SearchError::Record("list of words"))
    }

    pub(super) fn seal_text(&self, ids: Ids, letter: Uuid, text: &LetterText) -> Result<Vec<u8>, SearchError> {
        let plain = serde_json::to_vec(text).map_err(|_| SearchError::Record("letter's text"))?;
        let mut packed = Vec::with_capacity(plain.len() / 2);
        DeflateEncoder::new(plain.as_slice(), Compression::fast())
            .read_to_end(&mut packed)
            .map_err(|_| SearchError::Record("letter's text"))?;
        Ok(self
            .key
            .seal(ids, &Place::of("search_text", &letter, "text"), &packed)?)
    }

    /// Opens the text of a letter.
    pub fn open_text(&self, letter: Uuid, sealed: &[u8]) -> Result<LetterText, SearchError> {
        let packed = self.key.open(&Place::of("search_text", &letter, "text"), sealed)?;
        let mut plain = Vec::with_capacity(packed.len() * 3);
        DeflateDecoder::new(packed.as_slice())
            .take(MOST_TEXT)
            .read_to_end(&mut plain)
            .map_err(|_| SearchError::Record("letter's text"))?;
        serde_json::from_slice(&plain).map_err(|_| SearchError::Record("letter's text"))
    }
}

/// The first eight bytes of a token: in one mailbox two words with the same are not to be expected in the lifetime of the universe's
/// mailboxes, and halve the index.
fn short(key: &BlindKey, value: &str) -> i64 {
    let token = key.token(value);
    token.first_chunk::<8>().map_or(0, |bytes| i64::from_be_bytes(*bytes))
}

fn pair(one: i64, two: i64) -> [u8; 16] {
    let mut bytes = [0; 16];
    let (front, back) = bytes.split_at_mut(8);
    front.copy_from_slice(&one.to_be_bytes());
    back.copy_from_slice(&two.to_be_bytes());
    bytes
}
