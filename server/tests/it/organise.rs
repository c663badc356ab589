//! Order in a mailbox: folders, categories, rules, moving, binning, starring, many letters at once, and taking it all back.

mod acts;
mod bin;
mod categories;
mod folders;
mod mailbox;
mod orders;
mod rights;
mod rules;
