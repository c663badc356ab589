//! Categories: seen, made, changed, removed. A letter keeps its place when a category goes.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::alphabet::sort_key;
use crate::domain::category::{CATEGORIES, Colour};
use crate::domain::folder::Name;
use crate::domain::right::Right;
use crate::house::House;
use crate::record;
use crate::seal::Place as SealedAt;
use crate::store;
use crate::store::category::CategoryRow;
use uuid::Uuid;

/// A category, told for people.
#[derive(Clone, Debug)]
pub struct Category {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
}

/// What came of making or changing a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done(Uuid),
    /// The name is empty, too long, or has signs that cannot be seen.
    NotAName,
    /// Another category has that name.
    NameTaken,
    /// There are as many categories as there may be.
    TooMany,
    /// The category is not there (any more).
    NotFound,
}

/// Makes a category, or changes the one with this id.
pub async fn put(
    house: &House,
    person: &Person,
    id: Option<Uuid>,
    name: &str,
    colour: Colour,
) -> Result<Changed, MailboxError> {
    let Ok(name) = name.parse::<Name>() else {
        return Ok(Changed::NotAName);
    };
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Arrange).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let now = read_categories(&mut tx, &entered).await?;
    match id {
        Some(id) if now.iter().all(|category| category.id != id) => return Ok(Changed::NotFound),
        None if now.len() >= CATEGORIES => return Ok(Changed::TooMany),
        _ => {}
    }
    let wanted = name.as_str().to_lowercase();
    if now
        .iter()
        .any(|other| Some(other.id) != id && other.name.to_lowercase() == wanted)
    {
        return Ok(Changed::NameTaken);
    }
    let id = id.unwrap_or_else(|| house.ids.at(house.clock.now()));
    let row = CategoryRow {
        id,
        name: entered.key.seal(
            house.ids,
            &SealedAt::of("category", &id, "name"),
            name.as_str().as_bytes(),
        )?,
        colour: colour.as_str().to_owned(),
    };
    store::category::put(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Removes a category; the letters that had it stay where they are.
pub async fn remove(house: &House, person: &Person, id: Uuid) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Arrange).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    if !store::category::exists(&mut tx, entered.id, id).await? {
        return Ok(Changed::NotFound);
    }
    store::category::remove(&mut tx, entered.id, id).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Every category of a mailbox, by the alphabet.
pub(super) async fn read_categories(tx: &mut Tx, entered: &Entered) -> Result<Vec<Category>, MailboxError> {
    let mut categories = Vec::new();
    for row in store::category::all(tx, entered.id).await? {
        categories.push(Category {
            id: row.id,
            name: record::category_name(&entered.key, row.id, &row.name)?,
            colour: row
                .colour
                .parse()
                .map_err(|()| MailboxError::Record("category colour"))?,
        });
    }
    categories.sort_by_cached_key(|category| sort_key(&category.name));
    Ok(categories)
}
