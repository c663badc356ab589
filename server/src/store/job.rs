//! Work to be done after a commit. A row is there until the work is done, or given up for people to see.

use crate::db::{DbError, Row, Turn, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A job as it is first written.
#[derive(Debug)]
pub struct NewJob {
    /// Its id.
    pub id: Uuid,
    /// Which kind of work; readable, for operators.
    pub kind: &'static str,
    /// What to do, sealed.
    pub payload: Vec<u8>,
    /// Not before.
    pub run_at: OffsetDateTime,
}

/// A job that this worker alone may do until its lease is over.
#[derive(Debug)]
pub struct ClaimedJob {
    /// Its id.
    pub id: Uuid,
    /// Which kind of work.
    pub kind: String,
    /// What to do, sealed.
    pub payload: Vec<u8>,
    /// Which try this is, from 1. A try that ended the process counts too.
    pub attempt: i64,
}

/// How many jobs of a kind are in a state, for figures.
#[derive(Debug)]
pub struct JobCount {
    /// Which kind.
    pub kind: String,
    /// `ready` or `failed`.
    pub state: String,
    /// How many.
    pub count: i64,
    /// When the one that has waited longest should have run.
    pub oldest: OffsetDateTime,
}

/// Adds a job, in the transaction that causes the work.
pub async fn insert(tx: &mut Tx, new: NewJob) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO job (id, kind, payload, state, attempts, run_at, leased_until)
         VALUES ($1, $2, $3, 'ready', 0, $4, 0)",
        params![new.id, new.kind, new.payload, new.run_at],
    )
    .await
    .map(drop)
}

/// The same for a job whose id follows from what it does: nothing when it is there already.
pub async fn insert_once(tx: &mut Tx, new: NewJob) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO job (id, kind, payload, state, attempts, run_at, leased_until)
         VALUES ($1, $2, $3, 'ready', 0, $4, 0)
         ON CONFLICT (id) DO NOTHING",
        params![new.id, new.kind, new.payload, new.run_at],
    )
    .await
    .map(drop)
}

/// Whether there is anything to take: a look that reads only.
pub async fn any_due(tx: &mut Tx, now: OffsetDateTime) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT id FROM job WHERE state = 'ready' AND run_at <= $1 AND leased_until < $1 LIMIT 1",
            params![now],
        )
        .await?
        .is_some())
}

/// Takes up to `limit` jobs that are due at `now`, for `lease` alone until `until`.
///
/// One at a time, in one statement, so that no two workers get the same job.
pub async fn claim(
    tx: &mut Tx,
    lease: Uuid,
    now: OffsetDateTime,
    until: OffsetDateTime,
    limit: i64,
) -> Result<Vec<ClaimedJob>, DbError> {
    tx.take_turn(Turn::ClaimJobs).await?;
    tx.fetch_all(
        "UPDATE job SET lease = $1, leased_until = $2, attempts = attempts + 1
         WHERE id IN (SELECT id FROM job WHERE state = 'ready' AND run_at <= $3 AND leased_until < $3
                      ORDER BY run_at LIMIT $4)
           AND state = 'ready' AND leased_until < $3
         RETURNING id, kind, payload, attempts",
        params![lease, until, now, limit],
    )
    .await?
    .iter()
    .map(|row: &Row| {
        Ok(ClaimedJob {
            id: row.id("id")?,
            kind: row.text("kind")?,
            payload: row.blob("payload")?,
            attempt: row.int("attempts")?,
        })
    })
    .collect()
}

/// The work is done: the row goes.
pub async fn done(tx: &mut Tx, id: Uuid, lease: Uuid) -> Result<(), DbError> {
    tx.execute("DELETE FROM job WHERE id = $1 AND lease = $2", params![id, lease])
        .await
        .map(drop)
}

/// This try failed; try again at `run_at`.
pub async fn again(tx: &mut Tx, id: Uuid, lease: Uuid, run_at: OffsetDateTime, error: &str) -> Result<(), DbError> {
    tx.execute(
        "UPDATE job SET run_at = $3, last_error = $4, leased_until = 0, lease = NULL WHERE id = $1 AND lease = $2",
        params![id, lease, run_at, error],
    )
    .await
    .map(drop)
}

/// What could be done is done, and there is more to do at `run_at`, with all tries.
pub async fn go_on(tx: &mut Tx, id: Uuid, lease: Uuid, run_at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE job SET run_at = $3, attempts = 0, leased_until = 0, lease = NULL WHERE id = $1 AND lease = $2",
        params![id, lease, run_at],
    )
    .await
    .map(drop)
}

/// No more tries; the row stays for people to see.
pub async fn give_up(tx: &mut Tx, id: Uuid, lease: Uuid, error: &str) -> Result<(), DbError> {
    tx.execute(
        "UPDATE job SET state = 'failed', last_error = $3, leased_until = 0, lease = NULL WHERE id = $1 AND lease = $2",
        params![id, lease, error],
    )
    .await
    .map(drop)
}

