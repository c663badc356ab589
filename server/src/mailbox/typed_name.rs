//! A name that was typed for a folder or a category and not taken, so that it stands in its field again.

use super::MailboxError;
use super::access::{Person, enter};
use super::draft::{self, Form};
use crate::domain::right::Right;
use crate::house::House;
use serde::{Deserialize, Serialize};

/// What was typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct TypedName {
    /// The folder or category that was to be called so, by its id; without, a new one.
    pub of: Option<String>,
    /// The name.
    pub name: String,
    /// What was chosen with it: the folder it should lie in, or the colour.
    pub with: String,
}

impl std::fmt::Debug for TypedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedName(…)")
    }
}

/// The longest that is kept, in characters: more cannot be typed into the field.
const LONGEST: usize = 200;

/// Keeps it.
pub async fn keep_typed_name(house: &House, person: &Person, mut typed: TypedName) -> Result<(), MailboxError> {
    typed.name = typed.name.chars().take(LONGEST).collect();
    typed.with = typed.with.chars().take(LONGEST).collect();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Arrange).await? else {
        return Ok(());
    };
    draft::keep(&mut tx, house, &entered, Form::Name, &typed, house.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// What was kept, if it is not too long ago.
pub async fn typed_name(house: &House, person: &Person) -> Result<Option<TypedName>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Arrange).await? else {
        return Ok(None);
    };
    draft::kept(&mut tx, &entered, Form::Name, house.clock.now()).await
}
