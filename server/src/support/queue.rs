//! The queue: what work waits, what has failed and is tried again, what was given up. A job tells its kind and how it went, never whose it is.

use super::SupportError;
use super::access::OnDuty;
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::store;
use crate::store::job::{JobCount, JobRow, Show};
use uuid::Uuid;

/// Jobs on a page.
pub const PAGE: usize = 50;

/// A page of the queue.
#[derive(Debug)]
pub struct Queue {
    /// What there is, by kind and state.
    pub counts: Vec<JobCount>,
    /// The jobs that were asked for, the latest first.
    pub jobs: Vec<JobRow>,
    /// Before which job the next page begins.
    pub next: Option<Uuid>,
}

/// What is to be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retry {
    /// One job.
    One(Uuid),
    /// Everything of a kind that was given up.
    Kind(String),
    /// Everything that was given up.
    All,
}

/// A page of the queue.
pub async fn look(house: &House, duty: &OnDuty, show: Show, before: Option<Uuid>) -> Result<Queue, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeQueue).await?;
    let mut tx = house.db.begin().await?;
    let counts = store::job::counts(&mut tx).await?;
    let jobs = store::job::page(&mut tx, show, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    leave.write(&mut tx, house, Some(show.as_str().to_owned())).await?;
    tx.commit().await?;
    let (jobs, next) = cut(jobs, PAGE, |job| job.id);
    Ok(Queue { counts, jobs, next })
}

/// Has work tried again, from now and with all its tries; tells how much.
pub async fn retry(house: &House, duty: &OnDuty, what: &Retry) -> Result<u64, SupportError> {
    let leave = duty.leave_to(house, StaffAct::RetryJobs).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let (count, object) = match what {
        Retry::One(id) => (store::job::retry_one(&mut tx, *id, now).await?, id.to_string()),
        Retry::Kind(kind) => {
            let count = store::job::retry_kind(&mut tx, kind, now).await?;
            (count, format!("{count} {kind}"))
        }
        Retry::All => {
            let count = store::job::retry_failed(&mut tx, now).await?;
            (count, count.to_string())
        }
    };
    if count == 0 {
        return Ok(0);
    }
    leave.write(&mut tx, house, Some(object)).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(count)
}
