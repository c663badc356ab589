//! Categories, and which letters have them.

use crate::db::{DbError, Tx, Value};
use crate::params;
use uuid::Uuid;

/// A row of the table, its name sealed.
#[derive(Clone, Debug)]
pub struct CategoryRow {
    /// Its id.
    pub id: Uuid,
    /// Its name, sealed.
    pub name: Vec<u8>,
    /// Its colour, by name.
    pub colour: String,
}

/// Every category of a mailbox; they are few.
pub async fn all(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<CategoryRow>, DbError> {
    tx.fetch_all(
        "SELECT id, name, colour FROM category WHERE mailbox_id = $1",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(CategoryRow {
            id: row.id("id")?,
            name: row.blob("name")?,
            colour: row.text("colour")?,
        })
    })
    .collect()
}

/// Whether a category is there.
pub async fn exists(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT id FROM category WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, id],
        )
        .await?
        .is_some())
}

/// Adds a category, or writes all of one that is there.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: &CategoryRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO category (mailbox_id, id, name, colour) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET name = excluded.name, colour = excluded.colour",
        params![mailbox, row.id, row.name.as_slice(), row.colour.as_str()],
    )
    .await
    .map(drop)
}

/// Takes a category away, from the letters that have it too.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM letter_category WHERE mailbox_id = $1 AND category_id = $2",
        params![mailbox, id],
    )
    .await?;
    tx.execute(
        "DELETE FROM category WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}

/// Gives a letter a category; tells whether it had it not before.
pub async fn give(tx: &mut Tx, mailbox: Uuid, category: Uuid, letter: Uuid) -> Result<bool, DbError> {
    let given = tx
        .execute(
            "INSERT INTO letter_category (mailbox_id, category_id, letter_id) VALUES ($1, $2, $3)
             ON CONFLICT (mailbox_id, category_id, letter_id) DO NOTHING",
            params![mailbox, category, letter],
        )
        .await?;
    Ok(given > 0)
}

/// Takes a category from a letter; tells whether it had it.
pub async fn take(tx: &mut Tx, mailbox: Uuid, category: Uuid, letter: Uuid) -> Result<bool, DbError> {
    let taken = tx
        .execute(
            "DELETE FROM letter_category WHERE mailbox_id = $1 AND category_id = $2 AND letter_id = $3",
            params![mailbox, category, letter],
        )
        .await?;
    Ok(taken > 0)
}

/// Takes every category from a letter that goes for good.
pub async fn forget_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM letter_category WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await
    .map(drop)
}

/// The categories of a letter.
pub async fn of_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Vec<Uuid>, DbError> {
    tx.fetch_all(
        "SELECT category_id FROM letter_category WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?
    .iter()
    .map(|row| row.id("category_id"))
    .collect()
}

/// Letters asked for in one statement.
pub const AT_ONCE: usize = 50;

/// The categories of up to [`AT_ONCE`] letters: pairs of letter and category, in no order.
pub async fn of_letters(tx: &mut Tx, mailbox: Uuid, letters: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, DbError> {
    // A shorter list is filled up with an id that no letter has.
    let filled = letters
        .iter()
        .copied()
        .chain(std::iter::repeat(Uuid::nil()))
        .take(AT_ONCE);
    let mut values = params![mailbox];
    values.extend(filled.map(Value::from));
    tx.fetch_all(
        "SELECT letter_id, category_id FROM letter_category
         WHERE mailbox_id = $1
           AND letter_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                             $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)",
        values,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("letter_id")?, row.id("category_id")?)))
    .collect()
}

/// Numbers (as search has them) of the letters that have a category.
pub async fn numbers(tx: &mut Tx, mailbox: Uuid, category: Uuid) -> Result<Vec<i64>, DbError> {
    tx.fetch_all(
        "SELECT l.number AS number FROM letter_category c
         JOIN letter l ON l.mailbox_id = c.mailbox_id AND l.id = c.letter_id
         WHERE c.mailbox_id = $1 AND c.category_id = $2 AND l.number IS NOT NULL",
        params![mailbox, category],
    )
    .await?
    .iter()
    .map(|row| row.int("number"))
    .collect()
}
