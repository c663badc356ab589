//! So many at once of each who comes, so that nobody takes the places of all the others.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Lets in so many at once of each.
#[derive(Debug)]
pub(super) struct Turnstile<K> {
    most: usize,
    inside: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K> Clone for Turnstile<K> {
    fn clone(&self) -> Self {
        Self {
            most: self.most,
            inside: self.inside.clone(),
        }
    }
}

impl<K: Eq + Hash + Copy> Turnstile<K> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            inside: Arc::default(),
        }
    }

    /// A pass, unless there are as many of these inside as there may be.
    pub(super) fn enter(&self, who: K) -> Option<Pass<K>> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(who).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Pass {
            who,
            inside: self.inside.clone(),
        })
    }
}

/// Being inside. Dropped, it leaves.
#[derive(Debug)]
pub(super) struct Pass<K: Eq + Hash + Copy> {
    who: K,
    inside: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Eq + Hash + Copy> Drop for Pass<K> {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.who) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_so_many_and_no_trace_is_left() {
        let turnstile = Turnstile::new(2);
        let (first, second) = (turnstile.enter('a').unwrap(), turnstile.enter('a').unwrap());
        assert!(turnstile.enter('a').is_none());
        let other = turnstile.enter('b').unwrap();
        drop(first);
        let third = turnstile.enter('a').unwrap();
        drop((second, third, other));
        assert!(turnstile.inside.lock().unwrap().is_empty());
    }
}
