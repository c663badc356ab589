//! The end of a mailbox: its key is overwritten, and then what nobody can read any more is swept away.

use super::ask_index;
use super::post::Post;
use super::worker::TryError;
use crate::audit::{self, Event, Scribe};
use crate::db::Tx;
use crate::domain::audit::{ActingAs, AuditAct};
use crate::record;
use crate::store;
use crate::store::mailbox::State;
use uuid::Uuid;

/// Destroys the key when its day has come; a mailbox that was opened again in the meantime is left alone.
pub(super) async fn run(post: &Post, mailbox_id: Uuid) -> Result<(), TryError> {
    let house = &post.house;
    let mut tx = house.db.begin().await?;
    let asked = asked(post, &mut tx, mailbox_id).await?;
    // No number has this index, so the holder can have a new mailbox.
    let index = house.keys.blind_index("destroyed", &mailbox_id.to_string());
    if store::leaving::destroy(&mut tx, mailbox_id, index, house.clock.now()).await? {
        // What its holder has answered to those who asked is the holder's, and goes with the rest.
        if let Some(asked) = asked {
            store::forward_ask::forget_answers(&mut tx, asked).await?;
        }
        let event = Event::of_account(AuditAct::DestroyedMailbox, ActingAs::System, mailbox_id);
        audit::append(&mut tx, Scribe::of(house), event).await?;
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

/// Under what others have asked the holder, while the holder's number still can be read.
async fn asked(post: &Post, tx: &mut Tx, mailbox_id: Uuid) -> Result<Option<[u8; 32]>, TryError> {
    let house = &post.house;
    let row = store::mailbox::by_id(tx, mailbox_id).await?;
    let Some(mailbox) = row.filter(|row| row.state != State::Destroyed) else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let holder = record::holder(&key, mailbox_id, &mailbox.holder)?;
    Ok(Some(ask_index(house, &holder.number)))
}
