//! The crate as its users see it: certificates, signatures, deliveries, and everything that must be refused.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test that cannot go on should stop where it is"
)]

mod attacks;
mod certificate;
mod counterpart;
mod delivery;
mod forge;
mod mutation;
mod pki;
mod sample;
mod schema;
mod signature;
