//! A delivery's signed original, opened: the one way from a letter's row to what its sender signed.
//!
//! Below `mailbox`, which gives letters to people, and `outbox`, which works on them by itself. Nobody's right to read is decided here.

use crate::db::{DbError, Tx};
use crate::domain::forward::PassedOn;
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

/// A delivery as it was signed and sealed, read; or the copy of one of its messages, when that is all that was passed on.
pub struct Original {
    text: String,
    /// What the sender signed.
    pub delivery: Delivery,
    /// The mediator's seal around it.
    pub seal: Seal,
    /// When it came into this mailbox.
    pub received_at: OffsetDateTime,
    /// How it came, when another holder has passed it on.
    pub passed_on: Option<PassedOn>,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Original(…)")
    }
}

/// Unseals and reads a delivery of a mailbox. Signatures are not checked again: ask [`Original::report`].
pub async fn open(tx: &mut Tx, mailbox: Uuid, key: &MailboxKey, delivery: Uuid) -> Result<Original, OriginalError> {
    let row = store::delivery::original(tx, mailbox, delivery)
        .await?
        .ok_or(OriginalError::Missing)?;
    let plain = key.open(&Place::of("delivery", &delivery, "original"), &row.original)?;
    let text = String::from_utf8(plain).map_err(|_| OriginalError::Unreadable)?;
    let passed_on: Option<PassedOn> = match &row.passed_on {
        Some(sealed) => Some(key.open_record(&Place::of("delivery", &delivery, "passed_on"), sealed)?),
        None => None,
    };
    let is_copy = passed_on
        .as_ref()
        .is_some_and(|passed_on| passed_on.copy_held.is_some());
    let read = if is_copy {
        contracts::service::reopen_copy(&text)
    } else {
        contracts::service::reopen(&text)
    };
    let (delivery, seal) = read.map_err(|_| OriginalError::Unreadable)?;
    Ok(Original {
        text,
        delivery,
        seal,
        received_at: row.received_at,
        passed_on,
    })
}

impl Original {
    /// Checks both signatures again, as they are stored now, and tells whose they are. A copy has none.
    pub fn report(&self) -> Result<Option<SignatureReport>, OriginalError> {
        if self.copy_held().is_some() {
            return Ok(None);
        }
        contracts::service::recheck(&self.text)
            .map(Some)
            .map_err(|_| OriginalError::Unreadable)
    }

    /// Nothing of an original. Of a copy of one message: whether the signatures held when it was made.
    pub fn copy_held(&self) -> Option<bool> {
        self.passed_on.as_ref().and_then(|passed_on| passed_on.copy_held)
    }

    /// Whether the letter can be passed on as the signed original. The signature is over all messages of a delivery: with it would go what
    /// nobody chose to pass on.
    pub fn can_be_passed_on_whole(&self) -> bool {
        self.delivery.messages.len() == 1 && self.copy_held().is_none()
    }

    /// When certificates, signatures and the right to send were checked: when it came to the holder it is addressed to.
    pub fn checked_at(&self) -> OffsetDateTime {
        self.passed_on
            .as_ref()
            .map_or(self.received_at, |passed_on| passed_on.first_came_at)
    }

    /// The original's own bytes, the stand-alone `SealedDelivery`; or those of the copy.
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
