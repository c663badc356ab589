//! The audit log, for auditors: a page at a time, by act, by person, by account or by day; and as a file.

use super::SupportError;
use super::access::OnDuty;
use super::register::opened;
use crate::audit::{self, Details, Found};
use crate::db::from_micros;
use crate::domain::audit::{ActingAs, AuditAct};
use crate::domain::calendar::first_moment_after;
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::store;
use crate::store::audit::{AuditRow, Filter};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Rows on a page.
pub const PAGE: usize = 50;

/// Rows that an export reads at a time.
const BATCH: i64 = 500;

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of one act.
    pub act: Option<AuditAct>,
    /// By one of the staff.
    pub staff: Option<Uuid>,
    /// About one mailbox.
    pub account: Option<Uuid>,
    /// To the end of this day, in Sweden.
    pub until: Option<Date>,
    /// Older than this row.
    pub before: Option<i64>,
}

impl Query {
    /// The first of what it asks for: one at a time finds its index.
    fn filter(&self) -> Filter {
        match *self {
            Self { act: Some(act), .. } => Filter::Act(act.as_str()),
            Self { staff: Some(staff), .. } => Filter::Staff(staff),
            Self {
                account: Some(account), ..
            } => Filter::Account(account),
            _ => Filter::All,
        }
    }

    fn object(&self) -> Option<String> {
        let until = self.until.map(|day| format!("until {day}"));
        let what = match self.filter() {
            Filter::All => None,
            Filter::Act(act) => Some(act.to_owned()),
            Filter::Staff(staff) => Some(format!("staff {staff}")),
            Filter::Account(account) => Some(format!("account {account}")),
        };
        let words: Vec<_> = what.into_iter().chain(until).collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

/// A row, told. What in it does not hold is told by a walk alone.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: OffsetDateTime,
    /// What; none when it is no act that we know.
    pub act: Option<AuditAct>,
    /// The name it is stored under.
    pub act_name: String,
    /// In which right.
    pub right: Option<ActingAs>,
    /// Who of the staff.
    pub staff: Option<Uuid>,
    /// Which mailbox.
    pub account: Option<Uuid>,
    /// What of the house.
    pub object: Option<String>,
    /// What names a person.
    pub details: Details,
    /// Its hash.
    pub hash: String,
}

/// A page of the log.
#[derive(Debug)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<Told>,
    /// Before which row the next page begins.
    pub next: Option<i64>,
    /// Everybody of the staff, to choose among.
    pub staff: Vec<(Uuid, String)>,
    /// Whether the log is whole, when that was asked.
    pub walk: Option<Found>,
}

/// A page of the log. With `walk` the whole log is walked too.
pub async fn page(house: &House, duty: &OnDuty, query: Query, walk: bool) -> Result<Page, SupportError> {
    let leave = duty.leave_to(house, StaffAct::ReadAudit).await?;
    let mut tx = house.db.begin().await?;
    let before = before(&mut tx, &query).await?;
    let rows = store::audit::page(&mut tx, query.filter(), before, one_more(PAGE)).await?;
    let mut staff = Vec::new();
    for row in store::staff::all(&mut tx).await? {
        staff.push((row.id, opened(house, &row)?.name));
    }
    leave.write(&mut tx, house, query.object()).await?;
    tx.commit().await?;
    let (rows, next) = cut(rows, PAGE, |row| row.number);
    let walk = if walk {
        Some(audit::verify(&house.db, &house.keys, None).await?)
    } else {
        None
    };
    Ok(Page {
        rows: rows.into_iter().map(|row| told(house, row)).collect(),
        next,
        staff,
        walk,
    })
}

/// Leave to take along what the query asks for; from which row it goes back.
pub async fn begin_export(house: &House, duty: &OnDuty, query: Query) -> Result<i64, SupportError> {
    let leave = duty.leave_to(house, StaffAct::ExportAudit).await?;
    let mut tx = house.db.begin().await?;
    let before = before(&mut tx, &query).await?;
    leave.write(&mut tx, house, query.object()).await?;
    tx.commit().await?;
    Ok(before)
}

/// The next rows of an export before a row, newest first.
pub async fn export(house: &House, query: &Query, before: i64) -> Result<Vec<Told>, SupportError> {
    let mut tx = house.db.read().await?;
    let rows = store::audit::page(&mut tx, query.filter(), before, BATCH).await?;
    Ok(rows.into_iter().map(|row| told(house, row)).collect())
}

/// The number that rows must be under.
async fn before(tx: &mut crate::db::Tx, query: &Query) -> Result<i64, SupportError> {
    let mut before = query.before.unwrap_or(i64::MAX);
    if let Some(end) = query.until.and_then(first_moment_after)
        && let Some(first) = store::audit::first_since(tx, end).await?
    {
        before = before.min(first);
    }
    Ok(before)
}

/// Details that cannot be opened are left out: a row that somebody has changed must not keep an auditor from the others.
fn told(house: &House, row: AuditRow) -> Told {
    let id = |bytes: &Option<Vec<u8>>| bytes.as_deref().and_then(|bytes| Uuid::from_slice(bytes).ok());
    Told {
        number: row.number,
        at: from_micros(row.at),
        act: row.act.parse().ok(),
        right: row.capacity.parse().ok(),
        staff: id(&row.staff),
        account: id(&row.account),
        details: audit::details(&house.keys, &row).unwrap_or_default(),
        hash: hex::encode(&row.hash),
        act_name: row.act,
        object: row.object,
    }
}
