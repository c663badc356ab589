//! An answer to what somebody thinks of the service.

use super::OutboxError;
use super::post::{Back, Post};
use super::words::{Language, Message, Spoken};
use super::worker::TryError;
use crate::domain::address::Address;
use uuid::Uuid;

/// Tries once. Where the other side takes nothing for good it is tried no more: whoever gave the address is nobody we know.
pub(super) async fn run(
    post: &Post,
    job: Uuid,
    to: &str,
    language: &str,
    words: &str,
) -> Result<Result<(), TryError>, OutboxError> {
    let to = Address::Email(to.parse().map_err(|_| OutboxError::Content)?);
    let spoken = Spoken {
        language: Language::of(language),
        host: &post.host,
        word: None,
        company: None,
        message: Message::Answer { words },
    };
    Ok(match post.say(job, &to, &spoken, Back::Nowhere).await? {
        Ok(_) => Ok(()),
        Err(refused) if refused.for_good().is_some() => {
            let error = refused.error;
            tracing::warn!(%job, %error, "the other side takes no answer for this address");
            Ok(())
        }
        Err(refused) => Err(refused.error),
    })
}
