//! Certificates that are about to end: those that we have at hand, and those that mediators and senders have shown us. What is seen waits in
//! memory ([`crate::sightings`]) and is written from there, each certificate once a day (decision 0022).

use super::SupportError;
use super::access::OnDuty;
use crate::db::Tx;
use crate::domain::certificate::{Purpose, days_left};
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::register::pem;
use crate::sightings::Sighting;
use crate::store::seen_certificate::{self as store, SeenRow};
use contracts::certificate::Card;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

/// Seen certificates on a page.
pub const PAGE: usize = 50;

/// How often what was seen is written.
const EVERY: Duration = Duration::from_secs(10);

/// How often our own are looked at, in such rounds.
const OWN_EVERY: u32 = 60;

/// How long one is remembered that is not seen any more.
const KEPT: time::Duration = time::Duration::days(400);

/// Certificates that identity providers sign with, as their metadata has them now: the provider's name, and the certificate.
pub type OfProviders = Arc<dyn Fn() -> Vec<(String, Vec<u8>)> + Send + Sync>;

/// Where the certificates are that we have at hand.
#[derive(Clone)]
pub struct AtHand {
    /// Those in files. They are read each time: what has been renewed is seen at once.
    pub files: Vec<(Purpose, PathBuf)>,
    /// Those of identity providers.
    pub providers: OfProviders,
}

impl Default for AtHand {
    /// None.
    fn default() -> Self {
        Self {
            files: Vec::new(),
            providers: Arc::new(Vec::new),
        }
    }
}

impl std::fmt::Debug for AtHand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AtHand({:?})", self.files)
    }
}

/// A certificate that we have at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// When it ends; nothing when it cannot be read.
    pub ends_at: Option<OffsetDateTime>,
}

/// Where a list of seen certificates goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// When the last one ends.
    pub ends_at: OffsetDateTime,
    /// Its fingerprint.
    pub fingerprint: Vec<u8>,
    /// Where it is seen.
    pub seen_as: String,
}

/// The certificates.
#[derive(Debug)]
pub struct Certificates {
    /// Those at hand, the first to end first; those that cannot be read before them.
    pub held: Vec<Held>,
    /// Those that others have shown, the first to end first.
    pub seen: Vec<SeenRow>,
    /// Where the next page begins.
    pub next: Option<After>,
}

/// A page of the certificates; those at hand stand on the first.
pub async fn look(
    house: &House,
    duty: &OnDuty,
    at_hand: &AtHand,
    from: Option<After>,
) -> Result<Certificates, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeSenders).await?;
    write(house).await?;
    let held = match from {
        None => held(at_hand).await,
        Some(_) => Vec::new(),
    };
    let from = from.unwrap_or(After {
        ends_at: OffsetDateTime::UNIX_EPOCH,
        fingerprint: Vec::new(),
        seen_as: String::new(),
    });
    let mut tx = house.db.begin().await?;
    let after = (from.ends_at, from.fingerprint.as_slice(), from.seen_as.as_str());
    let seen = store::page(&mut tx, after, one_more(PAGE)).await?;
    leave.write(&mut tx, house, Some("certificates".to_owned())).await?;
    tx.commit().await?;
    let (seen, next) = cut(seen, PAGE, |last| After {
        ends_at: last.ends_at,
        fingerprint: last.fingerprint.clone(),
        seen_as: last.seen_as.as_str().to_owned(),
    });
    Ok(Certificates { held, seen, next })
}

/// Those at hand, the first to end first.
async fn held(at_hand: &AtHand) -> Vec<Held> {
    let mut held = Vec::new();
    for (purpose, file) in &at_hand.files {
        let purpose = *purpose;
        match pem::certificates(file).await {
            Ok(all) => {
                // A file of ours begins with our own, and goes on with who issued it; of those that we trust each counts.
                let counted = if purpose.is_own() { 1 } else { all.len() };
                held.extend(all.iter().take(counted).map(|der| card(purpose, file.display(), der)));
            }
            Err(error) => {
                tracing::warn!(%error, "a certificate cannot be read");
                held.push(unread(purpose, file.display()));
            }
        }
    }
    for (name, der) in (at_hand.providers)() {
        held.push(Held {
            subject: name.clone(),
            ..card(Purpose::IdentityProvider, name, &der)
        });
    }
    held.sort_by_key(|one| one.ends_at);
    held.dedup();
    held
}

fn card(purpose: Purpose, from: impl std::fmt::Display, der: &[u8]) -> Held {
    match Card::of(der) {
        Ok(card) => Held {
            purpose,
            subject: card.subject,
            issuer: card.issuer,
            ends_at: Some(card.ends_at),
        },
        Err(_) => unread(purpose, from),
    }
}

fn unread(purpose: Purpose, from: impl std::fmt::Display) -> Held {
    Held {
        purpose,
        subject: from.to_string(),
        issuer: String::new(),
        ends_at: None,
    }
}

/// Writes what was seen and looks at our own, now and then, until `stop`.
pub async fn keep_watching(house: House, at_hand: AtHand, stop: CancellationToken) {
    let mut round = 0_u32;
    loop {
        if let Err(error) = write(&house).await {
            tracing::warn!(%error, "certificates that were seen could not be written; they wait");
        }
        if round.is_multiple_of(OWN_EVERY) {
            watch_own(&house, &at_hand).await;
            if let Err(error) = forget(&house).await {
                tracing::warn!(%error, "certificates of long ago could not be forgotten");
            }
        }
        round = round.wrapping_add(1);
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Tells the figures when the first of our own ends.
async fn watch_own(house: &House, at_hand: &AtHand) {
    let now = house.clock.now();
    let held = held(at_hand).await;
    let own = held.iter().filter(|one| one.purpose.is_own());
    if let Some(days) = own.map(|one| one.ends_at.map_or(-1, |end| days_left(end, now))).min() {
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        metrics::gauge!("brevlada_own_certificate_days_left").set(f64::from(days));
    }
}

/// Writes what was seen since the last time.
pub async fn write(house: &House) -> Result<(), SupportError> {
    let seen = house.sightings.take();
    if seen.is_empty() {
        return Ok(());
    }
    let written = write_seen(house, &seen).await;
    if written.is_err() {
        house.sightings.put_back(seen);
    }
    written
}

async fn write_seen(house: &House, seen: &[Sighting]) -> Result<(), SupportError> {
    let mut rows: Vec<_> = seen.iter().filter_map(row).collect();
    // In one order, whoever writes: two servers never wait for each other.
    rows.sort_by(|a, b| (&a.fingerprint, a.seen_as).cmp(&(&b.fingerprint, b.seen_as)));
    let mut tx: Tx = house.db.begin().await?;
    for row in &rows {
        store::see(&mut tx, row).await?;
    }
    Ok(tx.commit().await?)
}

fn row(sighting: &Sighting) -> Option<SeenRow> {
    let card = Card::of(&sighting.der).ok()?;
    Some(SeenRow {
        fingerprint: card.fingerprint_sha256.to_vec(),
        seen_as: sighting.seen_as,
        subject: card.subject,
        issuer: card.issuer,
        organisation: card.organisation.map(|number| number.to_string()).unwrap_or_default(),
        ends_at: card.ends_at,
        first_seen: sighting.at,
        last_seen: sighting.at,
    })
}

async fn forget(house: &House) -> Result<(), SupportError> {
    let mut tx = house.db.begin().await?;
    store::forget(&mut tx, house.clock.now() - KEPT).await?;
    Ok(tx.commit().await?)
}
