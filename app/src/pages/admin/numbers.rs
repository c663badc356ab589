//! `/admin/siffror`: what happened on each of the last days, as pictures, as tables and as a file.

use crate::i18n::Locale;
use crate::parts::{Bar, Icon, StaffPage, StaffPlace, bars, highest, icon, staff_loaded, staff_title};
use crate::ports::{NumberKind, NumberTold, NumbersPage, StaffRoom};
use crate::request::{locale, staff};
use crate::words::{self, day_with_year, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::Date;

/// What belongs together: its name in the page, and its numbers.
const GROUPS: [(&str, &[NumberKind]); 4] = [
    ("brev", &[NumberKind::Mailboxes, NumberKind::Letters]),
    ("oppnade", &[NumberKind::OpenedInDay, NumberKind::OpenedInWeek]),
    (
        "aviseringar",
        &[
            NumberKind::NoticesSent,
            NumberKind::NoticesArrived,
            NumberKind::NoticesFailed,
            NumberKind::NoticesNotNeeded,
        ],
    ),
    (
        "sokningar",
        &[
            NumberKind::SearchesTenth,
            NumberKind::SearchesHalf,
            NumberKind::SearchesTwo,
            NumberKind::SearchesLonger,
        ],
    ),
];

/// The numbers.
#[component]
pub(crate) fn StaffNumbers() -> impl IntoView {
    staff_loaded(async move {
        let staff = staff()?;
        let viewer = staff.viewer();
        let page = staff.numbers().await?;
        let l = locale();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Numbers) title=staff_title(l, td_string!(l, admin.numbers))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.numbers)}</h1>
                    <p class="lead">{td_string!(l, admin_numbers.lead)}</p>
                </div>
                <div class="stack">
                    {GROUPS.iter().map(|(name, kinds)| group(l, name, kinds, &page)).collect_view()}
                    {page.may_export.then(|| file(l))}
                </div>
            </StaffPage>
        })
    })
}

fn file(l: Locale) -> AnyView {
    view! {
        <section class="group" aria-labelledby="fil">
            <h2 id="fil">{td_string!(l, admin_numbers.file)}</h2>
            <p>{td_string!(l, admin_numbers.file_text)}</p>
            <p><a class="btn calm" href="/admin/siffror.csv" download="siffror.csv">{icon(Icon::Download)}{td_string!(l, admin_numbers.csv)}</a></p>
        </section>
    }
    .into_any()
}

fn group(l: Locale, name: &'static str, kinds: &[NumberKind], page: &NumbersPage) -> AnyView {
    let heading = heading(l, name);
    let series: Vec<_> = page
        .series
        .iter()
        .filter(|(kind, _)| kinds.contains(kind))
        .map(|(kind, told)| ByDay {
            name: kind_name(l, *kind),
            told,
            is_share: is_share(*kind),
            few: td_string!(l, admin_numbers.few),
        })
        .collect();
    let pictures: Vec<_> = series.iter().map(|one| picture(l, one, &page.days)).collect();
    let text = (name == "oppnade").then(|| td_string!(l, admin_numbers.opened_text));
    view! {
        <section class="group" aria-labelledby=name>
            <h2 id=name>{heading}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            <div class="charts">{pictures}</div>
            <details class="unfold">
                <summary>{say!(l, admin_numbers.table, what = heading)}</summary>
                {table(l, heading, &series, &page.days)}
            </details>
        </section>
    }
    .into_any()
}

/// A number by the day, under its name.
pub(super) struct ByDay<'a> {
    /// The name.
    pub(super) name: &'static str,
    /// What is told of each day.
    pub(super) told: &'a [NumberTold],
    /// It is so many in a hundred.
    pub(super) is_share: bool,
    /// What is said of a few.
    pub(super) few: &'static str,
}

