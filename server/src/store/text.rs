//! Versions of texts. Rows are only added.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRow {
    /// Its id.
    pub id: Uuid,
    /// `help`, `news` or `banner`.
    pub kind: String,
    /// The text's name in addresses.
    pub slug: String,
    /// `sv` or `en`.
    pub language: String,
    /// Whether this version takes the text away.
    pub withdrawn: bool,
    /// Its heading.
    pub title: String,
    /// As it was written.
    pub markdown: String,
    /// From when it is shown.
    pub shown_from: OffsetDateTime,
    /// When it is gone, if it ends by itself.
    pub shown_until: Option<OffsetDateTime>,
    /// When it was written.
    pub written_at: OffsetDateTime,
}

fn read(row: &Row) -> Result<TextRow, DbError> {
    Ok(TextRow {
        id: row.id("id")?,
        kind: row.text("kind")?,
        slug: row.text("slug")?,
        language: row.text("language")?,
        withdrawn: match row.text("state")?.as_str() {
            "published" => false,
            "withdrawn" => true,
            _ => return Err(DbError::Column("state")),
        },
        title: row.text("title")?,
        markdown: row.text("markdown")?,
        shown_from: row.time("shown_from")?,
        shown_until: row.maybe_time("shown_until")?,
        written_at: row.time("written_at")?,
    })
}

/// Adds a version.
pub async fn insert(tx: &mut Tx, text: &TextRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO text_version (id, kind, slug, language, state, title, markdown, shown_from, written_at, shown_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            text.id,
            text.kind.as_str(),
            text.slug.as_str(),
            text.language.as_str(),
            if text.withdrawn { "withdrawn" } else { "published" },
            text.title.as_str(),
            text.markdown.as_str(),
            text.shown_from,
            text.written_at,
            text.shown_until
        ],
    )
    .await
    .map(drop)
}

/// The versions of one kind that are shown now: of each text and language the newest whose time has come, newest first; none
/// of a text whose newest has ended.
pub async fn shown(tx: &mut Tx, kind: &str, now: OffsetDateTime) -> Result<Vec<TextRow>, DbError> {
    tx.fetch_all(
        "SELECT id, kind, slug, language, state, title, markdown, shown_from, shown_until, written_at FROM text_version AS this
         WHERE kind = $1 AND state = 'published' AND shown_from <= $2 AND (shown_until IS NULL OR shown_until > $2)
           AND NOT EXISTS (
             SELECT 1 FROM text_version AS later
             WHERE later.kind = this.kind AND later.slug = this.slug AND later.language = this.language AND later.shown_from <= $2
               AND (later.shown_from > this.shown_from OR (later.shown_from = this.shown_from AND later.id > this.id))
         )
         ORDER BY shown_from DESC, id DESC",
        params![kind, now],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The texts of one kind that staff have written or taken away, by name and language.
pub async fn decided(tx: &mut Tx, kind: &str, now: OffsetDateTime) -> Result<Vec<(String, String)>, DbError> {
    tx.fetch_all(
        "SELECT DISTINCT slug, language FROM text_version WHERE kind = $1 AND shown_from <= $2",
        params![kind, now],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("slug")?, row.text("language")?)))
    .collect()
}

/// Every version of a text, newest first.
pub async fn versions(tx: &mut Tx, kind: &str, slug: &str) -> Result<Vec<TextRow>, DbError> {
    tx.fetch_all(
        "SELECT id, kind, slug, language, state, title, markdown, shown_from, shown_until, written_at FROM text_version
         WHERE kind = $1 AND slug = $2 ORDER BY language, shown_from DESC, id DESC",
        params![kind, slug],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Every version of every text, newest first, at most `limit`.
pub async fn all(tx: &mut Tx, limit: i64) -> Result<Vec<TextRow>, DbError> {
    tx.fetch_all(
        "SELECT id, kind, slug, language, state, title, markdown, shown_from, shown_until, written_at FROM text_version
         ORDER BY kind, slug, language, shown_from DESC, id DESC LIMIT $1",
        params![limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}
