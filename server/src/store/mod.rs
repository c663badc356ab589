//! The only SQL: one file for each family of tables, functions on [`Tx`](crate::db::Tx). Statements run on both databases.

pub mod access_log;
pub mod address;
pub mod calendar_feed;
pub mod category;
pub mod delivery;
pub mod export;
pub mod draft;
pub mod folder;
pub mod forward;
pub mod job;
pub mod last_good;
pub mod letter;
pub mod login;
pub mod mailbox;
pub mod matter;
pub mod notice;
pub mod notice_rules;
pub mod payment;
pub mod place;
pub mod reception;
pub mod rule;
pub mod search;
pub mod sent_count;
pub mod session;
pub mod sorting;
pub mod subject_order;
