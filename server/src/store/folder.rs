//! Folders: which lies in which, and their sealed names.

use crate::db::{DbError, Tx};
use crate::params;
use uuid::Uuid;

/// A row of the table, its name sealed.
#[derive(Clone, Debug)]
pub struct FolderRow {
    /// Its id.
    pub id: Uuid,
    /// The folder it lies in; none at the top.
    pub parent_id: Option<Uuid>,
    /// Its name, sealed.
    pub name: Vec<u8>,
}

/// Every folder of a mailbox; they are few.
pub async fn all(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<FolderRow>, DbError> {
    tx.fetch_all(
        "SELECT id, parent_id, name FROM folder WHERE mailbox_id = $1",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(FolderRow {
            id: row.id("id")?,
            parent_id: row.maybe_id("parent_id")?,
            name: row.blob("name")?,
        })
    })
    .collect()
}

/// Whether a folder is there.
pub async fn exists(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT id FROM folder WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, id],
        )
        .await?
        .is_some())
}

/// Adds a folder, or writes all of one that is there.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: &FolderRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO folder (mailbox_id, id, parent_id, name) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name",
        params![mailbox, row.id, row.parent_id, row.name.as_slice()],
    )
    .await
    .map(drop)
}

/// Puts a folder into another, or at the top.
pub async fn set_parent(tx: &mut Tx, mailbox: Uuid, id: Uuid, parent: Option<Uuid>) -> Result<(), DbError> {
    tx.execute(
        "UPDATE folder SET parent_id = $3 WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id, parent],
    )
    .await
    .map(drop)
}

/// Takes a folder away. What lay in it must lie elsewhere by then.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM folder WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}
