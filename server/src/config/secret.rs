//! Values that must not be seen.

use super::Problem;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// A value that no log, no error text and no `{:?}` shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself: for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Takes numbers and truth values too: serde's own complaint about them would show the value.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Secret;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Secret, E> {
                Ok(Secret::new(v))
            }
            fn visit_i64<E: Error>(self, v: i64) -> Result<Secret, E> {
                Ok(Secret::new(v.to_string()))
            }
            fn visit_u64<E: Error>(self, v: u64) -> Result<Secret, E> {
                Ok(Secret::new(v.to_string()))
            }
            fn visit_f64<E: Error>(self, _: f64) -> Result<Secret, E> {
                Err(E::custom("put the secret in quotation marks"))
            }
            fn visit_bool<E: Error>(self, v: bool) -> Result<Secret, E> {
                Ok(Secret::new(v.to_string()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// A key that may hold a secret, and be left out or empty.
pub(super) trait Fill {
    fn is_given_apart_from_the_default(&self) -> bool;
    fn fill(&mut self, secret: Secret);
}

impl Fill for Option<Secret> {
    fn is_given_apart_from_the_default(&self) -> bool {
        self.is_some()
    }
    fn fill(&mut self, secret: Secret) {
        *self = Some(secret);
    }
}

/// One that has a default: the file wins over it.
impl Fill for Secret {
    fn is_given_apart_from_the_default(&self) -> bool {
        false
    }
    fn fill(&mut self, secret: Secret) {
        *self = secret;
    }
}

/// Reads a secret from the file that stands for it. The line end that editors add is no part of it.
pub(super) fn from_file(target: &mut impl Fill, file: Option<&Path>, key: &str, problems: &mut Vec<Problem>) {
    let Some(file) = file else { return };
    if target.is_given_apart_from_the_default() {
        let plain = key.trim_end_matches("_file");
        problems.push(Problem::new(key, format!("{plain} is given too; keep one of them")));
        return;
    }
    match std::fs::read_to_string(file) {
        Ok(content) => target.fill(Secret::new(content.trim_end_matches(['\r', '\n']))),
        Err(error) => problems.push(Problem::new(
            key,
            format!(
                "cannot read {}: {error}. Put it there for the service's user to read, or leave the key empty",
                file.display()
            ),
        )),
    }
}
