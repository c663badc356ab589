//! The index of search: which letters have a word, the words of a mailbox, and the text of letters. All of it sealed.

use super::letter::{LetterRow, read, select_letters};
use crate::db::{DbError, Row, Tx, Value};
use crate::domain::numbers::{BLOCK, place};
use crate::params;
use std::ops::RangeInclusive;
use time::OffsetDateTime;
use uuid::Uuid;

/// Words or letters asked for in one statement. A shorter list is filled up with its last.
pub const AT_ONCE: usize = 64;

/// Every block of a mailbox.
pub const EVERYWHERE: RangeInclusive<i64> = 0..=i64::MAX / BLOCK - 1;

/// Rows written in one statement.
pub const ROWS: usize = 32;

/// The letters of one block that have a word.
#[derive(Clone, Debug)]
pub struct PostingRow {
    /// The blinded word.
    pub token: i64,
    /// Which block.
    pub block: i64,
    /// Its letters, sealed.
    pub numbers: Vec<u8>,
}

/// Some of the words of a mailbox.
#[derive(Clone, Debug)]
pub struct WordsRow {
    /// Words, or figures.
    pub kind: i64,
    /// Which chunk.
    pub chunk: i64,
    /// The words, sealed.
    pub words: Vec<u8>,
}

/// A letter and its number.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// Its number.
    pub number: i64,
    /// Its row.
    pub letter: LetterRow,
}

/// The first values, then those of a list, filled up to [`AT_ONCE`] with its last.
fn listed(mut values: Vec<Value>, list: &[i64]) -> Vec<Value> {
    let last = list.last().copied().unwrap_or(-1);
    let filled = list.iter().copied().chain(std::iter::repeat(last)).take(AT_ONCE);
    values.extend(filled.map(Value::from));
    values
}

fn posting(row: &Row) -> Result<PostingRow, DbError> {
    Ok(PostingRow {
        token: row.int("token")?,
        block: row.int("block")?,
        numbers: row.blob("numbers")?,
    })
}

/// What some blocks have of up to [`AT_ONCE`] words.
pub async fn postings(
    tx: &mut Tx,
    mailbox: Uuid,
    tokens: &[i64],
    blocks: &RangeInclusive<i64>,
) -> Result<Vec<PostingRow>, DbError> {
    tx.fetch_all(
        "SELECT token, block, numbers FROM search_posting
         WHERE mailbox_id = $1 AND block >= $2 AND block <= $3
           AND token IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                         $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41,
                         $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59,
                         $60, $61, $62, $63, $64, $65, $66, $67)",
        listed(params![mailbox, *blocks.start(), *blocks.end()], tokens),
    )
    .await?
    .iter()
    .map(posting)
    .collect()
}

/// Which of up to [`AT_ONCE`] words the mailbox has at all.
pub async fn known(tx: &mut Tx, mailbox: Uuid, tokens: &[i64]) -> Result<Vec<i64>, DbError> {
    tx.fetch_all(
        "SELECT DISTINCT token FROM search_posting
         WHERE mailbox_id = $1
           AND token IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                         $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                         $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57,
                         $58, $59, $60, $61, $62, $63, $64, $65)",
        listed(params![mailbox], tokens),
    )
    .await?
    .iter()
    .map(|row| row.int("token"))
    .collect()
}

