//! Reading an export in again, into the mailbox of the same holder.
//!
//! Nothing in the file is taken on trust but the person's own marks and the time of arrival: each original is verified as if a mediator
//! delivered it on the day of its seal, by the authorities that count here. Only the list and the originals are read; nothing is ever
//! unpacked to a disk, so no name in the archive can lead anywhere.

use super::MailboxError;
use super::access::{Person, enter};
use super::deliver::{Delivered, Preparation, deliver, prepare};
use super::import_places::Restored;
use crate::clock::Clock;
use crate::copies::manifest::{Kept, MANIFEST, Manifest, Marks};
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::domain::sorting::{Place, Standing};
use crate::house::House;
use crate::register::{Parties, Senders};
use crate::{sorting, store};
use contracts::certificate::TrustStore;
use contracts::service::{ReceivePolicy, VerifiedDelivery, receive_again, reopen};
use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::sync::Arc;
use time::{OffsetDateTime, Time};
use uuid::Uuid;
use zip::ZipArchive;
use zip::result::ZipError;

/// The list of a hundred thousand letters is some 30 MB; this is more than anybody has.
const LONGEST_LIST: u64 = 256 * 1024 * 1024;
/// Files in an archive, at most.
const MOST_FILES: usize = 5_000_000;

/// What counts when originals are read in.
#[derive(Debug)]
pub struct Rules<'a> {
    /// Whose signatures count.
    pub trust: &'a TrustStore,
    /// What an original may cost, and which signatures are accepted.
    pub policy: ReceivePolicy,
    /// Who may send for whom.
    pub senders: &'a Senders,
    /// Letters count too whose sender signed with a certificate of its own and is not in the register (any more). The register
    /// cannot say who that is, so the operator must know.
    pub former: bool,
}

/// Why a file was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not a ZIP file, or a broken one.
    #[error("the file is no ZIP file that can be read: {0}")]
    Archive(#[from] ZipError),
    /// Something in it that no export of ours has.
    #[error("the file is refused: {0}")]
    Hostile(&'static str),
    /// A ZIP file of something else.
    #[error("the file is no export of brevlada: it has no {MANIFEST} that can be read")]
    NoExport,
    /// There is nobody to read it in for.
    #[error("nobody with that number has a mailbox here; open one first")]
    NoMailbox,
    /// The mailbox does not take letters.
    #[error("the mailbox is closed; open it first")]
    Closed,
    /// Our own house.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
}

/// Why one original was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The list names it and it is not there, or cannot be unpacked.
    Missing,
    /// It does not verify; the text says why.
    NotVerified(String),
    /// It is to somebody else.
    AnotherHolder,
    /// Its signer may not sign for its sender.
    SignerNotApproved,
    /// Another holder had passed it on. Who did so stands in the list alone, which everybody can change.
    PassedOn,
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => f.write_str("is not in the file, or cannot be unpacked"),
            Self::NotVerified(why) => f.write_str(why),
            Self::AnotherHolder => f.write_str("is to somebody else"),
            Self::PassedOn => f.write_str("was passed on by somebody else, which nothing in the file can prove"),
            Self::SignerNotApproved => f.write_str("is signed by somebody who may not sign for its sender"),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Deliveries that are in the mailbox now and were not before.
    pub added: u64,
    /// Deliveries that were there already.
    pub known: u64,
    /// Those that were left out: where in the archive, and why.
    pub left_out: Vec<(String, LeftOut)>,
}

