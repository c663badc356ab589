//! Passwords of local accounts: kept as Argon2id alone, and judged beside the threads that serve people.

use super::SupportError;
use crate::clock::Ids;
use crate::labour::labour;
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What hashing one takes: memory in KiB, passes, lanes. OWASP's first recommendation for Argon2id, with twice its memory: there are few
/// logins, and they may take their time.
const COST: (u32, u32, u32) = (38 * 1024, 2, 1);

/// A password as it is kept, with what it took, so that the cost can be raised without an end to those that are there.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Kept {
    /// One that no password fits, of the same cost: so that a name that nobody has takes as long as one that somebody has.
    pub(super) fn nobodys() -> Self {
        let (memory, passes, lanes) = COST;
        Self {
            memory,
            passes,
            lanes,
            salt: [0; 16],
            hash: [0; 32],
        }
    }

    /// Keeps a password.
    pub(super) async fn of(ids: Ids, password: Zeroizing<String>) -> Result<Self, SupportError> {
        let salt = ids.bytes().map_err(|_| SupportError::NoRandomness)?;
        let mut kept = Self {
            salt,
            ..Self::nobodys()
        };
        let cost = kept.clone();
        let hash = labour(move || cost.hashed(&password))
            .await
            .map_err(|_| SupportError::Hashing)?;
        kept.hash = *hash.ok_or(SupportError::Hashing)?;
        Ok(kept)
    }

    /// Whether it is this password.
    pub(super) async fn fits(self, password: Zeroizing<String>) -> Result<bool, SupportError> {
        let judged = labour(move || {
            let hash = self.hashed(&password)?;
            Some(bool::from(hash.ct_eq(&self.hash)))
        });
        judged
            .await
            .map_err(|_| SupportError::Hashing)?
            .ok_or(SupportError::Hashing)
    }

    fn hashed(&self, password: &str) -> Option<Zeroizing<[u8; 32]>> {
        let params = Params::new(self.memory, self.passes, self.lanes, Some(32)).ok()?;
        let mut hash = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.as_bytes(), &self.salt, hash.as_mut())
            .ok()?;
        Some(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits() {
        let word = |word: &str| Zeroizing::new(word.to_owned());
        let kept = Kept::of(Ids, word("rätt lösenord")).await.unwrap();
        assert!(kept.clone().fits(word("rätt lösenord")).await.unwrap());
        assert!(!kept.clone().fits(word("fel lösenord")).await.unwrap());
        assert!(!kept.clone().fits(word("")).await.unwrap());
        assert!(!Kept::nobodys().fits(word("")).await.unwrap());
        let again = Kept::of(Ids, word("rätt lösenord")).await.unwrap();
        assert_ne!(kept.hash, again.hash, "salted");
    }
}
