//! How many letters lie in each folder, in the archive and in the bin.

use crate::db::{DbError, Tx};
use crate::domain::sorting::Tally;
use crate::params;
use uuid::Uuid;

/// The counts of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Letters there.
    pub letters: i64,
    /// Unread ones of them.
    pub unread: i64,
}

/// The counts of every place of a mailbox; places without a row are empty.
pub async fn counts(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<(Uuid, Count)>, DbError> {
    tx.fetch_all(
        "SELECT place_id, letters, unread FROM place_count WHERE mailbox_id = $1",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.id("place_id")?,
            Count {
                letters: row.int("letters")?,
                unread: row.int("unread")?,
            },
        ))
    })
    .collect()
}

/// Adds to the counts of a mailbox, its own count of unread letters too, and forgets orders that no longer hold every letter. The
/// caller has the mailbox's turn.
pub async fn add(tx: &mut Tx, mailbox: Uuid, tally: &Tally) -> Result<(), DbError> {
    if tally.unread != 0 {
        super::mailbox::add_unread(tx, mailbox, tally.unread).await?;
    }
    for place in &tally.entered {
        super::subject_order::forget(tx, mailbox, place.unwrap_or(Uuid::nil())).await?;
    }
    for (place, (letters, unread)) in &tally.places {
        if (*letters, *unread) != (0, 0) {
            tx.execute(
                "INSERT INTO place_count (mailbox_id, place_id, letters, unread) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (mailbox_id, place_id) DO UPDATE SET
                    letters = place_count.letters + excluded.letters, unread = place_count.unread + excluded.unread",
                params![mailbox, *place, *letters, *unread],
            )
            .await?;
        }
    }
    Ok(())
}

/// Forgets the counts of a folder that is gone.
pub async fn forget(tx: &mut Tx, mailbox: Uuid, place: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM place_count WHERE mailbox_id = $1 AND place_id = $2",
        params![mailbox, place],
    )
    .await
    .map(drop)
}
