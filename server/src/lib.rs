//! brevlada: a secure citizen mailbox, and the server side of a mailbox operator in Mina meddelanden.
//!
//! Layers, from the inside out: `domain` (rules) ← `store` (SQL) ← `mailbox`, `intake`, `login`, `outbox` (use cases) ← `web` (edge).

pub mod clock;
pub mod db;
