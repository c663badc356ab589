//! Who has a mailbox.

use serde::{Deserialize, Serialize};

/// The holder of a mailbox, as the sealed column keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Twelve digits.
    pub number: String,
    /// Display name from the last login.
    pub name: String,
}

impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Holder(…)")
    }
}
