//! What needs a browser. Every page works without them.

mod ask;
mod frame;
mod idle;

pub(crate) use frame::FrameHeight;
pub(crate) use idle::IdleGuard;
