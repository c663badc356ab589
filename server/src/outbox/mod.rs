//! Work that follows a commit: notices and codes by mail.
pub mod mail;
