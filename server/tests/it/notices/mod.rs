//! Contact details, notices and their rules, with real servers in the test: infrastruktur's catchers for mail, text messages and
//! browsers.

mod bounces;
mod browsers;
mod contacts;
mod post;
mod reports;
mod rules;
mod sending;
mod whole;
