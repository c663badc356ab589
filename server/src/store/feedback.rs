//! What people think of the service.

use crate::db::{DbError, Row, Tx};
use crate::domain::feedback_tag::Tag;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// How far a row has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Typed, and not right yet: kept for one page.
    Draft,
    /// Sent.
    New,
    /// Read, and answered when that was wanted.
    Done,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::New => "new",
            Self::Done => "done",
        }
    }
}

/// A row, its content sealed.
#[derive(Clone, Debug)]
pub struct FeedbackRow {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub state: State,
    /// The kind of page.
    pub page: String,
    /// Language of the pages.
    pub language: String,
    /// Sealed.
    pub content: Vec<u8>,
    /// When.
    pub at: OffsetDateTime,
    /// What it is about, once somebody has said so.
    pub tag: Option<Tag>,
}

fn read(row: &Row) -> Result<FeedbackRow, DbError> {
    Ok(FeedbackRow {
        id: row.id("id")?,
        state: match row.text("state")?.as_str() {
            "draft" => State::Draft,
            "new" => State::New,
            "done" => State::Done,
            _ => return Err(DbError::Column("state")),
        },
        page: row.text("page")?,
        language: row.text("language")?,
        content: row.blob("content")?,
        at: row.time("at")?,
        tag: row
            .maybe_text("tag")?
            .map(|tag| tag.parse().map_err(|()| DbError::Column("tag")))
            .transpose()?,
    })
}

/// Adds a row.
pub async fn insert(tx: &mut Tx, row: &FeedbackRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO feedback (id, state, page, language, content, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            row.id,
            row.state.as_str(),
            row.page.as_str(),
            row.language.as_str(),
            row.content.as_slice(),
            row.at
        ],
    )
    .await
    .map(drop)
}

/// Takes a draft: it can be taken once.
pub async fn take_draft(tx: &mut Tx, id: Uuid) -> Result<Option<FeedbackRow>, DbError> {
    tx.fetch_optional(
        "DELETE FROM feedback WHERE id = $1 AND state = 'draft' RETURNING id, state, page, language, content, at, tag",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Forgets drafts that nobody came back to.
pub async fn sweep_drafts(tx: &mut Tx, before: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM feedback WHERE state = 'draft' AND at < $1",
        params![before],
    )
    .await
}

/// How many rows there are of a state since then, counted to `most`.
pub async fn count_since(tx: &mut Tx, since: Uuid, most: i64) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT COUNT(*) AS rows FROM (SELECT id FROM feedback WHERE state IN ('new', 'draft', 'done') AND id > $1 LIMIT $2) AS newest",
            params![since, most],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("rows"))
}

/// Rows of a state, oldest first.
pub async fn of_state(tx: &mut Tx, state: State, limit: i64) -> Result<Vec<FeedbackRow>, DbError> {
    tx.fetch_all(
        "SELECT id, state, page, language, content, at, tag FROM feedback WHERE state = $1 ORDER BY id LIMIT $2",
        params![state.as_str(), limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One row that has been sent.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<FeedbackRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, state, page, language, content, at, tag FROM feedback WHERE id = $1 AND state <> 'draft'",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Says that somebody has taken care of it, and forgets the words and the address: `emptied` is what is left.
pub async fn end(tx: &mut Tx, id: Uuid, emptied: &[u8]) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE feedback SET state = 'done', content = $2 WHERE id = $1 AND state = 'new'",
            params![id, emptied],
        )
        .await?;
    Ok(touched > 0)
}

/// Those that nobody has taken care of after an id, oldest first.
pub async fn new_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<FeedbackRow>, DbError> {
    tx.fetch_all(
        "SELECT id, state, page, language, content, at, tag FROM feedback WHERE state = 'new' AND id > $1 ORDER BY id LIMIT $2",
        params![after, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The same of those without a tag.
pub async fn untagged_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<FeedbackRow>, DbError> {
    tx.fetch_all(
        "SELECT id, state, page, language, content, at, tag FROM feedback
         WHERE state = 'new' AND tag IS NULL AND id > $1 ORDER BY id LIMIT $2",
        params![after, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The same of those with a tag.
pub async fn tagged_after(tx: &mut Tx, tag: Tag, after: Uuid, limit: i64) -> Result<Vec<FeedbackRow>, DbError> {
    tx.fetch_all(
        "SELECT id, state, page, language, content, at, tag FROM feedback
         WHERE state = 'new' AND tag = $3 AND id > $1 ORDER BY id LIMIT $2",
        params![after, limit, tag.as_str()],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Says what one is about, or that nobody has said so. False when there is no such, or it is taken care of.
pub async fn set_tag(tx: &mut Tx, id: Uuid, tag: Option<Tag>) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE feedback SET tag = $2 WHERE id = $1 AND state = 'new'",
            params![id, tag.map(|tag| tag.as_str().to_owned())],
        )
        .await?;
    Ok(touched > 0)
}

/// How many there are of a tag, for figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagCount {
    /// Which tag.
    pub tag: Option<Tag>,
    /// Whether they are taken care of.
    pub done: bool,
    /// How many.
    pub count: i64,
}

/// How many have been sent after an id, by tag and by whether they are taken care of.
pub async fn counts(tx: &mut Tx, after: Uuid) -> Result<Vec<TagCount>, DbError> {
    tx.fetch_all(
        "SELECT tag, state, CAST(COUNT(*) AS BIGINT) AS opinions FROM feedback
         WHERE state <> 'draft' AND id > $1 GROUP BY tag, state ORDER BY tag, state",
        params![after],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(TagCount {
            tag: row
                .maybe_text("tag")?
                .map(|tag| tag.parse().map_err(|()| DbError::Column("tag")))
                .transpose()?,
            done: row.text("state")? == State::Done.as_str(),
            count: row.int("opinions")?,
        })
    })
    .collect()
}

/// How many nobody has taken care of.
pub async fn count_new(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS opinions FROM feedback WHERE state = 'new'",
            params![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("opinions"))
}