/// Writes rows, in the place of those that are there.
pub async fn put_postings(tx: &mut Tx, mailbox: Uuid, rows: Vec<PostingRow>) -> Result<(), DbError> {
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<PostingRow> = rows.by_ref().take(ROWS).collect();
        if some.len() == ROWS {
            let mut values = params![mailbox];
            for row in some {
                values.extend(params![row.token, row.block, row.numbers]);
            }
            tx.execute(
                "INSERT INTO search_posting (mailbox_id, token, block, numbers)
                 VALUES ($1, $2, $3, $4), ($1, $5, $6, $7), ($1, $8, $9, $10), ($1, $11, $12, $13), ($1, $14, $15, $16),
                 ($1, $17, $18, $19), ($1, $20, $21, $22), ($1, $23, $24, $25), ($1, $26, $27, $28),
                 ($1, $29, $30, $31), ($1, $32, $33, $34), ($1, $35, $36, $37), ($1, $38, $39, $40),
                 ($1, $41, $42, $43), ($1, $44, $45, $46), ($1, $47, $48, $49), ($1, $50, $51, $52),
                 ($1, $53, $54, $55), ($1, $56, $57, $58), ($1, $59, $60, $61), ($1, $62, $63, $64),
                 ($1, $65, $66, $67), ($1, $68, $69, $70), ($1, $71, $72, $73), ($1, $74, $75, $76),
                 ($1, $77, $78, $79), ($1, $80, $81, $82), ($1, $83, $84, $85), ($1, $86, $87, $88),
                 ($1, $89, $90, $91), ($1, $92, $93, $94), ($1, $95, $96, $97)
                 ON CONFLICT (mailbox_id, token, block) DO UPDATE SET numbers = excluded.numbers",
                values,
            )
            .await?;
            continue;
        }
        for row in some {
            tx.execute(
                "INSERT INTO search_posting (mailbox_id, token, block, numbers) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (mailbox_id, token, block) DO UPDATE SET numbers = excluded.numbers",
                params![mailbox, row.token, row.block, row.numbers],
            )
            .await?;
        }
        return Ok(());
    }
}

/// A word is in no letter of a block any more.
pub async fn remove_posting(tx: &mut Tx, mailbox: Uuid, token: i64, block: i64) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM search_posting WHERE mailbox_id = $1 AND token = $2 AND block = $3",
        params![mailbox, token, block],
    )
    .await
    .map(drop)
}

fn words_row(row: &Row) -> Result<WordsRow, DbError> {
    Ok(WordsRow {
        kind: row.int("kind")?,
        chunk: row.int("chunk")?,
        words: row.blob("words")?,
    })
}

/// Every word of a kind.
pub async fn words(tx: &mut Tx, mailbox: Uuid, kind: i64) -> Result<Vec<WordsRow>, DbError> {
    tx.fetch_all(
        "SELECT kind, chunk, words FROM search_words WHERE mailbox_id = $1 AND kind = $2 ORDER BY chunk",
        params![mailbox, kind],
    )
    .await?
    .iter()
    .map(words_row)
    .collect()
}

/// The chunk of a kind that was begun last.
pub async fn last_words(tx: &mut Tx, mailbox: Uuid, kind: i64) -> Result<Option<WordsRow>, DbError> {
    tx.fetch_optional(
        "SELECT kind, chunk, words FROM search_words WHERE mailbox_id = $1 AND kind = $2 ORDER BY chunk DESC LIMIT 1",
        params![mailbox, kind],
    )
    .await?
    .as_ref()
    .map(words_row)
    .transpose()
}

/// Writes a chunk of words, in the place of the one that is there.
pub async fn put_words(tx: &mut Tx, mailbox: Uuid, row: &WordsRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO search_words (mailbox_id, kind, chunk, words) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox_id, kind, chunk) DO UPDATE SET words = excluded.words",
        params![mailbox, row.kind, row.chunk, row.words.as_slice()],
    )
    .await
    .map(drop)
}

/// Keeps the text of a letter.
pub async fn put_text(tx: &mut Tx, mailbox: Uuid, letter: Uuid, text: &[u8]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO search_text (mailbox_id, letter_id, text) VALUES ($1, $2, $3)
         ON CONFLICT (mailbox_id, letter_id) DO UPDATE SET text = excluded.text",
        params![mailbox, letter, text],
    )
    .await
    .map(drop)
}

/// The text of a letter, sealed.
pub async fn text(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Option<Vec<u8>>, DbError> {
    tx.fetch_optional(
        "SELECT text FROM search_text WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?
    .map(|row| row.blob("text"))
    .transpose()
}

/// A letter's number and id, and its text, sealed.
#[derive(Clone, Debug)]
pub struct TextRow {
    /// Its number.
    pub number: i64,
    /// Its id.
    pub letter: Uuid,
    /// Its text, sealed.
    pub text: Vec<u8>,
}

/// The texts of the letters of up to [`AT_ONCE`] numbers, in no order.
pub async fn texts(tx: &mut Tx, mailbox: Uuid, numbers: &[i64]) -> Result<Vec<TextRow>, DbError> {
    tx.fetch_all(
        "SELECT l.number AS number, l.id AS id, t.text AS text
         FROM letter l JOIN search_text t ON t.mailbox_id = l.mailbox_id AND t.letter_id = l.id
         WHERE l.mailbox_id = $1
           AND l.number IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                            $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                            $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57,
                            $58, $59, $60, $61, $62, $63, $64, $65)",
        listed(params![mailbox], numbers),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(TextRow {
            number: row.int("number")?,
            letter: row.id("id")?,
            text: row.blob("text")?,
        })
    })
    .collect()
}

