//! Search over what is sealed (docs/decisions/0010): an index that an attentive thief of the database can count in, but not read.
//!
//! For each mailbox there is a row for each word and each 8,192 letters, found by the word blinded under the mailbox's key, and in it,
//! sealed, which of the letters have the word; and a list of the mailbox's words, sealed, where parts and forms of words are looked
//! for. [`Indexer`] makes it, after letters have been acknowledged; [`seek`] asks it; [`forget`] takes letters out of it.

mod find;
mod index;
mod indexer;
mod key;
mod reader;

pub use find::{Manner, Only, Sought, Told, seek};
pub use index::forget;
pub use indexer::Indexer;
pub use key::SearchKey;
pub use reader::{Reader, ReaderError};

use crate::db::DbError;
use crate::seal::SealError;

/// Why the index could not be made or asked. Never names a person or a word.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The reader of attachments could not be started: nothing is said about the attachments.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// A sealed record holds something else than we wrote.
    #[error("a stored {0} cannot be read")]
    Record(&'static str),
}
