//! The staff register.

use crate::db::{DbError, Row, Tx};
use crate::domain::named::named;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether somebody of the staff may log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// May.
    Active,
    /// May not.
    Locked,
}

const STATES: [(State, &str); 2] = [(State::Active, "active"), (State::Locked, "locked")];

named!(State, STATES);

/// A row, with what is sealed still sealed.
#[derive(Clone, Debug)]
pub struct StaffRow {
    /// Their id.
    pub id: Uuid,
    /// `organisation` or `local`.
    pub way: String,
    /// Keyed hash of their login.
    pub login_index: [u8; 32],
    /// Sealed: name, login and secrets.
    pub content: Vec<u8>,
    /// Their roles, separated by blanks.
    pub roles: String,
    /// Whether they may log in.
    pub state: State,
    /// Wrong logins in a row.
    pub tries: i64,
    /// No login before this.
    pub wait_until: OffsetDateTime,
    /// The latest step of time whose code was used.
    pub code_step: i64,
    /// When they were added.
    pub created_at: OffsetDateTime,
    /// When the row was last changed by somebody.
    pub changed_at: OffsetDateTime,
}

fn read(row: &Row) -> Result<StaffRow, DbError> {
    Ok(StaffRow {
        id: row.id("id")?,
        way: row.text("way")?,
        login_index: row
            .blob("login_index")?
            .try_into()
            .map_err(|_| DbError::Column("login_index"))?,
        content: row.blob("content")?,
        roles: row.text("roles")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        tries: row.int("tries")?,
        wait_until: row.time("wait_until")?,
        code_step: row.int("code_step")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

/// Adds somebody; a login is one person's ([`DbError::is_duplicate`]).
pub async fn insert(tx: &mut Tx, row: &StaffRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO staff (id, way, login_index, content, roles, state, tries, wait_until, code_step, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            row.id,
            row.way.as_str(),
            row.login_index,
            row.content.as_slice(),
            row.roles.as_str(),
            row.state.as_str(),
            row.tries,
            row.wait_until,
            row.code_step,
            row.created_at,
            row.changed_at
        ],
    )
    .await
    .map(drop)
}

/// Whoever has this login.
pub async fn by_login(tx: &mut Tx, login_index: [u8; 32]) -> Result<Option<StaffRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, way, login_index, content, roles, state, tries, wait_until, code_step, created_at, changed_at FROM staff
         WHERE login_index = $1",
        params![login_index],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The same, held until the transaction ends: of several that try to log in, one after the other is judged.
pub async fn hold_by_login(tx: &mut Tx, login_index: [u8; 32]) -> Result<Option<StaffRow>, DbError> {
    tx.execute(
        "UPDATE staff SET tries = tries WHERE login_index = $1",
        params![login_index],
    )
    .await?;
    by_login(tx, login_index).await
}

/// The one with this id.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<StaffRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, way, login_index, content, roles, state, tries, wait_until, code_step, created_at, changed_at FROM staff
         WHERE id = $1",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Everybody, in the order in which they were added.
pub async fn all(tx: &mut Tx) -> Result<Vec<StaffRow>, DbError> {
    tx.fetch_all(
        "SELECT id, way, login_index, content, roles, state, tries, wait_until, code_step, created_at, changed_at FROM staff
         ORDER BY id",
        params![],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Sets whether somebody may log in; what was tried wrongly before is forgotten.
pub async fn set_state(tx: &mut Tx, id: Uuid, state: State, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff SET state = $2, tries = 0, wait_until = 0, changed_at = $3 WHERE id = $1",
        params![id, state.as_str(), at],
    )
    .await
    .map(drop)
}

/// Sets somebody's roles.
pub async fn set_roles(tx: &mut Tx, id: Uuid, roles: &str, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff SET roles = $2, changed_at = $3 WHERE id = $1",
        params![id, roles, at],
    )
    .await
    .map(drop)
}

/// Gives somebody other secrets; what was tried and used before is forgotten.
pub async fn set_content(tx: &mut Tx, id: Uuid, content: &[u8], at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff SET content = $2, tries = 0, wait_until = 0, code_step = 0, changed_at = $3 WHERE id = $1",
        params![id, content, at],
    )
    .await
    .map(drop)
}

/// Notes a login to a local account that went wrong.
pub async fn note_wrong(tx: &mut Tx, id: Uuid, tries: i64, wait_until: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff SET tries = $2, wait_until = $3 WHERE id = $1",
        params![id, tries, wait_until],
    )
    .await
    .map(drop)
}

/// Notes a login to a local account, by the code of this step.
pub async fn note_right(tx: &mut Tx, id: Uuid, code_step: i64) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff SET tries = 0, wait_until = 0, code_step = $2 WHERE id = $1",
        params![id, code_step],
    )
    .await
    .map(drop)
}
