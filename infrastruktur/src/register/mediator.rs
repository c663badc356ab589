//! The mediator's own services, which senders would call. They answer a typed fault until they are built.

use super::{Refusal, fault};
use axum::response::Response;

/// `Message`, version 3.
pub(super) async fn message_port() -> Response {
    fault(
        Refusal::not_offered("the mediator's Message service")
            .to_fault()
            .to_envelope(),
    )
}

/// `Notification`, version 3.
pub(super) async fn notification_port() -> Response {
    fault(
        Refusal::not_offered("the mediator's Notification service")
            .to_fault()
            .to_envelope(),
    )
}
