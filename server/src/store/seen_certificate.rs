//! Certificates that others have shown: `seen_certificate`.

use crate::db::{DbError, Row, Tx};
use crate::domain::certificate::SeenAs;
use crate::params;
use time::OffsetDateTime;

/// A certificate, where it is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRow {
    /// SHA-256 over it.
    pub fingerprint: Vec<u8>,
    /// Where it is seen.
    pub seen_as: SeenAs,
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Twelve digits; empty where it names no organisation.
    pub organisation: String,
    /// When it ends.
    pub ends_at: OffsetDateTime,
    /// When it was seen first.
    pub first_seen: OffsetDateTime,
    /// When it was seen last, to the day.
    pub last_seen: OffsetDateTime,
}

fn read(row: &Row) -> Result<SeenRow, DbError> {
    Ok(SeenRow {
        fingerprint: row.blob("fingerprint")?,
        seen_as: row.text("seen_as")?.parse().map_err(|()| DbError::Column("seen_as"))?,
        subject: row.text("subject")?,
        issuer: row.text("issuer")?,
        organisation: row.text("organisation")?,
        ends_at: row.time("ends_at")?,
        first_seen: row.time("first_seen")?,
        last_seen: row.time("last_seen")?,
    })
}

/// A certificate is seen, for the first time or again.
pub async fn see(tx: &mut Tx, row: &SeenRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO seen_certificate (fingerprint, seen_as, subject, issuer, organisation, ends_at, first_seen, last_seen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (fingerprint, seen_as) DO UPDATE SET last_seen = excluded.last_seen",
        params![
            row.fingerprint.as_slice(),
            row.seen_as.as_str(),
            row.subject.as_str(),
            row.issuer.as_str(),
            row.organisation.as_str(),
            row.ends_at,
            row.first_seen,
            row.last_seen
        ],
    )
    .await
    .map(drop)
}

/// Certificates after one, by when they end.
pub async fn page(
    tx: &mut Tx,
    (ends_at, fingerprint, seen_as): (OffsetDateTime, &[u8], &str),
    limit: i64,
) -> Result<Vec<SeenRow>, DbError> {
    tx.fetch_all(
        "SELECT fingerprint, seen_as, subject, issuer, organisation, ends_at, first_seen, last_seen FROM seen_certificate
         WHERE (ends_at, fingerprint, seen_as) > ($1, $2, $3) ORDER BY ends_at, fingerprint, seen_as LIMIT $4",
        params![ends_at, fingerprint, seen_as, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Certificates of an organisation, those that end last first.
pub async fn of_organisation(tx: &mut Tx, organisation: &str, limit: i64) -> Result<Vec<SeenRow>, DbError> {
    tx.fetch_all(
        "SELECT fingerprint, seen_as, subject, issuer, organisation, ends_at, first_seen, last_seen FROM seen_certificate
         WHERE organisation = $1 ORDER BY ends_at DESC LIMIT $2",
        params![organisation, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Forgets what has not been seen since a moment.
pub async fn forget(tx: &mut Tx, before: OffsetDateTime) -> Result<(), DbError> {
    tx.execute("DELETE FROM seen_certificate WHERE last_seen < $1", params![before])
        .await
        .map(drop)
}
