//! Putting letters where they belong, and taking it back: what the use cases ask for and the worker finishes.
//!
//! Whatever is done with letters is an act: a row that says what, with which letters, and how far it has come. [`step`] changes
//! some of them in one transaction and remembers how each lay before. Few letters are done at once, in the transaction that asks;
//! of many the rest is left to a job, which calls [`step`] until nothing is left. Undoing goes the same way back.

mod act;
mod bin;
mod sorter;

pub use act::{Asked, Chosen, RemovedFolder, begin, read, step, take_back};
pub use bin::empty;
pub use sorter::{Sorter, add, categorise, opened, there};

use crate::db::{DbError, Tx};
use crate::domain::sorting::{Standing, Tally};
use crate::house::House;
use crate::seal::{MailboxKey, SealError};
use crate::store;
use crate::store::letter::LetterRow;
use uuid::Uuid;

/// Why sorting failed altogether.
#[derive(Debug, thiserror::Error)]
pub enum SortingError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The index of search.
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    /// A stored act holds something else than we wrote.
    #[error("a stored act cannot be read")]
    Content,
}

/// A mailbox and what is needed to sort in it.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The house.
    pub house: &'a House,
    /// The mailbox.
    pub mailbox: Uuid,
    /// Its key.
    pub key: &'a MailboxKey,
}

/// Changes one letter and counts it, in the caller's transaction, which has the mailbox's turn. Tells whether anything changed.
pub async fn change(tx: &mut Tx, mailbox: Uuid, letter: &LetterRow, after: Standing) -> Result<bool, DbError> {
    let mut tally = Tally::default();
    let changed = write(tx, mailbox, letter, after, &mut tally).await?;
    store::place::add(tx, mailbox, &tally).await?;
    Ok(changed)
}

/// Writes a letter's new standing if it is new, and adds it to the tally.
async fn write(
    tx: &mut Tx,
    mailbox: Uuid,
    letter: &LetterRow,
    after: Standing,
    tally: &mut Tally,
) -> Result<bool, DbError> {
    let before = letter.standing();
    if before == after {
        return Ok(false);
    }
    store::letter::set_standing(tx, mailbox, letter.id, after).await?;
    tally.change(before, after);
    Ok(true)
}

/// Does the rest of an act, or of taking it back, a transaction for some letters at a time. For the worker.
pub async fn finish(house: &House, mailbox: Uuid, act: Uuid) -> Result<(), SortingError> {
    loop {
        let mut tx = house.db.begin().await?;
        let Some(row) = store::mailbox::by_id(&mut tx, mailbox).await? else {
            return Ok(());
        };
        let key = house.keys.unwrap(&mailbox, &row.wrapped)?;
        let desk = Desk {
            house,
            mailbox,
            key: &key,
        };
        store::mailbox::take_turn(&mut tx, mailbox).await?;
        let ended = step(&mut tx, desk, act).await?;
        tx.commit().await?;
        if ended {
            return Ok(());
        }
    }
}
