//! Whether the log is whole: walked from its first row to its head, without opening anything sealed.

use super::{AuditError, head_seal, is_head, row_seal};
use crate::db::Db;
use crate::domain::audit::{BEGINNING, hash};
use crate::seal::Keys;
use crate::store::audit::{self as store, AuditRow, HeadRow};
use std::fmt;
use std::str::FromStr;
use subtle::ConstantTimeEq as _;

/// Rows that are read at a time.
const BATCH: i64 = 1_000;

/// A point of the log that somebody has noted outside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How long the log was.
    pub length: i64,
    /// What its last hash was.
    pub hash: Vec<u8>,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.length, hex::encode(&self.hash))
    }
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a mark is a number, a colon and 64 signs, as «audit verify» prints it".to_owned();
        let (length, hash) = text.split_once(':').ok_or_else(wrong)?;
        let length = length.parse().ok().filter(|length| *length >= 0).ok_or_else(wrong)?;
        let hash = hex::decode(hash)
            .ok()
            .filter(|hash| hash.len() == 32)
            .ok_or_else(wrong)?;
        Ok(Self { length, hash })
    }
}

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// There is no row with this number, though there are later ones.
    Missing(i64),
    /// The row is not what was written, or the one before it is not the one that was.
    Changed(i64),
    /// The row's hash is right, and was made without the key: the row was written by somebody else.
    Forged(i64),
    /// The log ends with this row, and was longer.
    Cut(i64),
    /// The rows hold, and what tells how many there are was made without the key, or is gone.
    Head,
    /// The log does not hold what it held when it was noted: it was put back to an earlier state, or it is another log.
    NotAsNoted,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(number) => write!(f, "row {number} is missing"),
            Self::Changed(number) => write!(f, "row {number} is not what was written"),
            Self::Forged(number) => write!(f, "row {number} was written by somebody without the key file"),
            Self::Cut(number) => write!(f, "the log was longer: it ends with row {number}"),
            Self::Head => f.write_str("every row holds, but what tells how many there are was changed or taken away"),
            Self::NotAsNoted => {
                f.write_str("the log does not hold what was noted of it: it has been put back, or is another")
            }
        }
    }
}

/// What a walk came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Everything holds, and this is its end: to be noted outside of the database.
    Whole(Mark),
    /// The first thing that does not hold.
    Broken(Broken),
}

/// Walks the log; with `noted` it must still hold what it held then. What is written meanwhile is walked too.
pub async fn verify(db: &Db, keys: &Keys, noted: Option<&Mark>) -> Result<Found, AuditError> {
    let mut walk = Walk {
        keys,
        noted,
        length: 0,
        hash: BEGINNING.to_vec(),
        as_noted: noted.is_none_or(|mark| mark.length == 0),
    };
    loop {
        let mut tx = db.read().await?;
        let head = store::head(&mut tx).await?;
        let until = head.as_ref().map_or(0, |head| head.length);
        while walk.length < until {
            let rows = store::after(&mut tx, walk.length, BATCH).await?;
            if rows.is_empty() {
                return Ok(Found::Broken(Broken::Cut(walk.length)));
            }
            for row in rows.iter().take_while(|row| row.number <= until) {
                if let Err(broken) = walk.step(row) {
                    return Ok(Found::Broken(broken));
                }
            }
            // Only later ones are left: the next one should have been there.
            if walk.length < until && rows.iter().any(|row| row.number > until) {
                return Ok(Found::Broken(Broken::Missing(walk.length + 1)));
            }
        }
        // Whoever takes the whole log away, and its head with it, leaves accounts whose beginnings it told.
        if head.is_none() && store::any_account(&mut tx).await? {
            return Ok(Found::Broken(Broken::Head));
        }
        if let Some(broken) = walk.end(head.as_ref()) {
            return Ok(Found::Broken(broken));
        }
        if store::after(&mut tx, walk.length, 1).await?.is_empty() {
            return Ok(walk.found());
        }
        drop(tx);
        // Either somebody has just written, and then the head has moved on; or rows were put after it.
        let mut tx = db.read().await?;
        if store::head(&mut tx)
            .await?
            .is_none_or(|head| head.length <= walk.length)
        {
            return Ok(Found::Broken(Broken::Head));
        }
    }
}

struct Walk<'a> {
    keys: &'a Keys,
    noted: Option<&'a Mark>,
    length: i64,
    hash: Vec<u8>,
    as_noted: bool,
}

impl Walk<'_> {
    fn step(&mut self, row: &AuditRow) -> Result<(), Broken> {
        let expected = self.length + 1;
        if row.number != expected {
            return Err(Broken::Missing(expected));
        }
        let hash = hash(&self.hash, &row.fields());
        if hash.as_slice() != row.hash {
            return Err(Broken::Changed(expected));
        }
        if !bool::from(row_seal(self.keys, expected, &hash).ct_eq(row.seal.as_slice())) {
            return Err(Broken::Forged(expected));
        }
        self.length = expected;
        self.hash = hash.to_vec();
        if self.noted.is_some_and(|mark| mark.length == expected) {
            self.as_noted = self.noted.is_some_and(|mark| mark.hash == self.hash);
        }
        Ok(())
    }

    /// Whether the head, as it stood when the rows before it were walked, is theirs.
    fn end(&self, head: Option<&HeadRow>) -> Option<Broken> {
        match head {
            None => None,
            Some(head) if is_head(self.keys, head) && head.length == self.length && head.hash == self.hash => None,
            Some(_) => Some(Broken::Head),
        }
    }

    fn found(&self) -> Found {
        if self.as_noted {
            Found::Whole(Mark {
                length: self.length,
                hash: self.hash.clone(),
            })
        } else {
            Found::Broken(Broken::NotAsNoted)
        }
    }
}

/// The end of the log as its head has it; nothing when the head was made by somebody else, or nothing has been written.
pub(super) fn mark_of(keys: &Keys, head: HeadRow) -> Option<Mark> {
    let seal = head_seal(keys, head.length, &head.hash);
    bool::from(seal.ct_eq(head.seal.as_slice())).then_some(Mark {
        length: head.length,
        hash: head.hash,
    })
}
