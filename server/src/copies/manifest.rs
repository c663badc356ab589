//! What an export says of itself to programs: which letters there are, and what the person has done with each.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The list for programs.
pub const MANIFEST: &str = "brevlada.json";
/// What it says it is.
const FORMAT: &str = "brevlada-export";
/// The one there has been.
const VERSION: u32 = 1;

/// What the person has done with a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// First opened.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub read_at: Option<OffsetDateTime>,
    /// Starred.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub starred_at: Option<OffsetDateTime>,
    /// Put in the bin.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub binned_at: Option<OffsetDateTime>,
    /// In the archive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// In a folder of the person's own: names from the top down to it. Empty: in none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folder: Vec<String>,
    /// The person's own categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Label>,
}

/// A category by its name and colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Its colour, by name.
    pub colour: String,
}

/// A letter in the list for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The delivery that it came in: letters of one have the same original.
    pub delivery: Uuid,
    /// Where its original lies in the archive.
    pub original: String,
    /// Which message of the delivery, from 0.
    pub place: i64,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
    /// Another holder has passed it on: it is not addressed to the holder of this mailbox.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed_on: bool,
    /// What the person has done with it.
    #[serde(flatten)]
    pub marks: Marks,
}

/// The list for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    #[serde(with = "time::serde::rfc3339")]
    made_at: OffsetDateTime,
    /// Every letter, the oldest first.
    pub letters: Vec<Kept>,
}

impl Manifest {
    /// The list of an export that was asked for at `made_at`.
    pub(super) fn new(made_at: OffsetDateTime, letters: Vec<Kept>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            made_at,
            letters,
        }
    }

    /// Reads the list of an export; nothing when it is of something else.
    pub fn read(json: &[u8]) -> Option<Self> {
        let manifest: Self = serde_json::from_slice(json).ok()?;
        (manifest.format == FORMAT && manifest.version == VERSION).then_some(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_export_is_no_export() {
        for no in [
            "",
            "{}",
            "[]",
            r#"{"format":"other","version":1,"made_at":"2026-12-01T08:00:00Z","letters":[]}"#,
        ] {
            assert_eq!(Manifest::read(no.as_bytes()), None, "{no}");
        }
    }
}
