//! Last good copies of what others publish (senders, mediators, metadata of identity providers), so that we go on when they are down.

use crate::db::{Db, DbError, Tx};
use crate::params;
use time::OffsetDateTime;

/// A copy and its age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastGood {
    /// What was fetched, as its owner wrote it down.
    pub content: Vec<u8>,
    /// When it was fetched.
    pub fetched_at: OffsetDateTime,
}

/// Keeps `content` under `name`, in place of what was there.
pub async fn put(tx: &mut Tx, name: &str, content: &[u8], fetched_at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO last_good (name, content, fetched_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET content = excluded.content, fetched_at = excluded.fetched_at",
        params![name, content, fetched_at],
    )
    .await
    .map(drop)
}

/// The copy under `name`, if there has ever been one.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<LastGood>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT content, fetched_at FROM last_good WHERE name = $1",
            params![name],
        )
        .await?;
    row.map(|row| {
        Ok(LastGood {
            content: row.blob("content")?,
            fetched_at: row.time("fetched_at")?,
        })
    })
    .transpose()
}

/// [`put`] in a transaction of its own.
pub async fn keep(db: &Db, name: &str, content: &[u8], fetched_at: OffsetDateTime) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    put(&mut tx, name, content, fetched_at).await?;
    tx.commit().await
}

/// [`get`] in a transaction of its own.
pub async fn recall(db: &Db, name: &str) -> Result<Option<LastGood>, DbError> {
    let mut tx = db.read().await?;
    get(&mut tx, name).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[tokio::test]
    async fn the_newest_copy_is_the_one_that_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("a.db").display()))
            .await
            .unwrap();
        db.migrate().await.unwrap();
        assert_eq!(recall(&db, "senders").await.unwrap(), None);
        let (monday, tuesday) = (datetime!(2026-11-23 06:00 UTC), datetime!(2026-11-24 06:00 UTC));
        keep(&db, "senders", b"one", monday).await.unwrap();
        keep(&db, "senders", b"two", tuesday).await.unwrap();
        let copy = recall(&db, "senders").await.unwrap().unwrap();
        assert_eq!((copy.content.as_slice(), copy.fetched_at), (b"two".as_slice(), tuesday));
    }
}
