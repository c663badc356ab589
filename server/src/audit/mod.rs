//! The audit log: what staff do and what happens to accounts, each row holding the one before it. Written in the transaction of the act, so
//! that nothing is done without its row and no row tells of what was not done.

mod verify;
mod witness;

pub use verify::{Broken, Found, Mark, verify};
pub use witness::witness;

use crate::clock::Ids;
use crate::db::{DbError, Tx, micros};
use crate::domain::audit::{ActingAs, AuditAct, BEGINNING, hash};
use crate::house::House;
use crate::seal::{Keys, Place, SealError};
use crate::store::audit::{self as store, AuditRow, HeadRow};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use uuid::Uuid;

/// A seal that no key makes.
const NO_SEAL: [u8; 32] = [0; 32];

/// Why the log could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something sealed.
    #[error("audit log: {0}")]
    Seal(#[from] SealError),
}

/// One of the operator's staff.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// In the staff register.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Member({})", self.id)
    }
}

/// Who does something for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run commands on the machine.
    Command,
    /// One of the staff.
    Staff(Member),
    /// Somebody whom the staff register does not know.
    Stranger,
}

/// What names a person in a row: sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Name of who did it, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Whom or what it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Why, as they gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(…)")
    }
}

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Event {
    /// What was done.
    pub act: AuditAct,
    /// In which right.
    pub right: ActingAs,
    /// Who of the staff.
    pub staff: Option<Uuid>,
    /// Which mailbox.
    pub account: Option<Uuid>,
    /// What of the house. Readable in the database: never anything of a person.
    pub object: Option<String>,
    /// What names a person.
    pub details: Details,
}

impl Event {
    /// Something that happens to a mailbox.
    pub fn of_account(act: AuditAct, right: ActingAs, account: Uuid) -> Self {
        Self {
            act,
            right,
            staff: None,
            account: Some(account),
            object: None,
            details: Details::default(),
        }
    }

    /// Something that is done for the operator.
    pub fn by(actor: &Actor, act: AuditAct) -> Self {
        let (right, staff, who) = match actor {
            Actor::Command => (ActingAs::Command, None, None),
            Actor::Stranger => (ActingAs::Another, None, None),
            Actor::Staff(member) => (ActingAs::Staff, Some(member.id), Some(member.name.clone())),
        };
        Self {
            act,
            right,
            staff,
            account: None,
            object: None,
            details: Details {
                who,
                ..Details::default()
            },
        }
    }

    /// The same about a mailbox.
    #[must_use]
    pub fn about_account(mut self, account: Uuid) -> Self {
        self.account = Some(account);
        self
    }

    /// The same about something of the house.
    #[must_use]
    pub fn about_object(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// The same about somebody, or something that is nobody else's to read.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.details.about = Some(about.into());
        self
    }
}

/// What is needed to write.
#[derive(Clone, Copy, Debug)]
pub struct Scribe<'a> {
    /// The keys that seal.
    pub keys: &'a Keys,
    /// Randomness.
    pub ids: Ids,
    /// Now.
    pub at: OffsetDateTime,
}

impl<'a> Scribe<'a> {
    /// The house's, now.
    pub fn of(house: &'a House) -> Self {
        Self {
            keys: &house.keys,
            ids: house.ids,
            at: house.clock.now(),
        }
    }
}

/// Tells of a log that somebody else has had a hand in; `number` is the row at its end, as far as that is known.
fn alarm(number: i64) {
    metrics::counter!("brevlada_audit_broken_total").increment(1);
    tracing::error!(
        security = true,
        number,
        "the audit log has been changed from outside: run «brevlada audit verify»"
    );
}

/// Adds a row, in the transaction of the act. Best as the last thing that the transaction does: it holds the log's head until it ends, and
/// everybody else who adds to the log waits for that.
pub async fn append(tx: &mut Tx, scribe: Scribe<'_>, event: Event) -> Result<(), AuditError> {
    let Scribe { keys, ids, at } = scribe;
    let empty = HeadRow {
        length: 0,
        hash: BEGINNING.to_vec(),
        seal: head_seal(keys, 0, &BEGINNING).to_vec(),
    };
    let head = store::hold_head(tx, &empty).await?;
    let holds = is_head(keys, &head);
    let number = head.length + 1;
    let details = if event.details == Details::default() {
        None
    } else {
        Some(keys.seal_record(ids, &place(&number.to_be_bytes()), &event.details)?)
    };
    let mut row = AuditRow {
        number,
        at: micros(at),
        act: event.act.as_str().to_owned(),
        capacity: event.right.as_str().to_owned(),
        staff: event.staff.map(|id| id.as_bytes().to_vec()),
        account: event.account.map(|id| id.as_bytes().to_vec()),
        object: event.object,
        details,
        hash: vec![],
        seal: vec![],
    };
    let hash = hash(&head.hash, &row.fields());
    row.hash = hash.to_vec();
    row.seal = row_seal(keys, number, &hash).to_vec();
    store::insert(tx, row).await?;
    // A head that somebody else has made is never sealed again: the break stays to be found, however much is written after it.
    if !holds {
        alarm(number);
    }
    let seal = if holds { head_seal(keys, number, &hash) } else { NO_SEAL };
    let head = HeadRow {
        length: number,
        hash: hash.to_vec(),
        seal: seal.to_vec(),
    };
    store::set_head(tx, &head).await?;
    Ok(())
}

/// What names a person in a row.
pub fn details(keys: &Keys, row: &AuditRow) -> Result<Details, AuditError> {
    let Some(sealed) = &row.details else {
        return Ok(Details::default());
    };
    Ok(keys.open_record(&place(&row.number.to_be_bytes()), sealed)?)
}

fn place(number: &[u8; 8]) -> Place<'_> {
    Place::new("audit", number, "details")
}

/// The keyed hash of a row. The key of blind indexes never changes, so that rows of all times can be checked.
fn row_seal(keys: &Keys, number: i64, hash: &[u8]) -> [u8; 32] {
    keys.blind_index("audit row", &format!("{number} {}", hex::encode(hash)))
}

/// The keyed hash of the head: another than the last row's, or a cut log would only need its last row's copied.
fn head_seal(keys: &Keys, length: i64, hash: &[u8]) -> [u8; 32] {
    keys.blind_index("audit head", &format!("{length} {}", hex::encode(hash)))
}

fn is_head(keys: &Keys, head: &HeadRow) -> bool {
    head_seal(keys, head.length, &head.hash)
        .ct_eq(head.seal.as_slice())
        .into()
}
