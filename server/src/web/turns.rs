//! How many requests of one person are answered at the same time. Others of theirs wait: whoever opens sixty tabs has a few connections to the
//! database, not all of them.

use crate::login::CurrentSession;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use contracts::identifier::PersonalNumber;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Requests of one person at a time, in all their browsers.
const AT_ONCE: usize = 4;

/// How long one waits for its turn.
const WAIT: Duration = Duration::from_secs(10);

/// Whose requests are being answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<PersonalNumber, Arc<Semaphore>>>>);

impl Turns {
    fn of(&self, who: PersonalNumber) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = all.entry(who).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(turns)
    }

    /// Forgets who has nothing more to be answered.
    fn tidy(&self, who: &PersonalNumber, turns: Arc<Semaphore>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(turns);
        if all.get(who).is_some_and(|kept| Arc::strong_count(kept) == 1) {
            all.remove(who);
        }
    }
}

/// Gives back what was taken, also when whoever asked has gone away in the middle.
struct Waiting {
    all: Turns,
    who: PersonalNumber,
    turns: Option<Arc<Semaphore>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            self.all.tidy(&self.who, turns);
        }
    }
}

/// Middleware behind the session: waits for a turn, and answers 429 when none comes.
pub(super) async fn in_turn(State(all): State<Turns>, request: Request, next: Next) -> Response {
    let Some(who) = request
        .extensions()
        .get::<CurrentSession>()
        .map(|session| session.holder)
    else {
        return next.run(request).await;
    };
    let turns = all.of(who);
    let _waiting = Waiting {
        all,
        who,
        turns: Some(Arc::clone(&turns)),
    };
    match timeout(WAIT, turns.acquire_owned()).await {
        Ok(_turn) => next.run(request).await,
        Err(_) => StatusCode::TOO_MANY_REQUESTS.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_nothing_more_to_be_answered_is_forgotten() {
        let turns = Turns::default();
        let who: PersonalNumber = "191212121212".parse().unwrap();
        let waiting = |turns: &Turns| Waiting {
            all: turns.clone(),
            who,
            turns: Some(turns.of(who)),
        };
        let (one, two) = (waiting(&turns), waiting(&turns));
        drop(one);
        assert_eq!(turns.0.lock().unwrap().len(), 1);
        drop(two);
        assert!(turns.0.lock().unwrap().is_empty());
    }
}
