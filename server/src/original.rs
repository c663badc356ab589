//! A delivery's signed original, opened: the one way from a letter's row to what its sender signed.
//!
//! Below `mailbox`, which gives letters to people, and `outbox`, which works on them by itself. Nobody's right to read is decided here.

use crate::db::{DbError, Tx};
use crate::seal::{MailboxKey, Place, SealError};
use crate::store;
use contracts::delivery::{Delivery, Message, Seal};
use contracts::service::SignatureReport;
use time::OffsetDateTime;
use uuid::Uuid;

/// Why an original could not be opened. Names what is wrong, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum OriginalError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// It does not unseal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A letter names a delivery that is not there.
    #[error("a letter without its delivery")]
    Missing,
    /// The delivery has fewer messages than the letter says.
    #[error("a delivery without the letter's message")]
    NoMessage,
    /// What was stored is not what a delivery looks like.
    #[error("a stored delivery cannot be read")]
    Unreadable,
}

/// A delivery as it was signed and sealed, read.
pub struct Original {
    text: String,
    /// What the sender signed.
    pub delivery: Delivery,
    /// The mediator's seal around it.
    pub seal: Seal,
    /// When it came, and was checked in full.
    pub received_at: OffsetDateTime,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Original(…)")
    }
}

/// Unseals and reads a delivery of a mailbox. Signatures are not checked again: ask [`Original::report`].
pub async fn open(tx: &mut Tx, mailbox: Uuid, key: &MailboxKey, delivery: Uuid) -> Result<Original, OriginalError> {
    let (sealed, received_at) = store::delivery::original(tx, mailbox, delivery)
        .await?
        .ok_or(OriginalError::Missing)?;
    let plain = key.open(&Place::of("delivery", &delivery, "original"), &sealed)?;
    let text = String::from_utf8(plain).map_err(|_| OriginalError::Unreadable)?;
    let (delivery, seal) = contracts::service::reopen(&text).map_err(|_| OriginalError::Unreadable)?;
    Ok(Original {
        text,
        delivery,
        seal,
        received_at,
    })
}

impl Original {
    /// Checks both signatures again, as they are stored now, and tells whose they are.
    pub fn report(&self) -> Result<SignatureReport, OriginalError> {
        contracts::service::recheck(&self.text).map_err(|_| OriginalError::Unreadable)
    }

    /// The original's own bytes: the stand-alone `SealedDelivery`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The message at `place`, as the letter's row has it.
    pub fn message(&self, place: i64) -> Result<&Message, OriginalError> {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.delivery.messages.get(place))
            .ok_or(OriginalError::NoMessage)
    }

    /// The same, when nothing else of it is needed.
    pub fn into_message(self, place: i64) -> Result<Message, OriginalError> {
        usize::try_from(place)
            .ok()
            .and_then(|place| self.delivery.messages.into_iter().nth(place))
            .ok_or(OriginalError::NoMessage)
    }
}
