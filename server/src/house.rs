//! What every use case is given: where things are kept, with which keys, and what time it is.

use crate::clock::{Clock, Ids};
use crate::db::Db;
use crate::seal::Keys;
use crate::shelf::Shelf;
use crate::sightings::Sightings;
use crate::tally::Tally;
use std::path::Path;
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
    /// What is too big for the database, sealed.
    pub shelf: Shelf,
    /// Rings when a job has been committed, so that the worker need not wait for its next look.
    pub bell: Arc<Notify>,
    /// Rings when letters have come, so that they soon can be found by their words.
    pub letters_bell: Arc<Notify>,
    /// What is counted for the staff's figures.
    pub tally: Tally,
    /// Certificates of others that were seen.
    pub sightings: Sightings,
}

impl House {
    /// A house on `db` with `keys`, by the clock given. Big objects lie under the folder it runs in, until another is named.
    pub fn new(db: Db, keys: Keys, clock: Clock) -> Self {
        Self {
            db,
            keys,
            clock,
            ids: Ids,
            shelf: Shelf::at(Path::new("var/keep")),
            bell: Arc::new(Notify::new()),
            letters_bell: Arc::new(Notify::new()),
            tally: Tally::default(),
            sightings: Sightings::default(),
        }
    }

    /// The same house with its big objects in another place.
    #[must_use]
    pub fn with_shelf(mut self, shelf: Shelf) -> Self {
        self.shelf = shelf;
        self
    }
}
