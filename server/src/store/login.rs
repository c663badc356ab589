//! Logins under way, what has been used once, and checked logins that wait for their browser.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;

/// A request of ours that waits for its answer.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// ID of the request.
    pub id: String,
    /// Entity id of the identity provider that was asked.
    pub idp: String,
    /// What comes back with the answer.
    pub relay_state: String,
    /// Hash of the value in the browser's login cookie.
    pub browser_hash: [u8; 32],
    /// Sealed: what was asked, and where to go after.
    pub content: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// After this it is too late to answer.
    pub expires_at: OffsetDateTime,
}

/// Keeps a request.
pub async fn insert_request(tx: &mut Tx, row: &RequestRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO login_request (id, idp, relay_state, browser_hash, content, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            row.id.as_str(),
            row.idp.as_str(),
            row.relay_state.as_str(),
            row.browser_hash,
            row.content.as_slice(),
            row.created_at,
            row.expires_at
        ],
    )
    .await
    .map(drop)
}

/// The request that this came back with, unless its time is over.
pub async fn request(tx: &mut Tx, relay_state: &str, now: OffsetDateTime) -> Result<Option<RequestRow>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT id, idp, relay_state, browser_hash, content, created_at, expires_at FROM login_request
             WHERE relay_state = $1 AND expires_at > $2",
            params![relay_state, now],
        )
        .await?;
    row.map(|row| {
        Ok(RequestRow {
            id: row.text("id")?,
            idp: row.text("idp")?,
            relay_state: row.text("relay_state")?,
            browser_hash: hash(row.blob("browser_hash")?)?,
            content: row.blob("content")?,
            created_at: row.time("created_at")?,
            expires_at: row.time("expires_at")?,
        })
    })
    .transpose()
}

fn hash(bytes: Vec<u8>) -> Result<[u8; 32], DbError> {
    bytes.try_into().map_err(|_| DbError::Column("browser_hash"))
}

/// Forgets a request.
pub async fn delete_request(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.execute("DELETE FROM login_request WHERE id = $1", params![id])
        .await
        .map(drop)
}

/// Marks `key` as used until `expires_at`; tells whether it was unused. Of several at once exactly one is told so.
pub async fn use_once(tx: &mut Tx, key: &str, expires_at: OffsetDateTime) -> Result<bool, DbError> {
    let added = tx
        .execute(
            "INSERT INTO login_used (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
            params![key, expires_at],
        )
        .await?;
    Ok(added == 1)
}

/// A checked login that waits for its browser.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// Hash of the one-time handle.
    pub handle_hash: [u8; 32],
    /// Hash of the value in the browser's login cookie.
    pub browser_hash: [u8; 32],
    /// Sealed: who it is, and where to go after.
    pub content: Vec<u8>,
    /// After this it is forgotten.
    pub expires_at: OffsetDateTime,
}

/// Keeps a checked login.
pub async fn insert_result(tx: &mut Tx, row: &ResultRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO login_result (handle_hash, browser_hash, content, expires_at) VALUES ($1, $2, $3, $4)",
        params![
            row.handle_hash,
            row.browser_hash,
            row.content.as_slice(),
            row.expires_at
        ],
    )
    .await
    .map(drop)
}

/// Takes a checked login: whatever comes of it, nobody can take it again.
pub async fn take_result(tx: &mut Tx, handle_hash: [u8; 32]) -> Result<Option<ResultRow>, DbError> {
    let row = tx
        .fetch_optional(
            "DELETE FROM login_result WHERE handle_hash = $1 RETURNING browser_hash, content, expires_at",
            params![handle_hash],
        )
        .await?;
    row.map(|row| {
        Ok(ResultRow {
            handle_hash,
            browser_hash: hash(row.blob("browser_hash")?)?,
            content: row.blob("content")?,
            expires_at: row.time("expires_at")?,
        })
    })
    .transpose()
}

/// Forgets everything whose time is over.
pub async fn sweep(tx: &mut Tx, now: OffsetDateTime) -> Result<u64, DbError> {
    let mut gone = 0;
    for statement in [
        "DELETE FROM login_request WHERE expires_at <= $1",
        "DELETE FROM login_used WHERE expires_at <= $1",
        "DELETE FROM login_result WHERE expires_at <= $1",
    ] {
        gone += tx.execute(statement, params![now]).await?;
    }
    Ok(gone)
}
