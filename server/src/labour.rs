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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn who_goes_away_leaves_no_place_free_for_more_work() {
        let places = PLACES.available_permits();
        let (begun, has_begun) = channel();
        let mut ends = Vec::new();
        for _ in 0..places {
            let (end, wait) = channel::<()>();
            ends.push(end);
            let begun = begun.clone();
            let asked = labour(move || {
                begun.send(()).unwrap();
                wait.recv().ok()
            });
            // Nobody waits for it any more; it goes on.
            assert!(timeout(Duration::from_millis(50), asked).await.is_err());
            has_begun.recv_timeout(Duration::from_secs(10)).unwrap();
        }
        assert!(
            timeout(Duration::from_millis(50), labour(|| ())).await.is_err(),
            "every place is taken"
        );
        drop(ends);
        assert_eq!(timeout(Duration::from_secs(10), labour(|| 7)).await, Ok(Ok(7)));
        assert_eq!(
            labour(|| panic!("as a letter may make it")).await,
            Err::<(), _>(EndedEarly)
        );
    }
}
