//! The integration tests: one binary, each story on both databases.
//!
//! SQLite is always there. PostgreSQL is the cluster that `BREVLADA_TEST_POSTGRES` names; `make test` starts one and
//! takes it away again. Without it the PostgreSQL half says that it was skipped.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails to set itself up should say so at once"
)]

#[macro_use]
mod harness;

mod audit;
mod commands;
mod companies;
mod company_pages;
mod consents;
mod feedback;
mod forward;
mod forward_desk;
mod forward_mailbox;
mod forward_told;
mod intake;
mod keep;
mod layers;
mod log;
mod login;
mod matters;
mod notices;
mod operator;
mod organise;
mod pages;
mod preview_line;
mod reception;
mod register;
mod rule_words;
mod search;
mod staff;
mod staff_accounts;
mod staff_rooms;
mod statements;
