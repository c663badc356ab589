//! What is said of disturbances: on every page, so it is asked for rarely and kept meanwhile.

use crate::house::House;
use crate::mailbox::texts::banners;
use app::{Banner, Language};
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// How long what was read is kept. One that was published at another server is seen within it.
const KEPT: Duration = Duration::seconds(10);

/// What is kept of one language.
type Read = Option<(OffsetDateTime, Vec<Banner>)>;

/// The banners of the house. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Banners {
    house: House,
    /// Swedish, English.
    kept: Arc<Mutex<[Read; 2]>>,
}

impl Banners {
    pub(super) fn new(house: House) -> Self {
        Self {
            house,
            kept: Arc::default(),
        }
    }

    /// Those that are shown now. A page is made without them rather than not at all.
    pub(super) async fn now(&self, language: Language) -> Vec<Banner> {
        let now = self.house.clock.now();
        if let Some(kept) = self.kept(language, now) {
            return kept;
        }
        match banners(&self.house, language.tag()).await {
            Ok(found) => {
                let found: Vec<Banner> = found
                    .into_iter()
                    .map(|banner| Banner {
                        title: banner.title,
                        language: banner.language,
                        html: banner.html,
                    })
                    .collect();
                self.keep(language, Some((now, found.clone())));
                found
            }
            Err(error) => {
                tracing::error!(%error, "what is said of disturbances could not be read");
                Vec::new()
            }
        }
    }

    /// Reads anew with the next page.
    pub(super) fn forget(&self) {
        for language in [Language::Swedish, Language::English] {
            self.keep(language, None);
        }
    }

    fn kept(&self, language: Language, now: OffsetDateTime) -> Option<Vec<Banner>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, banners) = place(&kept, language)?;
        let age = now - *read_at;
        (age >= Duration::ZERO && age < KEPT).then(|| banners.clone())
    }

    fn keep(&self, language: Language, read: Read) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let [swedish, english] = &mut *kept;
        match language {
            Language::Swedish => *swedish = read,
            Language::English => *english = read,
        }
    }
}

fn place(kept: &[Read; 2], language: Language) -> Option<&(OffsetDateTime, Vec<Banner>)> {
    let [swedish, english] = kept;
    match language {
        Language::Swedish => swedish.as_ref(),
        Language::English => english.as_ref(),
    }
}
