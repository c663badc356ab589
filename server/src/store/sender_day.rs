//! What comes from a sender by the day: `sender_day`, and `sender_behind` with the first who stand behind each figure.

use crate::db::{DbError, Tx};
use crate::domain::sender_figure::SenderFigure;
use crate::params;
use time::Date;

/// What a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// Keyed hash of the organisation's number.
    pub party: [u8; 32],
    /// The day.
    pub day: Date,
    /// The figure.
    pub figure: SenderFigure,
}

/// A count of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderDayRow {
    /// The day, `2026-11-27`.
    pub day: String,
    /// The figure.
    pub figure: SenderFigure,
    /// The code of the fault; 0 without one.
    pub code: i64,
    /// How many.
    pub total: i64,
    /// How many are known to stand behind the figure.
    pub behind: i64,
}

/// Adds to a count.
pub async fn add(tx: &mut Tx, of: Of, code: i64, total: i64) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO sender_day (party_index, day, figure, code, total) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (party_index, day, figure, code) DO UPDATE SET total = sender_day.total + excluded.total",
        params![of.party, of.day.to_string(), of.figure.as_str(), code, total],
    )
    .await
    .map(drop)
}

/// How many are known to stand behind a figure.
pub async fn count_behind(tx: &mut Tx, of: Of) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT COUNT(*) AS n FROM sender_behind WHERE party_index = $1 AND day = $2 AND figure = $3",
            params![of.party, of.day.to_string(), of.figure.as_str()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// Somebody stands behind a figure: their token, which is another for each day, organisation and figure.
pub async fn stand_behind(tx: &mut Tx, of: Of, token: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO sender_behind (party_index, day, figure, token) VALUES ($1, $2, $3, $4)
         ON CONFLICT (party_index, day, figure, token) DO NOTHING",
        params![of.party, of.day.to_string(), of.figure.as_str(), token],
    )
    .await
    .map(drop)
}

/// Every count of an organisation from a day on.
pub async fn since(tx: &mut Tx, party: [u8; 32], day: Date) -> Result<Vec<SenderDayRow>, DbError> {
    let rows = tx
        .fetch_all(
            "SELECT d.day, d.figure, d.code, d.total,
                    (SELECT COUNT(*) FROM sender_behind b
                     WHERE b.party_index = d.party_index AND b.day = d.day AND b.figure = d.figure) AS behind
             FROM sender_day d WHERE d.party_index = $1 AND d.day >= $2 ORDER BY d.day, d.figure, d.code",
            params![party, day.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SenderDayRow {
                day: row.text("day")?,
                figure: row.text("figure")?.parse().map_err(|()| DbError::Column("figure"))?,
                code: row.int("code")?,
                total: row.int("total")?,
                behind: row.int("behind")?,
            })
        })
        .collect()
}

/// Forgets what is older than a day.
pub async fn forget(tx: &mut Tx, before: Date) -> Result<(), DbError> {
    let before = before.to_string();
    tx.execute("DELETE FROM sender_behind WHERE day < $1", params![before.clone()])
        .await?;
    tx.execute("DELETE FROM sender_day WHERE day < $1", params![before])
        .await
        .map(drop)
}
