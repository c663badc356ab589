//! Who may send, and through whom: Authority's lists, kept so that deliveries go on when Authority is down.
//!
//! The lists are in memory; their last good copy is in the database and outlives a restart. They are read anew on a
//! schedule, and at once when a delivery names somebody they do not know, but not more often than a bucket of tokens
//! allows: whoever holds a client certificate must not be able to make us hammer Authority.

use super::RegisterError;
use super::book::{Book, Mediator, NotApproved, Parties};
use super::bucket::Bucket;
use crate::clock::Clock;
use crate::db::Db;
use crate::store::last_good;
use async_trait::async_trait;
use contracts::identifier::OrganisationNumber;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

/// The name of the lists among the last good copies.
const COPY: &str = "authority";
/// How soon after a failure Authority is asked again.
const AFTER_FAILURE: Duration = Duration::from_mins(1);
/// Senders known only by question and answer, at most; beyond that they are asked about each time.
const ACCEPTED_AT_MOST: usize = 10_000;

/// Authority, as this cache asks it.
#[async_trait]
pub trait Authority: Send + Sync + 'static {
    /// Every approved sender (getSenders): number and name.
    async fn senders(&self) -> Result<Vec<(OrganisationNumber, String)>, RegisterError>;
    /// Every approved mediator (getDispatchers).
    async fn mediators(&self) -> Result<Vec<Mediator>, RegisterError>;
    /// Whether one sender is approved (isSenderAccepted).
    async fn is_sender_accepted(&self, sender: OrganisationNumber) -> Result<bool, RegisterError>;
}

/// How often the lists are read.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// On schedule.
    pub every: Duration,
    /// Unasked-for readings in a row.
    pub burst: u32,
    /// One more after so long.
    pub one_more_after: Duration,
}

/// The cache.
pub struct Senders {
    authority: Arc<dyn Authority>,
    db: Db,
    clock: Clock,
    pace: Pace,
    known: RwLock<Known>,
    /// One reading at a time; those who wait for it share what it brought.
    reading: tokio::sync::Mutex<()>,
    misses: Mutex<Bucket>,
}

impl std::fmt::Debug for Senders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Senders")
    }
}

/// The lists of Authority, at a moment.
pub struct Lists {
    /// When they were read, if ever.
    pub fetched_at: Option<OffsetDateTime>,
    /// Authority answered the last time that it was asked; otherwise they are from memory.
    pub fresh: bool,
    book: Arc<Book>,
    accepted: BTreeSet<OrganisationNumber>,
}

impl std::fmt::Debug for Lists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lists")
    }
}

impl Lists {
    /// Every approved sender: number and name.
    pub fn senders(&self) -> impl Iterator<Item = (OrganisationNumber, &str)> {
        self.book.senders()
    }

    /// Every mediator: number, name, and for how many senders it may send.
    pub fn mediators(&self) -> impl Iterator<Item = (OrganisationNumber, &str, usize)> {
        self.book.mediators()
    }

    /// Mediators that may send for a sender.
    pub fn mediators_of(&self, sender: OrganisationNumber) -> impl Iterator<Item = (OrganisationNumber, &str)> {
        let all = self.book.mediators();
        all.filter(move |(mediator, ..)| self.book.sends_for(*mediator, sender))
            .map(|(number, name, _)| (number, name))
    }

    /// Whether this is an approved sender, by the list or by an answer about it alone.
    pub fn is_approved(&self, sender: OrganisationNumber) -> bool {
        self.book.name_of(sender).is_some() || self.accepted.contains(&sender)
    }
}

#[derive(Clone, Default)]
struct Known {
    book: Arc<Book>,
    fetched_at: Option<OffsetDateTime>,
    /// Counts readings, good and bad.
    attempts: u64,
    last_failed: bool,
    /// Approved by isSenderAccepted, though not in the list.
    accepted: BTreeSet<OrganisationNumber>,
}

impl Known {
    fn judge(&self, parties: &Parties) -> Result<(), NotApproved> {
        self.book.judge(&self.accepted, parties)
    }
}