/// Takes away the text of a letter.
pub async fn remove_text(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM search_text WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await
    .map(drop)
}

/// The first mailbox after `after` with letters that are not indexed yet.
pub async fn waiting_mailbox(tx: &mut Tx, after: Uuid) -> Result<Option<Uuid>, DbError> {
    tx.fetch_optional(
        "SELECT mailbox_id FROM letter WHERE number IS NULL AND mailbox_id > $1 ORDER BY mailbox_id LIMIT 1",
        params![after],
    )
    .await?
    .map(|row| row.id("mailbox_id"))
    .transpose()
}

/// Letters of a mailbox that are not indexed yet, the oldest first.
pub async fn waiting(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<Vec<LetterRow>, DbError> {
    tx.fetch_all(
        select_letters!("WHERE mailbox_id = $1 AND number IS NULL ORDER BY id LIMIT $2"),
        params![mailbox, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// How many of a mailbox's letters are not indexed yet; no more than `limit` are counted.
pub async fn count_waiting(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS letters
             FROM (SELECT id FROM letter WHERE mailbox_id = $1 AND number IS NULL LIMIT $2) AS waiting",
            params![mailbox, limit],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("letters"))
}

/// How many letters of the whole house are not indexed yet, and since when the oldest has waited.
pub async fn backlog(tx: &mut Tx, limit: i64) -> Result<(i64, Option<OffsetDateTime>), DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS letters, CAST(MIN(received_at) AS BIGINT) AS oldest
             FROM (SELECT received_at FROM letter WHERE number IS NULL LIMIT $1) AS waiting",
            params![limit],
        )
        .await?;
    row.map_or(Ok((0, None)), |row| {
        Ok((row.int("letters")?, row.maybe_time("oldest")?))
    })
}

/// Takes the index of a mailbox for oneself until `until`; `false` when somebody else has it at `now`.
pub async fn lease(tx: &mut Tx, mailbox: Uuid, now: OffsetDateTime, until: OffsetDateTime) -> Result<bool, DbError> {
    tx.execute(
        "INSERT INTO search_index (mailbox_id, next_number, leased_until) VALUES ($1, 0, 0)
         ON CONFLICT (mailbox_id) DO NOTHING",
        params![mailbox],
    )
    .await?;
    let taken = tx
        .execute(
            "UPDATE search_index SET leased_until = $3 WHERE mailbox_id = $1 AND leased_until <= $2",
            params![mailbox, now, until],
        )
        .await?;
    Ok(taken > 0)
}

/// Others may take the index from `from` on.
pub async fn release(tx: &mut Tx, mailbox: Uuid, from: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE search_index SET leased_until = $2 WHERE mailbox_id = $1",
        params![mailbox, from],
    )
    .await
    .map(drop)
}

/// Takes the next `count` numbers; gives the first. The row is locked until the transaction ends.
pub async fn take_numbers(tx: &mut Tx, mailbox: Uuid, count: i64) -> Result<i64, DbError> {
    tx.execute(
        "UPDATE search_index SET next_number = next_number + $2 WHERE mailbox_id = $1",
        params![mailbox, count],
    )
    .await?;
    let row = tx
        .fetch_optional(
            "SELECT next_number FROM search_index WHERE mailbox_id = $1",
            params![mailbox],
        )
        .await?
        .ok_or(DbError::Column("next_number"))?;
    Ok(row.int("next_number")? - count)
}

/// Gives a letter its number; `false` when it has one, or is gone.
pub async fn set_number(
    tx: &mut Tx,
    mailbox: Uuid,
    letter: Uuid,
    number: i64,
    unreadable: i64,
    sender_index: Option<Vec<u8>>,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE letter SET number = $3, unreadable = $4, sender_index = COALESCE(sender_index, $5)
             WHERE mailbox_id = $1 AND id = $2 AND number IS NULL",
            params![mailbox, letter, number, unreadable, sender_index],
        )
        .await?;
    Ok(touched > 0)
}

