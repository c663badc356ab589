//! The numbers: what happened by the day, and nothing of whom. A figure that fewer than five mailboxes stand behind is not told.
//!
//! They are counted in memory where they happen ([`crate::tally`]) and written from there now and then (decision 0024).

use super::SupportError;
use super::access::OnDuty;
use crate::domain::calendar::{day_in_sweden, first_moment_after};
use crate::domain::day_figure::DayFigure;
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::store::day_figure::{self as store, DayRow};
use crate::tally::{Counted, is_enough};
use std::collections::HashMap;
use std::time::Duration;
use time::{Date, OffsetDateTime};
use tokio_util::sync::CancellationToken;

/// Days that are told, today among them.
pub const DAYS: i64 = 30;

/// Days that are kept.
const KEPT: i64 = 400;

/// How often what was counted is written.
const EVERY: Duration = Duration::from_secs(10);

/// How often the mailboxes are counted, in such rounds.
const MAILBOXES_EVERY: u32 = 360;

/// What is told of a figure on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many; of letters that were opened, so many in a hundred.
    Number(i64),
    /// Fewer than five mailboxes stand behind it.
    Few,
    /// Its time is not over.
    NotYet,
    /// Nothing was counted.
    Nothing,
}

/// The numbers.
#[derive(Debug)]
pub struct Numbers {
    /// The days, the latest last.
    pub days: Vec<Date>,
    /// Each figure, as it is told of each of the days.
    pub series: Vec<(DayFigure, Vec<Told>)>,
}

/// The numbers of the last days, for a page.
pub async fn look(house: &House, duty: &OnDuty) -> Result<Numbers, SupportError> {
    numbers(house, duty, StaffAct::SeeNumbers).await
}

/// The same, to be taken along.
pub async fn export(house: &House, duty: &OnDuty) -> Result<Numbers, SupportError> {
    numbers(house, duty, StaffAct::ExportNumbers).await
}

async fn numbers(house: &House, duty: &OnDuty, act: StaffAct) -> Result<Numbers, SupportError> {
    let leave = duty.leave_to(house, act).await?;
    write(house).await?;
    count_mailboxes(house).await?;
    let now = house.clock.now();
    let days = last_days(now);
    let mut tx = house.db.begin().await?;
    let rows = match days.first() {
        Some(first) => store::since(&mut tx, *first).await?,
        None => Vec::new(),
    };
    leave.write(&mut tx, house, None).await?;
    tx.commit().await?;
    let known = Known::of(rows);
    let series =
        DayFigure::all().map(|figure| (figure, days.iter().map(|day| known.told(*day, figure, now)).collect()));
    Ok(Numbers {
        series: series.collect(),
        days,
    })
}

/// The last days, the latest last.
pub(super) fn last_days(now: OffsetDateTime) -> Vec<Date> {
    let today = day_in_sweden(now);
    (0..DAYS)
        .rev()
        .filter_map(|ago| today.checked_sub(time::Duration::days(ago)))
        .collect()
}

/// What is stored.
struct Known(HashMap<(String, String), DayRow>);

impl Known {
    fn of(rows: Vec<DayRow>) -> Self {
        Self(
            rows.into_iter()
                .map(|row| ((row.day.clone(), row.figure.clone()), row))
                .collect(),
        )
    }

    fn row(&self, day: Date, figure: DayFigure) -> Option<&DayRow> {
        self.0.get(&(day.to_string(), figure.as_str().to_owned()))
    }

    fn told(&self, day: Date, figure: DayFigure, now: OffsetDateTime) -> Told {
        // Mailboxes are counted on every day that the house is there: of other days nothing is known, not even that there was nothing.
        let Some(mailboxes) = self.row(day, DayFigure::Mailboxes) else {
            return Told::Nothing;
        };
        if figure == DayFigure::Mailboxes {
            return number(mailboxes.total, mailboxes.total);
        }
        match figure.grows_for() {
            None => shown(self.row(day, figure)),
            Some(span) if first_moment_after(day).is_none_or(|end| now < end + span) => Told::NotYet,
            Some(_) => share(shown(self.row(day, figure)), shown(self.row(day, DayFigure::Letters))),
        }
    }
}

/// What may be told of a figure: it, if enough mailboxes stand behind it; and that there was nothing.
fn shown(row: Option<&DayRow>) -> Told {
    row.map_or(Told::Number(0), |row| number(row.total, row.behind))
}

/// So many, if enough stand behind them.
pub(super) fn number(total: i64, behind: i64) -> Told {
    if total == 0 || is_enough(behind) {
        Told::Number(total)
    } else {
        Told::Few
    }
}

/// So many in a hundred. Letters that were imported are opened too, and came on no day: there are never more than all.
fn share(part: Told, whole: Told) -> Told {
    match (part, whole) {
        (Told::Few, _) | (_, Told::Few) => Told::Few,
        (Told::Number(part), Told::Number(whole)) if whole > 0 => {
            Told::Number(((part * 200 + whole) / (whole * 2)).min(100))
        }
        _ => Told::Nothing,
    }
}

/// Writes what was counted, now and then, until `stop`.
pub async fn keep_counting(house: House, stop: CancellationToken) {
    let mut round = 0_u32;
    loop {
        if let Err(error) = write(&house).await {
            tracing::warn!(%error, "what was counted could not be written; it waits");
        }
        if round.is_multiple_of(MAILBOXES_EVERY)
            && let Err(error) = count_mailboxes(&house).await
        {
            tracing::warn!(%error, "mailboxes could not be counted");
        }
        round = round.wrapping_add(1);
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Writes what was counted since the last time.
pub async fn write(house: &House) -> Result<(), SupportError> {
    let counted = house.tally.take();
    if counted.is_empty() {
        return Ok(());
    }
    let written = write_counted(house, &counted).await;
    if written.is_err() {
        house.tally.put_back(counted);
    }
    written
}

async fn write_counted(house: &House, counted: &Counted) -> Result<(), SupportError> {
    let mut tx = house.db.begin().await?;
    // In one order, whoever writes: two servers never wait for each other.
    for ((day, figure), count) in counted {
        store::add(&mut tx, *day, *figure, count.total).await?;
        if is_enough(store::count_behind(&mut tx, *day, *figure).await?) {
            continue;
        }
        for mailbox in &count.behind {
            let of = format!("{day}\n{}\n{mailbox}", figure.as_str());
            let token = house.keys.blind_index("day.behind", &of);
            store::stand_behind(&mut tx, *day, *figure, token).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Counts the open mailboxes of today, and forgets days of long ago.
async fn count_mailboxes(house: &House) -> Result<(), SupportError> {
    let today = day_in_sweden(house.clock.now());
    let mut tx = house.db.begin().await?;
    let open = store::open_mailboxes(&mut tx).await?;
    store::set(&mut tx, today, DayFigure::Mailboxes, open).await?;
    if let Some(before) = today.checked_sub(time::Duration::days(KEPT)) {
        store::forget(&mut tx, before).await?;
    }
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_what_may_be_told() {
        let number = Told::Number;
        assert_eq!(share(number(1), number(3)), number(33));
        assert_eq!(share(number(2), number(3)), number(67));
        assert_eq!(share(number(9), number(8)), number(100));
        assert_eq!(share(number(0), number(0)), Told::Nothing);
        assert_eq!(share(Told::Few, number(90)), Told::Few);
        assert_eq!(share(number(0), Told::Few), Told::Few);
    }
}