/// Gives back a job that was claimed and not begun: as if it had never been taken.
pub async fn give_back(tx: &mut Tx, id: Uuid, lease: Uuid) -> Result<(), DbError> {
    tx.execute(
        "UPDATE job SET attempts = attempts - 1, leased_until = 0, lease = NULL WHERE id = $1 AND lease = $2",
        params![id, lease],
    )
    .await
    .map(drop)
}

/// Makes every job that was given up ready again, with all its tries; tells how many.
pub async fn retry_failed(tx: &mut Tx, now: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE job SET state = 'ready', attempts = 0, run_at = $1 WHERE state = 'failed'",
        params![now],
    )
    .await
}

/// What there is, by kind and state.
pub async fn counts(tx: &mut Tx) -> Result<Vec<JobCount>, DbError> {
    tx.fetch_all(
        "SELECT kind, state, CAST(COUNT(*) AS BIGINT) AS jobs, CAST(MIN(run_at) AS BIGINT) AS oldest
         FROM job GROUP BY kind, state ORDER BY kind, state",
        params![],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(JobCount {
            kind: row.text("kind")?,
            state: row.text("state")?,
            count: row.int("jobs")?,
            oldest: row.time("oldest")?,
        })
    })
    .collect()
}

/// The jobs that were given up: id, kind, tries and the last error, oldest first.
pub async fn failed(tx: &mut Tx, limit: i64) -> Result<Vec<(Uuid, String, i64, Option<String>)>, DbError> {
    tx.fetch_all(
        "SELECT id, kind, attempts, last_error FROM job WHERE state = 'failed' ORDER BY run_at LIMIT $1",
        params![limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.id("id")?,
            row.text("kind")?,
            row.int("attempts")?,
            row.maybe_text("last_error")?,
        ))
    })
    .collect()
}

/// Makes one job ready again, with all its tries, from now: one that was given up, or that waits for its next try. One that a worker has in
/// hand is left alone. Tells how many: none or one.
pub async fn retry_one(tx: &mut Tx, id: Uuid, now: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE job SET state = 'ready', attempts = 0, run_at = $2
         WHERE id = $1 AND (state = 'failed' OR (state = 'ready' AND attempts > 0 AND leased_until < $2))",
        params![id, now],
    )
    .await
}

/// Makes every job of a kind that was given up ready again, with all its tries; tells how many.
pub async fn retry_kind(tx: &mut Tx, kind: &str, now: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE job SET state = 'ready', attempts = 0, run_at = $2 WHERE state = 'failed' AND kind = $1",
        params![kind, now],
    )
    .await
}

/// Which jobs are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Those that were given up.
    GivenUp,
    /// Those that failed and are tried again.
    Again,
    /// Every one that is not given up.
    Waiting,
}

impl Show {
    /// A word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenUp => "given-up",
            Self::Again => "again",
            Self::Waiting => "waiting",
        }
    }
}

/// A job as people see it: what it is to do stays sealed.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its id.
    pub id: Uuid,
    /// Which kind of work.
    pub kind: String,
    /// How many tries there have been.
    pub attempts: i64,
    /// When it should run, or should have run.
    pub run_at: OffsetDateTime,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// The jobs with the greatest ids before one. One statement for each kind of look, so that each finds its index.
pub async fn page(tx: &mut Tx, show: Show, before: Uuid, limit: i64) -> Result<Vec<JobRow>, DbError> {
    let sql = match show {
        Show::GivenUp => {
            "SELECT id, kind, attempts, run_at, last_error FROM job WHERE state = 'failed' AND id < $1 ORDER BY id DESC LIMIT $2"
        }
        Show::Again => {
            "SELECT id, kind, attempts, run_at, last_error FROM job
             WHERE state = 'ready' AND attempts > 0 AND id < $1 ORDER BY id DESC LIMIT $2"
        }
        Show::Waiting => {
            "SELECT id, kind, attempts, run_at, last_error FROM job WHERE state = 'ready' AND id < $1 ORDER BY id DESC LIMIT $2"
        }
    };
    tx.fetch_all(sql, params![before, limit])
        .await?
        .iter()
        .map(|row| {
            Ok(JobRow {
                id: row.id("id")?,
                kind: row.text("kind")?,
                attempts: row.int("attempts")?,
                run_at: row.time("run_at")?,
                last_error: row.maybe_text("last_error")?,
            })
        })
        .collect()
}

/// How many have failed and are tried again.
pub async fn count_again(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS jobs FROM job WHERE state = 'ready' AND attempts > 0",
            params![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("jobs"))
}

/// How many should have run by now, and since when the first of them.
pub async fn late(tx: &mut Tx, now: OffsetDateTime) -> Result<(i64, Option<OffsetDateTime>), DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS jobs, CAST(MIN(run_at) AS BIGINT) AS oldest FROM job WHERE state = 'ready' AND run_at <= $1",
            params![now],
        )
        .await?;
    match row {
        Some(row) => Ok((row.int("jobs")?, row.maybe_time("oldest")?)),
        None => Ok((0, None)),
    }
}
