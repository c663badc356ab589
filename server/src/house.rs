//! What every use case is given: where things are kept, with which keys, and what time it is.

use crate::clock::{Clock, Ids};
use crate::db::Db;
use crate::seal::Keys;
use std::sync::Arc;
use tokio::sync::Notify;

/// The house. Cheap to clone; the same for everyone in it.
#[derive(Clone, Debug)]
pub struct House {
    /// The database.
    pub db: Db,
    /// Master keys.
    pub keys: Keys,
    /// The time.
    pub clock: Clock,
    /// Ids and randomness.
    pub ids: Ids,
    /// Rings when a job has been committed, so that the worker need not wait for its next look.
    pub bell: Arc<Notify>,
    /// Rings when letters have come, so that they soon can be found by their words.
    pub letters_bell: Arc<Notify>,
}

impl House {
    /// A house on `db` with `keys`, by the clock given.
    pub fn new(db: Db, keys: Keys, clock: Clock) -> Self {
        Self {
            db,
            keys,
            clock,
            ids: Ids,
            bell: Arc::new(Notify::new()),
            letters_bell: Arc::new(Notify::new()),
        }
    }
}