impl Senders {
    /// Takes up the last good copy; `run` keeps it fresh.
    pub async fn open(authority: Arc<dyn Authority>, db: Db, clock: Clock, pace: Pace) -> Self {
        let mut known = Known::default();
        match last_good::recall(&db, COPY).await {
            Ok(Some(copy)) => match serde_json::from_slice::<Book>(&copy.content) {
                Ok(book) => {
                    known.book = Arc::new(book);
                    known.fetched_at = Some(copy.fetched_at);
                }
                Err(error) => tracing::warn!(%error, "the kept copy of senders and mediators cannot be read"),
            },
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the kept copy of senders and mediators cannot be fetched"),
        }
        let misses = Mutex::new(Bucket::full(pace.burst, pace.one_more_after, clock.now()));
        Self {
            authority,
            db,
            clock,
            pace,
            known: RwLock::new(known),
            reading: tokio::sync::Mutex::new(()),
            misses,
        }
    }

    /// Reads the lists now and on schedule, until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            let wait = match self.refresh().await {
                Ok(()) => self.pace.every,
                Err(_) => AFTER_FAILURE.min(self.pace.every),
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Reads the lists now.
    pub async fn refresh(&self) -> Result<(), RegisterError> {
        let _one_at_a_time = self.reading.lock().await;
        self.read().await
    }