/// The newest block that has letters; below zero when nothing is indexed.
pub async fn newest_block(tx: &mut Tx, mailbox: Uuid) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT next_number FROM search_index WHERE mailbox_id = $1",
            params![mailbox],
        )
        .await?;
    let next = row.map_or(Ok(0), |row| row.int("next_number"))?;
    Ok(place(next - 1).0)
}

/// The number of a letter, if it is indexed.
pub async fn number_of(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Option<i64>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT number FROM letter WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, letter],
        )
        .await?;
    Ok(row.map(|row| row.maybe_int("number")).transpose()?.flatten())
}

/// The number of the first letter from `from` on, by arrival.
pub async fn first_number_from(tx: &mut Tx, mailbox: Uuid, from: Uuid) -> Result<Option<i64>, DbError> {
    tx.fetch_optional(
        "SELECT number FROM letter WHERE mailbox_id = $1 AND id >= $2 AND number IS NOT NULL ORDER BY id LIMIT 1",
        params![mailbox, from],
    )
    .await?
    .map(|row| row.int("number"))
    .transpose()
}

/// The letters of up to [`AT_ONCE`] numbers, in no order.
pub async fn letters(tx: &mut Tx, mailbox: Uuid, numbers: &[i64]) -> Result<Vec<Numbered>, DbError> {
    tx.fetch_all(
        select_letters!(
            number,
            "WHERE mailbox_id = $1
           AND number IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                          $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                          $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57,
                          $58, $59, $60, $61, $62, $63, $64, $65)"
        ),
        listed(params![mailbox], numbers),
    )
    .await?
    .iter()
    .map(numbered)
    .collect()
}

fn numbered(row: &Row) -> Result<Numbered, DbError> {
    Ok(Numbered {
        number: row.int("number")?,
        letter: read(row)?,
    })
}

/// Numbers of the letters of some blocks that are in the bin.
pub async fn binned(tx: &mut Tx, mailbox: Uuid, blocks: &RangeInclusive<i64>) -> Result<Vec<i64>, DbError> {
    tx.fetch_all(
        "SELECT number FROM letter WHERE mailbox_id = $1 AND binned_at IS NOT NULL AND number >= $2 AND number < $3",
        params![mailbox, *blocks.start() * BLOCK, (*blocks.end() + 1) * BLOCK],
    )
    .await?
    .iter()
    .map(|row| row.int("number"))
    .collect()
}

/// Letters with attachments whose text is not searched, the newest first.
pub async fn unreadable(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<Vec<Numbered>, DbError> {
    tx.fetch_all(
        select_letters!(
            number,
            "WHERE mailbox_id = $1 AND unreadable > 0 AND binned_at IS NULL ORDER BY number DESC LIMIT $2"
        ),
        params![mailbox, limit],
    )
    .await?
    .iter()
    .map(numbered)
    .collect()
}

/// The newest letter of each sender, by the senders' blind indexes: at most `limit` senders. (By a cross join SQLite keeps to the order
/// that is written: left to choose, it walks through every letter of the mailbox and looks for each among the few.)
pub async fn newest_of_each_sender(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<Vec<LetterRow>, DbError> {
    tx.fetch_all(
        "WITH RECURSIVE senders (sender, id) AS (
             SELECT * FROM (SELECT sender_index, id FROM letter WHERE mailbox_id = $1 AND sender_index IS NOT NULL
                            ORDER BY sender_index DESC, id DESC LIMIT 1) AS newest
             UNION ALL
             SELECT (SELECT sender_index FROM letter WHERE mailbox_id = $1 AND sender_index < senders.sender
                     ORDER BY sender_index DESC, id DESC LIMIT 1),
                    (SELECT id FROM letter WHERE mailbox_id = $1 AND sender_index < senders.sender
                     ORDER BY sender_index DESC, id DESC LIMIT 1)
             FROM senders WHERE senders.sender IS NOT NULL
         )
         SELECT letter.id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index
         FROM senders CROSS JOIN letter WHERE letter.mailbox_id = $1 AND letter.id = senders.id LIMIT $2",
        params![mailbox, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}
