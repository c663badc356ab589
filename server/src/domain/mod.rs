//! Pure types and rules. Nothing here waits, reads, writes or asks for the time.

pub mod access;
pub mod alphabet;
pub mod body;
pub mod calendar;
pub mod calendar_feed;
pub mod category;
pub mod email;
pub mod folder;
pub mod holder;
mod html_cost;
mod html_text;
pub mod letter;
pub mod matter;
pub mod payment_code;
pub mod reception;
pub mod rule;
pub mod sorting;
