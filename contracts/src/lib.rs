//! Mina meddelanden on the wire.
//!
//! What a mailbox operator receives and answers, what a sender signs and sends, and what both read from the address
//! register: types, reader and writer, XML signatures, certificates, and our own WSDL and schemas. Pure: nothing here
//! opens a file or a socket, and nothing asks for the time.
//!
//! The governing description is `docs/infrastructure.md`; the sections named in comments are sections of it.

pub mod authority;
pub mod call;
pub mod certificate;
pub mod delivery;
pub mod fault;
pub mod identifier;
pub mod namespace;
pub mod recipient;
pub mod sending;
pub mod service;
pub mod signature;
pub mod soap;
pub mod xml;
