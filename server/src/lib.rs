//! brevlada: a secure citizen mailbox, and the server side of a mailbox operator in Mina meddelanden.
//!
//! Layers, from the inside out: `domain` (rules) ← `store` (SQL) ← `mailbox`, `intake`, `login`, `outbox` (use cases) ← `web` (edge).

pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod copies;
pub mod db;
pub mod domain;
pub mod extract;
pub mod house;
mod http_client;
pub mod intake;
pub mod labour;
pub mod listener;
pub mod login;
pub mod mailbox;
pub mod ops;
pub mod original;
pub mod outbox;
mod record;
pub mod register;
pub mod seal;
pub mod search;
pub mod serve;
pub mod shelf;
pub mod sightings;
pub mod sorting;
pub mod store;
pub mod support;
pub mod tally;
pub mod telemetry;
pub mod turns;
pub mod web;
