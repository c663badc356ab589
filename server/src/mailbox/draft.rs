//! What a person typed and was not taken, or what stood there before: sealed, and forgotten after a while.

use super::MailboxError;
use super::access::Entered;
use crate::db::Tx;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

/// How long it is kept.
const KEPT: Duration = Duration::minutes(15);

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A new address.
    Address,
    /// The rules of notices, typed and not saved.
    NoticeRules,
    /// The rules of notices before the last saving.
    NoticeRulesBefore,
    /// The name of a folder or a category.
    Name,
    /// A consent that is to be offered.
    Consent,
}

impl Form {
    fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::NoticeRules => "notice-rules",
            Self::NoticeRulesBefore => "notice-rules-before",
            Self::Name => "name",
            Self::Consent => "consent",
        }
    }
}

/// Keeps the content of a form.
pub(super) async fn keep(
    tx: &mut Tx,
    house: &House,
    whose: &Entered,
    form: Form,
    content: &impl Serialize,
    now: OffsetDateTime,
) -> Result<(), MailboxError> {
    let place = Place::of("draft", &whose.id, form.as_str());
    let sealed = whose.key.seal_record(house.ids, &place, content)?;
    Ok(store::draft::put(tx, whose.id, form.as_str(), sealed, now).await?)
}

/// What was kept, if it is not too long ago.
pub(super) async fn kept<T: DeserializeOwned>(
    tx: &mut Tx,
    whose: &Entered,
    form: Form,
    now: OffsetDateTime,
) -> Result<Option<T>, MailboxError> {
    let Some(sealed) = store::draft::read(tx, whose.id, form.as_str(), now - KEPT).await? else {
        return Ok(None);
    };
    let plain = whose.key.open(&Place::of("draft", &whose.id, form.as_str()), &sealed)?;
    // One that another version of the program wrote is forgotten: a person types it again.
    Ok(serde_json::from_slice(&plain).ok())
}

/// Forgets it.
pub(super) async fn forget(tx: &mut Tx, whose: &Entered, form: Form) -> Result<(), MailboxError> {
    Ok(store::draft::delete(tx, whose.id, form.as_str()).await?)
}
