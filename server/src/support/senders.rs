//! Senders: who may send and by whom, what comes from each by the day, and what went wrong. Nothing of any letter or recipient; of letters to
//! fewer than five people a day only that they were few (decision 0022).

use super::SupportError;
use super::access::{Leave, OnDuty};
use super::numbers::{Told, last_days, number};
use crate::db::Tx;
use crate::domain::paging::{cut, one_more};
use crate::domain::sender_figure::SenderFigure;
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::record::party_index;
use crate::register::{Lists, Senders};
use crate::store;
use crate::store::call::CallOutcome;
use crate::store::seen_certificate::SeenRow;
use crate::store::sender_day::SenderDayRow;
use contracts::identifier::OrganisationNumber;
use std::collections::BTreeMap;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Senders on a page, and failures.
pub const PAGE: usize = 50;

/// Certificates of one sender that are shown.
const CERTIFICATES: i64 = 20;

/// Which list is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Approved senders.
    #[default]
    Senders,
    /// Mediators.
    Mediators,
}

/// How fresh what Authority told is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// When it was told, if ever.
    pub fetched_at: Option<OffsetDateTime>,
    /// Authority answered the last time that it was asked.
    pub fresh: bool,
}

impl Freshness {
    fn of(lists: &Lists) -> Self {
        Self {
            fetched_at: lists.fetched_at,
            fresh: lists.fresh,
        }
    }
}

/// An organisation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub number: OrganisationNumber,
    /// Its name; empty when it is not known.
    pub name: String,
    /// Of a mediator: for how many senders it may send.
    pub sends_for: Option<usize>,
}

/// A page of a list.
#[derive(Debug)]
pub struct List {
    /// By name.
    pub rows: Vec<Listed>,
    /// After whom the next page begins.
    pub next: Option<OrganisationNumber>,
    /// How many were found in all.
    pub found: usize,
    /// How fresh the list is.
    pub freshness: Freshness,
}

/// A call that got a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When it came.
    pub at: OffsetDateTime,
    /// Its id, as the sender's log has it.
    pub call_id: Uuid,
    /// The code of the fault.
    pub code: Option<u16>,
    /// Something of ours failed.
    pub ours: bool,
}

/// What comes from an organisation by the day.
#[derive(Debug)]
pub struct Days {
    /// The days, the latest last.
    pub days: Vec<Date>,
    /// Each figure, as it is told of each of the days.
    pub series: Vec<(SenderFigure, Vec<Told>)>,
    /// How many deliveries got each code in those days.
    pub codes: Vec<(u16, i64)>,
}

/// An organisation.
#[derive(Debug)]
pub struct Sender {
    /// Its number.
    pub number: OrganisationNumber,
    /// Its name, if Authority tells of it.
    pub name: Option<String>,
    /// It is an approved sender.
    pub approved: bool,
    /// Who may send for it.
    pub mediators: Vec<(OrganisationNumber, String)>,
    /// For how many it may send, if it is a mediator.
    pub sends_for: Option<usize>,
    /// How fresh that is.
    pub freshness: Freshness,
    /// What comes from it.
    pub days: Days,
    /// What went wrong, newest first.
    pub failures: Vec<Failure>,
    /// Before which call the next part begins.
    pub next: Option<Uuid>,
    /// Certificates of its that were seen.
    pub certificates: Vec<SeenRow>,
}

/// A page of a list, by name, of those that fit what is looked for.
pub async fn list(
    house: &House,
    duty: &OnDuty,
    senders: &Senders,
    (which, wanted): (Which, &str),
    after: Option<OrganisationNumber>,
) -> Result<List, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeSenders).await?;
    let lists = senders.lists();
    let mut found = found(&lists, which, wanted);
    let count = found.len();
    let begin = after
        .and_then(|after| found.iter().position(|one| one.number == after))
        .map_or(0, |place| place + 1);
    let (rows, next) = cut(found.split_off(begin), PAGE, |last| last.number);
    written(house, &leave, None).await?;
    Ok(List {
        rows,
        next,
        found: count,
        freshness: Freshness::of(&lists),
    })
}

