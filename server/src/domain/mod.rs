//! Pure types and rules. Nothing here waits, reads, writes or asks for the time.

pub mod access;
pub mod alphabet;
pub mod body;
pub mod calendar;
pub mod calendar_feed;
pub mod category;
pub mod email;
pub mod excerpt;
pub mod file_name;
pub mod folder;
pub mod forward;
pub mod holder;
mod html_cost;
mod html_text;
pub mod letter;
pub mod letter_text;
pub mod matter;
pub mod numbers;
pub mod payment_code;
pub mod query;
pub mod reception;
pub mod rule;
pub mod sorting;
pub mod visible;
pub mod words;
