//! Contact details, notices and their rules, with real servers in the test: infrastruktur's catchers for mail and text messages.

mod bounces;
mod contacts;
mod post;
mod reports;
mod rules;
mod sending;
mod whole;