/// Reads an export in for `person`. Each delivery is a transaction, so it can be stopped and begun again: what is there already is told
/// by its inner signature and left as it is.
pub async fn import<R: Read + Seek + Send>(
    house: &House,
    person: &Person,
    rules: &Rules<'_>,
    file: R,
) -> Result<Imported, ImportError> {
    let mut archive = opened(file)?;
    let list = content(&mut archive, MANIFEST, LONGEST_LIST).ok_or(ImportError::NoExport)?;
    let manifest = Manifest::read(&list).ok_or(ImportError::NoExport)?;
    let mut tx = house.db.read().await.map_err(MailboxError::from)?;
    match enter(&mut tx, house, person, Right::Account).await? {
        None => return Err(ImportError::NoMailbox),
        Some(entered) if !entered.open => return Err(ImportError::Closed),
        Some(_) => drop(tx),
    }
    let limit = u64::try_from(rules.policy.limits.bytes).unwrap_or(u64::MAX);
    let mut told = Imported::default();
    let mut places = Restored::default();
    for kept in by_delivery(manifest) {
        let Some(original) = kept.first().map(|kept| kept.original.clone()) else {
            continue;
        };
        if kept.iter().any(|kept| kept.passed_on) {
            told.left_out.push((original, LeftOut::PassedOn));
            continue;
        }
        let Some(bytes) = content(&mut archive, &original, limit) else {
            told.left_out.push((original, LeftOut::Missing));
            continue;
        };
        let verified = match verify(house, person, rules, &bytes).await {
            Ok(verified) => Arc::new(verified),
            Err(why) => {
                told.left_out.push((original, why));
                continue;
            }
        };
        match keep(house, person, rules, &verified, &kept, &mut places).await? {
            Delivered::Stored { .. } => told.added += 1,
            Delivered::Duplicate { .. } => told.known += 1,
            Delivered::NoMailbox => return Err(ImportError::Closed),
        }
    }
    if told.added > 0 {
        log(house, person).await?;
    }
    Ok(told)
}

fn opened<R: Read + Seek>(file: R) -> Result<ZipArchive<R>, ImportError> {
    let archive = ZipArchive::new(file)?;
    if archive.len() > MOST_FILES {
        return Err(ImportError::Hostile("it has more files than any mailbox"));
    }
    if archive
        .file_names()
        .any(|name| name.map_or(true, |name| leads_elsewhere(&name)))
    {
        return Err(ImportError::Hostile(
            "a name in it leads out of the folder it is unpacked in",
        ));
    }
    Ok(archive)
}

/// Whether a name is absolute, or climbs. We unpack nothing, but whoever made such a file meant no good.
fn leads_elsewhere(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains('\0')
        || name.get(1..2) == Some(":")
        || name.split(['/', '\\']).any(|part| part == "..")
}

/// What a file in the archive holds; nothing when it is not there, is not packed in a way that we know, or is longer than `limit` when
/// it is unpacked, whatever it says of itself.
fn content<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str, limit: u64) -> Option<Vec<u8>> {
    let file = archive.by_name(name).ok()?;
    if file.size() > limit {
        return None;
    }
    let mut content = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut content).ok()?;
    (u64::try_from(content.len()).is_ok_and(|length| length <= limit)).then_some(content)
}

/// The letters of one delivery have the same original, and each folder has a copy; one of them is enough.
fn by_delivery(manifest: Manifest) -> Vec<Vec<Kept>> {
    let mut grouped: BTreeMap<Uuid, Vec<Kept>> = BTreeMap::new();
    for kept in manifest.letters {
        grouped.entry(kept.delivery).or_default().push(kept);
    }
    grouped.into_values().collect()
}

async fn verify(
    house: &House,
    person: &Person,
    rules: &Rules<'_>,
    original: &[u8],
) -> Result<VerifiedDelivery, LeftOut> {
    let text = std::str::from_utf8(original).map_err(|_| LeftOut::NotVerified("is no text".to_owned()))?;
    // What day to verify at is read from what is about to be verified; the seal covers it.
    let (_, seal) = reopen(text).map_err(|error| LeftOut::NotVerified(error.to_string()))?;
    let end_of_day = seal.received_on.with_time(Time::MAX).assume_utc();
    let at = end_of_day.min(house.clock.now());
    let verified = receive_again(original, &rules.policy, rules.trust, at)
        .map_err(|refusal| LeftOut::NotVerified(refusal.description))?;
    if verified.delivery.recipient.to_string() != person.number.to_string() {
        return Err(LeftOut::AnotherHolder);
    }
    let parties = Parties {
        sender: verified.delivery.sender.id,
        signer: verified.signer.organisation,
        sealer: verified.sealer.organisation,
    };
    let former = rules.former && parties.signer == parties.sender;
    if !former && rules.senders.approve(&parties).await.is_err() {
        return Err(LeftOut::SignerNotApproved);
    }
    Ok(verified)
}

