//! What a mailbox operator in Mina meddelanden does not own, for one machine: the address register FaR with Authority,
//! a sender and mediator, an e-legitimation, and catchers for e-mail and SMS. Real software with a real database, and
//! for demonstration and tests only: its people are fictitious and its certificates are trusted by nobody.

pub mod catcher;
pub mod clock;
pub mod config;
pub mod http_client;
mod idp;
pub mod moving;
pub mod people;
pub mod pki;
pub mod register;
mod running;
pub mod sending;
pub mod texts;
pub mod tls;
mod web;

pub use idp::IdpError;
pub use running::{Addresses, Infrastructure, Running, StartError};
