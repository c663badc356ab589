//! Work for a processor: cleaning, setting and packing letters, beside the threads that serve people.

use std::num::NonZero;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// As many at once as there are processors, whoever asks.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, NonZero::get);
    Arc::new(Semaphore::new(processors))
});

/// The work panicked. Logged by the runtime's hook; nothing of what it was about is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("work on a letter ended early")]
pub struct EndedEarly;

/// Waits for a place, and does it. The place is kept until the work has ended, also when whoever asked has gone meanwhile: nobody can
/// have more done at once by asking again.
pub async fn labour<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, EndedEarly> {
    let place = PLACES.clone().acquire_owned().await.map_err(|_| EndedEarly)?;
    tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    })
    .await
    .map_err(|_| EndedEarly)
}
