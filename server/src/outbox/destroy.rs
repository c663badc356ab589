//! The end of a mailbox: its key is overwritten, and then what nobody can read any more is swept away.

use super::post::Post;
use super::worker::TryError;
use crate::store;
use uuid::Uuid;

/// Destroys the key when its day has come; a mailbox that was opened again in the meantime is left alone.
pub(super) async fn run(post: &Post, mailbox_id: Uuid) -> Result<(), TryError> {
    let house = &post.house;
    let mut tx = house.db.begin().await?;
    // No number has this index, so the holder can have a new mailbox.
    let index = house.keys.blind_index("destroyed", &mailbox_id.to_string());
    if store::leaving::destroy(&mut tx, mailbox_id, index, house.clock.now()).await? {
        tx.commit().await?;
        tracing::info!(mailbox = %mailbox_id, "a mailbox's key has been destroyed");
    } else if store::leaving::is_destroyed(&mut tx, mailbox_id).await? {
        // An earlier try stopped while sweeping.
        drop(tx);
    } else {
        return Ok(());
    }
    loop {
        let mut tx = house.db.begin().await?;
        let gone = store::leaving::sweep(&mut tx, mailbox_id).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}