/// Stores a delivery as if it came when it did, without telling anybody, and with the person's marks.
async fn keep(
    house: &House,
    person: &Person,
    rules: &Rules<'_>,
    verified: &Arc<VerifiedDelivery>,
    kept: &[Kept],
    places: &mut Restored,
) -> Result<Delivered, MailboxError> {
    let sealed = verified.seal.received_on.midnight().assume_utc();
    let now = house.clock.now();
    let came = kept.first().map_or(now, |kept| kept.received_at);
    // No letter comes before its seal, and none tomorrow.
    let came = came.max(sealed).min(now);
    let then = House {
        clock: Clock::stopped_at(came),
        ..house.clone()
    };
    // The register's name, else the one in the certificate: what somebody calls themselves in a file proves nothing.
    let known_as = rules.senders.name_of(verified.delivery.sender.id);
    let known_as = known_as.unwrap_or_else(|| verified.signer.name.clone());
    let prepared = match prepare(&then, verified, Some(&known_as)).await? {
        Preparation::Ready(prepared) => prepared.without_notice(),
        Preparation::NoMailbox => return Ok(Delivered::NoMailbox),
    };
    // Folders and categories that are missing are made before: each is a transaction of its own.
    for kept in kept {
        places.make(house, person, &kept.marks).await?;
    }
    let mut tx = house.db.begin().await?;
    let delivered = deliver(&mut tx, &then, &prepared).await?;
    if let Delivered::Stored { .. } = delivered {
        let mailbox = *prepared.mailbox();
        store::mailbox::take_turn(&mut tx, mailbox).await?;
        for (place, letter) in (0_i64..).zip(prepared.letters()) {
            let marks = kept.iter().find(|kept| kept.place == place).map(|kept| &kept.marks);
            if let (Some(marks), Some(row)) = (marks, store::letter::by_id(&mut tx, mailbox, letter).await?) {
                sorting::change(&mut tx, mailbox, &row, standing(marks, places.place(marks), now)).await?;
                for category in places.categories(marks) {
                    store::category::give(&mut tx, mailbox, category, letter).await?;
                }
            }
        }
    }
    tx.commit().await?;
    Ok(delivered)
}

/// How a letter stood when it was exported. No mark is from tomorrow.
fn standing(marks: &Marks, place: Place, now: OffsetDateTime) -> Standing {
    let past = |at: Option<OffsetDateTime>| at.map(|at| at.min(now));
    Standing {
        place,
        binned_at: past(marks.binned_at),
        read_at: past(marks.read_at),
        starred_at: past(marks.starred_at),
    }
}

async fn log(house: &House, person: &Person) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    if let Some(entered) = enter(&mut tx, house, person, Right::Account).await? {
        entered
            .log(&mut tx, house.ids, house.clock.now(), Act::Imported, None)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::leads_elsewhere;

    #[test]
    fn names_that_climb_are_known() {
        for bad in ["../x", "a/../../x", "/etc/passwd", "\\x", "C:\\x", "a\\..\\x", "a\0b"] {
            assert!(leads_elsewhere(bad), "{bad}");
        }
        for good in ["index.html", "brev/2026-11-25 A.. B (1)/original.xml", "å/ä"] {
            assert!(!leads_elsewhere(good), "{good}");
        }
    }
}
