//! How many requests of one person are answered at the same time: whoever opens sixty tabs has a few connections to the database, not all of
//! them.

use crate::login::CurrentSession;
use crate::turns::Turns;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use contracts::identifier::PersonalNumber;
use std::time::Duration;
use tokio::time::timeout;

/// Requests of one person at a time, in all their browsers.
pub(super) const AT_ONCE: usize = 4;

/// How long one waits for its turn.
const WAIT: Duration = Duration::from_secs(10);

/// Middleware behind the session: waits for a turn, and answers 429 when none comes.
pub(super) async fn in_turn(State(turns): State<Turns<PersonalNumber>>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<CurrentSession>();
    let Some(who) = session.map(|session| session.holder) else {
        return next.run(request).await;
    };
    match timeout(WAIT, turns.take(who)).await {
        Ok(Ok(_turn)) => next.run(request).await,
        Ok(Err(_)) | Err(_) => StatusCode::TOO_MANY_REQUESTS.into_response(),
    }
}