/// One organisation, whether Authority tells of it or not.
pub async fn see(
    house: &House,
    duty: &OnDuty,
    senders: &Senders,
    number: Option<OrganisationNumber>,
    before: Option<Uuid>,
) -> Result<Option<Sender>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeSenders).await?;
    let Some(number) = number else { return Ok(None) };
    super::certificates::write(house).await?;
    let lists = senders.lists();
    let mut tx = house.db.begin().await?;
    let days = days(&mut tx, house, number).await?;
    let (failures, next) = failures(&mut tx, house, number, before).await?;
    let certificates = store::seen_certificate::of_organisation(&mut tx, &number.to_string(), CERTIFICATES).await?;
    leave.write(&mut tx, house, Some(number.to_string())).await?;
    tx.commit().await?;
    let as_sender = lists.senders().find(|(one, _)| *one == number);
    let as_mediator = lists.mediators().find(|(one, ..)| *one == number);
    let name = as_sender.map(|(_, name)| name).or(as_mediator.map(|(_, name, _)| name));
    let mediators = lists.mediators_of(number);
    Ok(Some(Sender {
        number,
        name: name.filter(|name| !name.is_empty()).map(str::to_owned),
        approved: lists.is_approved(number),
        mediators: mediators.map(|(number, name)| (number, name.to_owned())).collect(),
        sends_for: as_mediator.map(|(.., count)| count),
        freshness: Freshness::of(&lists),
        days,
        failures,
        next,
        certificates,
    }))
}

/// What comes from an organisation, to be taken along.
pub async fn export(
    house: &House,
    duty: &OnDuty,
    number: Option<OrganisationNumber>,
) -> Result<Option<Days>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::ExportSender).await?;
    let Some(number) = number else { return Ok(None) };
    let mut tx = house.db.begin().await?;
    let days = days(&mut tx, house, number).await?;
    leave.write(&mut tx, house, Some(number.to_string())).await?;
    tx.commit().await?;
    Ok(Some(days))
}

async fn written(house: &House, leave: &Leave, object: Option<String>) -> Result<(), SupportError> {
    let mut tx = house.db.begin().await?;
    leave.write(&mut tx, house, object).await?;
    Ok(tx.commit().await?)
}

/// Those whose name has the words, or whose number the digits, by name.
fn found(lists: &Lists, which: Which, wanted: &str) -> Vec<Listed> {
    let words = wanted.trim().to_lowercase();
    let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
    let fits = |number: OrganisationNumber, name: &str| {
        words.is_empty()
            || name.to_lowercase().contains(&words)
            || (!digits.is_empty() && number.to_string().contains(&digits))
    };
    let listed = |number, name: &str, sends_for| Listed {
        number,
        name: name.to_owned(),
        sends_for,
    };
    let mut found: Vec<_> = match which {
        Which::Senders => lists
            .senders()
            .filter(|(number, name)| fits(*number, name))
            .map(|(number, name)| listed(number, name, None))
            .collect(),
        Which::Mediators => lists
            .mediators()
            .filter(|(number, name, _)| fits(*number, name))
            .map(|(number, name, senders)| listed(number, name, Some(senders)))
            .collect(),
    };
    found.sort_by_cached_key(|one| (one.name.to_lowercase(), one.number));
    found
}

async fn days(tx: &mut Tx, house: &House, number: OrganisationNumber) -> Result<Days, SupportError> {
    let days = last_days(house.clock.now());
    let rows = match days.first() {
        Some(first) => store::sender_day::since(tx, party_index(&house.keys, number), *first).await?,
        None => Vec::new(),
    };
    let series = SenderFigure::all().map(|figure| (figure, days.iter().map(|day| told(&rows, *day, figure)).collect()));
    let mut codes: BTreeMap<u16, i64> = BTreeMap::new();
    for row in &rows {
        if let Ok(code @ 1..) = u16::try_from(row.code) {
            *codes.entry(code).or_default() += row.total;
        }
    }
    Ok(Days {
        series: series.collect(),
        codes: codes.into_iter().collect(),
        days,
    })
}

/// What may be told of a figure on a day: failures always, letters when enough people stand behind them.
fn told(rows: &[SenderDayRow], day: Date, figure: SenderFigure) -> Told {
    let day = day.to_string();
    let of_day = || rows.iter().filter(|row| row.day == day && row.figure == figure);
    let total = of_day().map(|row| row.total).sum();
    if figure.is_of_people() {
        let behind = of_day().map(|row| row.behind).max().unwrap_or(0);
        number(total, behind)
    } else {
        Told::Number(total)
    }
}

async fn failures(
    tx: &mut Tx,
    house: &House,
    number: OrganisationNumber,
    before: Option<Uuid>,
) -> Result<(Vec<Failure>, Option<Uuid>), SupportError> {
    let party = party_index(&house.keys, number);
    let rows = store::call::faults_of(tx, party, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let failures = rows.into_iter().map(|row| Failure {
        at: house.ids.moment(row.id).unwrap_or(OffsetDateTime::UNIX_EPOCH),
        call_id: row.call_id,
        code: row.code.and_then(|code| u16::try_from(code).ok()),
        ours: row.outcome == CallOutcome::Failed,
    });
    Ok((failures.collect(), next))
}