    /// Whether a delivery of these parties may be taken. Asks Authority when the lists say no.
    pub async fn approve(&self, parties: &Parties) -> Result<(), NotApproved> {
        let (verdict, attempts) = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            (known.judge(parties), known.attempts)
        };
        match verdict {
            Ok(()) => Ok(()),
            Err(_) => self.look_again(parties, attempts).await,
        }
    }

    /// The register's name of a sender; nothing for one that is only vouched for.
    pub fn name_of(&self, sender: OrganisationNumber) -> Option<String> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.book.name_of(sender).map(str::to_owned)
    }

    /// Whether an organisation may deliver here at all, as sender or as mediator. Asks Authority when the lists say no, within the
    /// same bounds as [`Senders::approve`].
    pub async fn knows(&self, organisation: OrganisationNumber) -> Result<(), NotApproved> {
        let names = || {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.book.names(organisation)
        };
        if names() {
            return Ok(());
        }
        if self.may_ask()
            && let Err(error) = self.refresh().await
        {
            tracing::warn!(%error, "senders and mediators could not be read");
        }
        let known = self.now_known();
        match known.book.names(organisation) {
            true => Ok(()),
            false if known.last_failed || known.fetched_at.is_none() => Err(NotApproved::Unknown),
            false => Err(NotApproved::MediatorNotApproved),
        }
    }

    /// Every approved sender that is known: number and name.
    pub fn list(&self) -> Vec<(OrganisationNumber, String)> {
        let book = self.now_known().book;
        book.senders().map(|(number, name)| (number, name.to_owned())).collect()
    }

    /// The lists as they are known now, and how fresh they are.
    pub fn lists(&self) -> Lists {
        let known = self.now_known();
        Lists {
            fetched_at: known.fetched_at,
            fresh: known.attempts > 0 && !known.last_failed,
            book: known.book,
            accepted: known.accepted,
        }
    }

    /// Reads the lists anew when somebody named here is not in them, if the bucket allows it: FaR can know a sender before we do.
    pub async fn catch_up(&self, named: impl Iterator<Item = OrganisationNumber>) {
        let book = self.now_known().book;
        let known: BTreeSet<_> = book.senders().map(|(number, _)| number).collect();
        if named.into_iter().any(|number| !known.contains(&number))
            && self.may_ask()
            && let Err(error) = self.refresh().await
        {
            tracing::warn!(%error, "senders could not be read, though there are new ones");
        }
    }

    /// When the lists were last read, if ever.
    pub fn fetched_at(&self) -> Option<OffsetDateTime> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).fetched_at
    }

    async fn look_again(&self, parties: &Parties, attempts: u64) -> Result<(), NotApproved> {
        let _one_at_a_time = self.reading.lock().await;
        let mut asked = false;
        if self.now_known().attempts == attempts && self.may_ask() {
            asked = true;
            if let Err(error) = self.read().await {
                tracing::warn!(%error, "senders and mediators could not be read");
            }
        }
        let verdict = self.now_known().judge(parties);
        if verdict == Err(NotApproved::UnknownSender) && asked && !self.now_known().last_failed {
            match self.authority.is_sender_accepted(parties.sender).await {
                Ok(true) => self.accept(parties.sender),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "a sender could not be asked about");
                    return Err(NotApproved::Unknown);
                }
            }
        }
        let known = self.now_known();
        match known.judge(parties) {
            // An old list can say yes; only a fresh one can say no.
            Err(_) if known.last_failed || known.fetched_at.is_none() => Err(NotApproved::Unknown),
            verdict => verdict,
        }
    }

    fn now_known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn accept(&self, sender: OrganisationNumber) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.accepted.len() < ACCEPTED_AT_MOST {
            known.accepted.insert(sender);
        }
    }

    fn may_ask(&self) -> bool {
        self.misses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(self.clock.now())
    }

    async fn read(&self) -> Result<(), RegisterError> {
        let fetched = self.fetch().await;
        let now = self.clock.now();
        {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.attempts += 1;
            known.last_failed = fetched.is_err();
            if let Ok(book) = &fetched {
                known.book = book.clone();
                known.fetched_at = Some(now);
                known.accepted.clear();
            }
            let age = known.fetched_at.map_or(f64::INFINITY, |at| (now - at).as_seconds_f64());
            metrics::gauge!("brevlada_authority_age_seconds").set(age);
        }
        let book = fetched?;
        match serde_json::to_vec(&*book) {
            Ok(copy) => {
                if let Err(error) = last_good::keep(&self.db, COPY, &copy, now).await {
                    tracing::warn!(%error, "a copy of senders and mediators could not be kept");
                }
            }
            Err(error) => tracing::warn!(%error, "a copy of senders and mediators could not be made"),
        }
        Ok(())
    }

    async fn fetch(&self) -> Result<Arc<Book>, RegisterError> {
        let senders = self.authority.senders().await?;
        let mediators = self.authority.mediators().await?;
        // An empty list would refuse everybody, and no working register is empty.
        if senders.is_empty() {
            return Err(RegisterError::Misunderstood("Authority knows no sender at all".into()));
        }
        Ok(Arc::new(Book::of(senders, mediators)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::HandClock;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use time::macros::datetime;

    const KOMMUN_A: &str = "162021004748";
    const KOMMUN_B: &str = "162021003898";
    const SKATTEVERKET: &str = "162021005448";

    /// An Authority of lists that a test changes.
    #[derive(Default)]
    struct Lists {
        down: AtomicBool,
        readings: AtomicU32,
        questions: AtomicU32,
        senders: Mutex<Vec<&'static str>>,
        mediators: Mutex<Vec<(&'static str, Vec<&'static str>)>>,
        by_question: Mutex<Vec<&'static str>>,
    }

    fn number(digits: &str) -> OrganisationNumber {
        digits.parse().unwrap()
    }

    fn parties(sender: &str, signer: &str, sealer: &str) -> Parties {
        Parties {
            sender: number(sender),
            signer: number(signer),
            sealer: number(sealer),
        }
    }

    impl Lists {
        fn answer(&self) -> Result<(), RegisterError> {
            if self.down.load(Ordering::SeqCst) {
                return Err(RegisterError::Unreachable("down".into()));
            }
            Ok(())
        }
    }

    #[async_trait]
    impl Authority for Lists {
        async fn senders(&self) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
            self.readings.fetch_add(1, Ordering::SeqCst);
            self.answer()?;
            Ok(self
                .senders
                .lock()
                .unwrap()
                .iter()
                .map(|s| (number(s), "A sender".into()))
                .collect())
        }

        async fn mediators(&self) -> Result<Vec<Mediator>, RegisterError> {
            self.answer()?;
            let mediators = self.mediators.lock().unwrap();
            Ok(mediators
                .iter()
                .map(|(mediator, senders)| Mediator {
                    organisation: number(mediator),
                    name: "A mediator".into(),
                    senders: senders.iter().map(|s| number(s)).collect(),
                })
                .collect())
        }

        async fn is_sender_accepted(&self, sender: OrganisationNumber) -> Result<bool, RegisterError> {
            self.questions.fetch_add(1, Ordering::SeqCst);
            self.answer()?;
            Ok(self.by_question.lock().unwrap().iter().any(|s| number(s) == sender))
        }
    }

    struct House {
        _folder: tempfile::TempDir,
        db: Db,
        hand: HandClock,
        lists: Arc<Lists>,
    }

    impl House {
        /// Kommun A and B send; B is a mediator for both.
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let db = Db::open(&format!("sqlite:{}", folder.path().join("a.db").display()))
                .await
                .unwrap();
            db.migrate().await.unwrap();
            let lists = Lists::default();
            *lists.senders.lock().unwrap() = vec![KOMMUN_A, KOMMUN_B];
            *lists.mediators.lock().unwrap() = vec![(KOMMUN_B, vec![KOMMUN_A, KOMMUN_B])];
            Self {
                _folder: folder,
                db,
                hand: HandClock::at(datetime!(2026-11-23 08:00 UTC)),
                lists: Arc::new(lists),
            }
        }

        async fn senders(&self) -> Senders {
            let pace = Pace {
                every: Duration::from_hours(1),
                burst: 2,
                one_more_after: Duration::from_secs(10),
            };
            Senders::open(self.lists.clone(), self.db.clone(), self.hand.clock(), pace).await
        }

        fn readings(&self) -> u32 {
            self.lists.readings.load(Ordering::SeqCst)
        }
    }

    #[tokio::test]
    async fn what_is_known_needs_no_authority_even_after_a_restart() {
        let house = House::new().await;
        house.senders().await.refresh().await.unwrap();
        house.lists.down.store(true, Ordering::SeqCst);
        let senders = house.senders().await;
        assert_eq!(senders.approve(&parties(KOMMUN_A, KOMMUN_A, KOMMUN_B)).await, Ok(()));
        assert_eq!(house.readings(), 1);
        assert!(senders.refresh().await.is_err());
        assert_eq!(senders.approve(&parties(KOMMUN_A, KOMMUN_A, KOMMUN_B)).await, Ok(()));
    }

    #[tokio::test]
    async fn nobody_is_refused_for_good_while_authority_is_down() {
        let house = House::new().await;
        house.senders().await.refresh().await.unwrap();
        house.lists.down.store(true, Ordering::SeqCst);
        let senders = house.senders().await;
        let stranger = parties(SKATTEVERKET, SKATTEVERKET, KOMMUN_B);
        assert_eq!(senders.approve(&stranger).await, Err(NotApproved::Unknown));
    }

    #[tokio::test]
    async fn somebody_new_is_known_at_once() {
        let house = House::new().await;
        let senders = house.senders().await;
        senders.refresh().await.unwrap();
        house.lists.senders.lock().unwrap().push(SKATTEVERKET);
        house
            .lists
            .mediators
            .lock()
            .unwrap()
            .push((SKATTEVERKET, vec![SKATTEVERKET]));
        assert_eq!(
            senders
                .approve(&parties(SKATTEVERKET, SKATTEVERKET, SKATTEVERKET))
                .await,
            Ok(())
        );
    }

    #[tokio::test]
    async fn a_sender_outside_the_list_may_be_vouched_for() {
        let house = House::new().await;
        house.lists.by_question.lock().unwrap().push(SKATTEVERKET);
        house
            .lists
            .mediators
            .lock()
            .unwrap()
            .push((SKATTEVERKET, vec![SKATTEVERKET]));
        let senders = house.senders().await;
        let vouched = parties(SKATTEVERKET, SKATTEVERKET, SKATTEVERKET);
        assert_eq!(senders.approve(&vouched).await, Ok(()));
        assert_eq!(senders.approve(&vouched).await, Ok(()));
        assert_eq!(house.lists.questions.load(Ordering::SeqCst), 1, "the answer is kept");
    }

    #[tokio::test]
    async fn strangers_cannot_make_us_hammer_authority() {
        let house = House::new().await;
        let senders = house.senders().await;
        senders.refresh().await.unwrap();
        let stranger = parties(SKATTEVERKET, SKATTEVERKET, KOMMUN_B);
        for _ in 0..20 {
            assert_eq!(senders.approve(&stranger).await, Err(NotApproved::UnknownSender));
        }
        assert_eq!(house.readings(), 3, "one on schedule, two unasked-for");
        house.hand.advance(time::Duration::seconds(10));
        for _ in 0..20 {
            assert_eq!(senders.approve(&stranger).await, Err(NotApproved::UnknownSender));
        }
        assert_eq!(house.readings(), 4);
    }

    #[tokio::test]
    async fn an_empty_list_is_not_believed() {
        let house = House::new().await;
        let senders = house.senders().await;
        senders.refresh().await.unwrap();
        house.lists.senders.lock().unwrap().clear();
        assert!(senders.refresh().await.is_err());
        assert_eq!(senders.approve(&parties(KOMMUN_A, KOMMUN_A, KOMMUN_B)).await, Ok(()));
    }
}
