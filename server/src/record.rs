//! Sealed records that several parts open.

use crate::domain::holder::Holder;
use crate::domain::letter::Header;
use crate::seal::{Keys, MailboxKey, Place, SealError};
use contracts::identifier::OrganisationNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a list shows of a letter, from its row.
pub(crate) fn header(key: &MailboxKey, letter: Uuid, sealed: &[u8]) -> Result<Header, SealError> {
    key.open_record(&Place::of("letter", &letter, "header"), sealed)
}

/// Whose a mailbox is, from its row.
pub(crate) fn holder(key: &MailboxKey, mailbox: Uuid, sealed: &[u8]) -> Result<Holder, SealError> {
    key.open_record(&Place::of("mailbox", &mailbox, "holder"), sealed)
}

/// The name that a person has given a folder, from its row.
pub(crate) fn folder_name(key: &MailboxKey, folder: Uuid, sealed: &[u8]) -> Result<String, SealError> {
    key.open_text(&Place::of("folder", &folder, "name"), sealed)
}

/// The name that a person has given a category, from its row.
pub(crate) fn category_name(key: &MailboxKey, category: Uuid, sealed: &[u8]) -> Result<String, SealError> {
    key.open_text(&Place::of("category", &category, "name"), sealed)
}

/// Of what is sealed of a session, the browser and the system in words.
#[derive(Deserialize)]
struct Device {
    device: String,
}

/// By which browser somebody is logged in, from the session's row.
pub(crate) fn device(keys: &Keys, session: &[u8; 32], sealed: &[u8]) -> Result<String, SealError> {
    let Device { device } = keys.open_record(&Place::new("session", session, "content"), sealed)?;
    Ok(device)
}

/// The longest reference of a sender's that is kept, in characters.
pub(crate) const LONGEST_REFERENCE: usize = 255;

/// Who took part in a call of Service v3, as it is sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Parties {
    /// Whose connection: twelve digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<String>,
    /// Who sends: twelve digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sender: Option<String>,
}

/// Where they are sealed.
pub(crate) fn place_of_call(call: &Uuid) -> Place<'_> {
    Place::of("intake_call", call, "content")
}

/// Who took part in a call, from its row.
pub(crate) fn parties(keys: &Keys, call: Uuid, sealed: &[u8]) -> Result<Parties, SealError> {
    keys.open_record(&place_of_call(&call), sealed)
}

/// The keyed hash by which calls are found from a sender's reference.
pub(crate) fn reference_index(keys: &Keys, reference: &str) -> [u8; 32] {
    keys.blind_index("intake.reference", reference.trim())
}

/// The keyed hash by which an organisation's calls are counted and found.
pub(crate) fn party_index(keys: &Keys, organisation: OrganisationNumber) -> [u8; 32] {
    keys.blind_index("intake.party", &organisation.to_string())
}
