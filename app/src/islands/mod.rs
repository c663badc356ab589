//! What needs a browser. Every page works without them.
//!
//! Islands stand beside the home (see [`crate::parts::Home`]), not in it: they are woken once, and find what they serve by its
//! class or `data-` attribute, so that it does not matter which page has been turned to since.

mod again;
mod ask;
mod browser_notices;
mod copy;
mod frame;
mod idle;
mod keys;
mod offline;
mod page;
mod print;
mod turn;

pub(crate) use again::Again;
pub(crate) use browser_notices::BrowserNotices;
pub(crate) use copy::Copy;
pub(crate) use frame::FrameHeight;
pub(crate) use idle::IdleGuard;
pub(crate) use keys::Keys;
pub(crate) use offline::Offline;
pub(crate) use print::PrintButton;
pub(crate) use turn::Turn;