/// A number by the day as a picture.
pub(super) fn picture(l: Locale, one: &ByDay<'_>, days: &[Date]) -> AnyView {
    let name = one.name;
    let all: Vec<_> = one.told.iter().copied().map(bar).collect();
    let top = highest(&all);
    let best = all
        .iter()
        .zip(days)
        .rev()
        .find(|(bar, _)| top > 0 && **bar == Bar::High(top));
    let most = match best {
        Some((_, day)) => say!(
            l,
            admin_numbers.most,
            n = amount(l, one.is_share, top),
            day = day_with_year(l, *day)
        ),
        None if all.contains(&Bar::Untold) => one.few.to_owned(),
        None => td_string!(l, admin_numbers.none).to_owned(),
    };
    let is_empty = all.iter().all(|bar| matches!(bar, Bar::Gap | Bar::High(0)));
    let label = say!(l, admin_numbers.chart, what = name, most = most);
    // A share is of a hundred, and looks like it.
    let full = if one.is_share { 100 } else { 0 };
    let ends = [days.first(), days.last()].map(|day| day.map(|day| day_with_year(l, *day)));
    let [first, last] = ends;
    view! {
        <figure>
            <figcaption><strong>{name}</strong><small class="muted">{most}</small></figcaption>
            {(!is_empty).then(|| view! {
                {bars(&all, full, label)}
                <p class="chart-days" aria-hidden="true"><span>{first}</span><span>{last}</span></p>
            })}
        </figure>
    }
    .into_any()
}

fn bar(told: NumberTold) -> Bar {
    match told {
        NumberTold::Number(n) => Bar::High(n),
        NumberTold::Few => Bar::Untold,
        NumberTold::NotYet | NumberTold::Nothing => Bar::Gap,
    }
}

/// Numbers by the day as a table, the latest day first.
pub(super) fn table(l: Locale, caption: &'static str, series: &[ByDay<'_>], days: &[Date]) -> AnyView {
    let heads: Vec<_> = series
        .iter()
        .map(|one| view! { <th scope="col">{one.name}</th> })
        .collect();
    let rows: Vec<_> = days
        .iter()
        .enumerate()
        .rev()
        .map(|(place, day)| {
            let cells: Vec<_> = series
                .iter()
                .map(|one| {
                    let told = one.told.get(place).copied().unwrap_or(NumberTold::Nothing);
                    view! { <td data-label=one.name class="number">{said(l, one, told)}</td> }
                })
                .collect();
            view! {
                <tr>
                    <td data-label=td_string!(l, admin_numbers.day)><time datetime=day.to_string()>{day_with_year(l, *day)}</time></td>
                    {cells}
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table numbers">
            <caption class="unseen">{caption}</caption>
            <thead><tr><th scope="col">{td_string!(l, admin_numbers.day)}</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn said(l: Locale, one: &ByDay<'_>, told: NumberTold) -> String {
    match told {
        NumberTold::Number(n) => amount(l, one.is_share, n),
        NumberTold::Few => one.few.to_owned(),
        NumberTold::NotYet => td_string!(l, admin_numbers.not_yet).to_owned(),
        NumberTold::Nothing => td_string!(l, admin_numbers.nothing).to_owned(),
    }
}

fn amount(l: Locale, is_share: bool, n: u64) -> String {
    if is_share {
        say!(l, admin_numbers.percent, n = n)
    } else {
        words::number(l, n)
    }
}

fn is_share(kind: NumberKind) -> bool {
    matches!(kind, NumberKind::OpenedInDay | NumberKind::OpenedInWeek)
}

fn heading(l: Locale, group: &str) -> &'static str {
    match group {
        "brev" => td_string!(l, admin_numbers.mail),
        "oppnade" => td_string!(l, admin_numbers.opened),
        "aviseringar" => td_string!(l, admin_numbers.notices),
        _ => td_string!(l, admin_numbers.searches),
    }
}

fn kind_name(l: Locale, kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::Mailboxes => td_string!(l, admin_numbers.mailboxes),
        NumberKind::Letters => td_string!(l, admin_numbers.letters),
        NumberKind::OpenedInDay => td_string!(l, admin_numbers.opened_in_day),
        NumberKind::OpenedInWeek => td_string!(l, admin_numbers.opened_in_week),
        NumberKind::NoticesSent => td_string!(l, admin_numbers.notices_sent),
        NumberKind::NoticesArrived => td_string!(l, admin_numbers.notices_arrived),
        NumberKind::NoticesFailed => td_string!(l, admin_numbers.notices_failed),
        NumberKind::NoticesNotNeeded => td_string!(l, admin_numbers.notices_not_needed),
        NumberKind::SearchesTenth => td_string!(l, admin_numbers.searches_tenth),
        NumberKind::SearchesHalf => td_string!(l, admin_numbers.searches_half),
        NumberKind::SearchesTwo => td_string!(l, admin_numbers.searches_two),
        NumberKind::SearchesLonger => td_string!(l, admin_numbers.searches_longer),
    }
}
