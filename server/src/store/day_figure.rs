//! Figures by the day: `day_figure`, and `day_behind` with the first mailboxes that stand behind each.

use crate::db::{DbError, Row, Tx};
use crate::domain::day_figure::DayFigure;
use crate::params;
use time::Date;

/// A figure of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// The day, `2026-11-27`.
    pub day: String,
    /// The name of the figure.
    pub figure: String,
    /// How many.
    pub total: i64,
    /// How many mailboxes are known to stand behind it.
    pub behind: i64,
}

fn read(row: &Row) -> Result<DayRow, DbError> {
    Ok(DayRow {
        day: row.text("day")?,
        figure: row.text("figure")?,
        total: row.int("total")?,
        behind: row.int("behind")?,
    })
}

/// Adds to a figure.
pub async fn add(tx: &mut Tx, day: Date, figure: DayFigure, total: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO day_figure (day, figure, total) VALUES ($1, $2, $3)
         ON CONFLICT (day, figure) DO UPDATE SET total = day_figure.total + excluded.total",
        params![day.to_string(), figure.as_str(), total],
    )
    .await
    .map(drop)
}

/// Sets a figure that is looked up rather than counted.
pub async fn set(tx: &mut Tx, day: Date, figure: DayFigure, total: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO day_figure (day, figure, total) VALUES ($1, $2, $3)
         ON CONFLICT (day, figure) DO UPDATE SET total = excluded.total",
        params![day.to_string(), figure.as_str(), total],
    )
    .await
    .map(drop)
}

/// How many mailboxes are known to stand behind a figure.
pub async fn count_behind(tx: &mut Tx, day: Date, figure: DayFigure) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT COUNT(*) AS n FROM day_behind WHERE day = $1 AND figure = $2",
            params![day.to_string(), figure.as_str()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// A mailbox stands behind a figure: its token, which is another for each day and figure.
pub async fn stand_behind(tx: &mut Tx, day: Date, figure: DayFigure, token: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO day_behind (day, figure, token) VALUES ($1, $2, $3) ON CONFLICT (day, figure, token) DO NOTHING",
        params![day.to_string(), figure.as_str(), token],
    )
    .await
    .map(drop)
}

/// Every figure from a day on.
pub async fn since(tx: &mut Tx, day: Date) -> Result<Vec<DayRow>, DbError> {
    let rows = tx
        .fetch_all(
            "SELECT day, figure, total,
                    (SELECT COUNT(*) FROM day_behind WHERE day_behind.day = day_figure.day AND day_behind.figure = day_figure.figure) AS behind
             FROM day_figure WHERE day >= $1 ORDER BY day, figure",
            params![day.to_string()],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Forgets what is older than a day.
pub async fn forget(tx: &mut Tx, before: Date) -> Result<(), DbError> {
    let before = before.to_string();
    tx.execute("DELETE FROM day_behind WHERE day < $1", params![before.clone()])
        .await?;
    tx.execute("DELETE FROM day_figure WHERE day < $1", params![before])
        .await
        .map(drop)
}

/// How many mailboxes are open.
pub async fn open_mailboxes(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional("SELECT COUNT(*) AS n FROM mailbox WHERE state = 'open'", params![])
        .await?;
    row.map_or(Ok(0), |row| row.int("n"))
}
