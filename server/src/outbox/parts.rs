//! The pieces of an export: sealed under the mailbox's key, each for its own number, on the shelf until they are fetched.

use crate::house::House;
use crate::seal::{MailboxKey, Place, SealError};
use crate::shelf::ShelfError;
use uuid::Uuid;

/// Why a piece could not be put or fetched.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// The shelf.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// Sealing or opening.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A piece that was written is not there.
    #[error("a piece of an export is missing")]
    Missing,
}

/// What is kept under a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A piece of the file.
    Part,
    /// What has to be known of it when the end is written.
    Index,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Part => "part",
            Kind::Index => "index",
        }
    }
}

/// The shelf's name for everything of an export.
pub fn group(export: Uuid) -> String {
    format!("export-{export}")
}

/// Seals a piece and puts it away.
pub async fn put(
    house: &House,
    key: &MailboxKey,
    export: Uuid,
    number: i64,
    kind: Kind,
    plain: &[u8],
) -> Result<(), PartError> {
    let id = id_of(export, number);
    let sealed = key.seal(house.ids, &Place::new("export", &id, kind.name()), plain)?;
    house.shelf.put(&group(export), &name_of(number, kind), &sealed).await?;
    Ok(())
}

/// Fetches a piece and opens it.
pub async fn get(house: &House, key: &MailboxKey, export: Uuid, number: i64, kind: Kind) -> Result<Vec<u8>, PartError> {
    let id = id_of(export, number);
    let sealed = house.shelf.get(&group(export), &name_of(number, kind)).await?;
    let sealed = sealed.ok_or(PartError::Missing)?;
    Ok(key.open(&Place::new("export", &id, kind.name()), &sealed)?)
}

fn name_of(number: i64, kind: Kind) -> String {
    format!("{number:06}.{}", kind.name())
}

fn id_of(export: Uuid, number: i64) -> [u8; 24] {
    let mut id = [0; 24];
    let (name, place) = id.split_at_mut(16);
    name.copy_from_slice(export.as_bytes());
    place.copy_from_slice(&number.to_be_bytes());
    id
}
