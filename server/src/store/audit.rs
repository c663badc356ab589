//! The audit log. Rows are only added, by whoever holds its head.

use crate::db::{DbError, Row, Tx};
use crate::domain::audit::Fields;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row as it is stored: nothing is believed of it yet, and what is sealed is sealed.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Its number, from 1.
    pub number: i64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub act: String,
    /// In which right.
    pub capacity: String,
    /// Who of the staff register.
    pub staff: Option<Vec<u8>>,
    /// Which mailbox.
    pub account: Option<Vec<u8>>,
    /// What of the house.
    pub object: Option<String>,
    /// What names a person, sealed.
    pub details: Option<Vec<u8>>,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Keyed hash of its number and hash.
    pub seal: Vec<u8>,
}

impl AuditRow {
    /// What its hash is over.
    pub fn fields(&self) -> Fields<'_> {
        Fields {
            number: self.number,
            at: self.at,
            act: &self.act,
            capacity: &self.capacity,
            staff: self.staff.as_deref(),
            account: self.account.as_deref(),
            object: self.object.as_deref(),
            details: self.details.as_deref(),
        }
    }
}

/// The end of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// How many rows there are.
    pub length: i64,
    /// The hash of the last one.
    pub hash: Vec<u8>,
    /// Keyed hash of both.
    pub seal: Vec<u8>,
}

fn head_of(row: &Row) -> Result<HeadRow, DbError> {
    Ok(HeadRow {
        length: row.int("length")?,
        hash: row.blob("hash")?,
        seal: row.blob("seal")?,
    })
}

fn read(row: &Row) -> Result<AuditRow, DbError> {
    Ok(AuditRow {
        number: row.int("number")?,
        at: row.int("at")?,
        act: row.text("act")?,
        capacity: row.text("capacity")?,
        staff: row.maybe_blob("staff")?,
        account: row.maybe_blob("account")?,
        object: row.maybe_text("object")?,
        details: row.maybe_blob("details")?,
        hash: row.blob("hash")?,
        seal: row.blob("seal")?,
    })
}

/// The head, held by this transaction until it ends: of several that add to the log, one after the other does. `empty` is the head of a log
/// that has no row yet.
pub async fn hold_head(tx: &mut Tx, empty: &HeadRow) -> Result<HeadRow, DbError> {
    tx.execute(
        "INSERT INTO audit_head (name, length, hash, seal) VALUES ('audit', $1, $2, $3) ON CONFLICT (name) DO NOTHING",
        params![empty.length, empty.hash.as_slice(), empty.seal.as_slice()],
    )
    .await?;
    tx.fetch_optional(
        "UPDATE audit_head SET length = length WHERE name = 'audit' RETURNING length, hash, seal",
        params![],
    )
    .await?
    .as_ref()
    .map(head_of)
    .transpose()?
    .ok_or(DbError::Column("length"))
}

/// Sets the head.
pub async fn set_head(tx: &mut Tx, head: &HeadRow) -> Result<(), DbError> {
    tx.execute(
        "UPDATE audit_head SET length = $1, hash = $2, seal = $3 WHERE name = 'audit'",
        params![head.length, head.hash.as_slice(), head.seal.as_slice()],
    )
    .await
    .map(drop)
}

/// The head, if anything was ever written.
pub async fn head(tx: &mut Tx) -> Result<Option<HeadRow>, DbError> {
    tx.fetch_optional(
        "SELECT length, hash, seal FROM audit_head WHERE name = 'audit'",
        params![],
    )
    .await?
    .as_ref()
    .map(head_of)
    .transpose()
}

/// Whether there is anybody whose beginning the log must tell: a mailbox, or somebody of the staff.
pub async fn any_account(tx: &mut Tx) -> Result<bool, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT 1 AS one FROM mailbox UNION ALL SELECT 1 AS one FROM staff LIMIT 1",
            params![],
        )
        .await?;
    Ok(row.is_some())
}

/// Adds a row.
pub async fn insert(tx: &mut Tx, row: AuditRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO audit (number, at, act, capacity, staff, account, object, details, hash, seal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            row.number,
            row.at,
            row.act,
            row.capacity,
            row.staff,
            row.account,
            row.object,
            row.details,
            row.hash,
            row.seal
        ],
    )
    .await
    .map(drop)
}

/// The rows after a number, in order.
pub async fn after(tx: &mut Tx, number: i64, limit: i64) -> Result<Vec<AuditRow>, DbError> {
    tx.fetch_all(
        "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit
         WHERE number > $1 ORDER BY number LIMIT $2",
        params![number, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The row with this number.
pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<AuditRow>, DbError> {
    tx.fetch_optional(
        "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit WHERE number = $1",
        params![number],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Which rows are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every one.
    All,
    /// Of one act.
    Act(&'static str),
    /// Of one of the staff.
    Staff(Uuid),
    /// About one mailbox.
    Account(Uuid),
}

/// The newest rows before a number. One statement a filter, so that each finds its index.
pub async fn page(tx: &mut Tx, filter: Filter, before: i64, limit: i64) -> Result<Vec<AuditRow>, DbError> {
    let (sql, params) = match filter {
        Filter::All => (
            "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit
             WHERE number < $1 ORDER BY number DESC LIMIT $2",
            params![before, limit],
        ),
        Filter::Act(act) => (
            "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit
             WHERE number < $1 AND act = $3 ORDER BY number DESC LIMIT $2",
            params![before, limit, act],
        ),
        Filter::Staff(staff) => (
            "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit
             WHERE number < $1 AND staff = $3 ORDER BY number DESC LIMIT $2",
            params![before, limit, staff],
        ),
        Filter::Account(account) => (
            "SELECT number, at, act, capacity, staff, account, object, details, hash, seal FROM audit
             WHERE number < $1 AND account = $3 ORDER BY number DESC LIMIT $2",
            params![before, limit, account],
        ),
    };
    tx.fetch_all(sql, params).await?.iter().map(read).collect()
}

/// The number of the first row that was written at this moment or later.
pub async fn first_since(tx: &mut Tx, at: OffsetDateTime) -> Result<Option<i64>, DbError> {
    tx.fetch_optional(
        "SELECT number FROM audit WHERE at >= $1 ORDER BY at, number LIMIT 1",
        params![at],
    )
    .await?
    .map(|row| row.int("number"))
    .transpose()
}
