//! Content at rest: a stolen database or backup shows no letter.
//!
//! A **master key** (a file, with versions) wraps one **mailbox key** for each mailbox; a key of its own for every field of every
//! record is derived from that by HKDF-SHA-256, and the field is sealed by AES-256-GCM with its place (table, id, field) as
//! associated data, so that a sealed value moved elsewhere does not open. What belongs to no mailbox (jobs, sessions, logins) is
//! sealed under the **house key**. Closing a mailbox can destroy its key.

mod master;
mod record;

pub use master::{Keys, KeysError, Wrapped, demonstration_mark};
pub use record::{BlindKey, HouseKey, MailboxKey, Place, SealError};
