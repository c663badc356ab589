//! So many at once of each who comes; the others wait for their turn. Who is not to wait, but to be turned away, comes to a `Turnstile`.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

type Places<K> = Arc<Mutex<HashMap<K, Arc<Semaphore>>>>;

/// Whose turns are taken, or waited for.
#[derive(Debug)]
pub struct Turns<K> {
    most: usize,
    places: Places<K>,
}

impl<K> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Self {
            most: self.most,
            places: self.places.clone(),
        }
    }
}

impl<K: Eq + Hash + Copy> Turns<K> {
    /// With `most` at once of each.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            places: Arc::default(),
        }
    }

    /// Waits for a turn.
    pub async fn take(&self, who: K) -> Result<Turn<K>, AcquireError> {
        let here = self.come(who);
        let permit = here.places.clone().acquire_owned().await?;
        Ok(Turn {
            _permit: permit,
            _here: here,
        })
    }

    fn come(&self, who: K) -> Here<K> {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let places = all.entry(who).or_insert_with(|| Arc::new(Semaphore::new(self.most)));
        Here {
            who,
            places: places.clone(),
            all: self.places.clone(),
        }
    }
}

/// A turn. Dropped, it is the next one's.
#[derive(Debug)]
pub struct Turn<K: Eq + Hash + Copy> {
    // Given back before it is looked whether anybody else is there.
    _permit: OwnedSemaphorePermit,
    _here: Here<K>,
}

/// Having come. Who is the last to leave is forgotten, also when they go away while they wait.
#[derive(Debug)]
struct Here<K: Eq + Hash + Copy> {
    who: K,
    places: Arc<Semaphore>,
    all: Places<K>,
}

impl<K: Eq + Hash + Copy> Drop for Here<K> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        // The list's own and this one: nobody comes while it is locked.
        if Arc::strong_count(&self.places) == 2 {
            all.remove(&self.who);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn each_has_so_many_and_the_next_waits() {
        let turns = Turns::new(2);
        let (first, second) = (turns.take('a').await.unwrap(), turns.take('a').await.unwrap());
        assert!(timeout(SOON, turns.take('a')).await.is_err());
        let other = turns.take('b').await.unwrap();
        drop(first);
        let third = turns.take('a').await.unwrap();
        drop((second, third));
        drop(other);
    }

    #[tokio::test]
    async fn who_has_left_is_forgotten() {
        let turns = Turns::new(1);
        let first = turns.take('a').await.unwrap();
        assert!(
            timeout(SOON, turns.take('a')).await.is_err(),
            "somebody who goes away waiting"
        );
        assert_eq!(turns.places.lock().unwrap().len(), 1);
        drop(first);
        assert!(turns.places.lock().unwrap().is_empty());
    }
}
