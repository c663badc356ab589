//! Order in a mailbox: folders, moving, binning, starring, many letters at once, and taking it all back.

mod acts;
mod bin;
mod folders;
mod mailbox;
mod rights;
