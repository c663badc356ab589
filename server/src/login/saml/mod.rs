//! SAML 2.0 as Sweden Connect's technical framework has it, for a service that logs citizens in. Pure: no clock, no
//! network, no database.
//!
//! The way of a login: [`request`] writes and signs what is asked, [`response`] decides on the answer. [`provider`] reads
//! who may answer, [`metadata`] tells them of us.

pub mod decryption;
pub mod identity;
pub mod keys;
pub mod metadata;
#[expect(missing_docs, reason = "each constant is the name it holds")]
pub mod names;
pub mod provider;
pub mod request;
pub mod response;
pub mod signature;
pub mod time;
pub mod tree;

#[cfg(test)]
mod attacks;
#[cfg(test)]
pub(in crate::login) mod forge;
