//! `/admin/avsandare`: who may send, and who may send for others; from there to each of them, and to the certificates.

use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{ListFreshness, OrganisationList, OrganisationQuery, OrganisationRow, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The name of the mediators in addresses.
const MEDIATORS: &str = "formedlare";

/// The lists.
#[component]
pub(crate) fn StaffSenders() -> impl IntoView {
    let query = OrganisationQuery {
        mediators: asked("visa").as_deref() == Some(MEDIATORS),
        wanted: asked("q").unwrap_or_default(),
        after: asked("efter"),
    };
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.organisations(query.clone()).await?;
        let l = locale();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Senders) title=staff_title(l, td_string!(l, admin.senders))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.senders)}</h1>
                    <p class="lead">{td_string!(l, admin_senders.lead)}</p>
                </div>
                <div class="stack">
                    {fresh(l, page.freshness, now)}
                    {list(l, &query, page)}
                    <p><a class="btn calm" href="/admin/certifikat">{icon(Icon::Lock)}{td_string!(l, admin_senders.certificates)}</a></p>
                </div>
            </StaffPage>
        })
    })
}

/// From when the lists are.
pub(super) fn fresh(l: Locale, freshness: ListFreshness, now: OffsetDateTime) -> AnyView {
    let at = freshness
        .fetched_at
        .map(|at| Moment::new(at, now).in_sentence(l))
        .unwrap_or_default();
    match (freshness.fetched_at, freshness.fresh) {
        (None, _) => view! { <Note tone=Tone::Wrong text=td_string!(l, admin_senders.never)/> }.into_any(),
        (Some(_), false) => {
            view! { <Note tone=Tone::Wrong text=say!(l, admin_senders.from_memory, at = at)/> }.into_any()
        }
        (Some(_), true) => view! { <p class="muted">{say!(l, admin_senders.fresh, at = at)}</p> }.into_any(),
    }
}

/// The address of a list.
fn address(mediators: bool, wanted: &str, after: Option<&str>) -> String {
    let parts = [
        mediators.then(|| format!("visa={MEDIATORS}")),
        (!wanted.is_empty()).then(|| format!("q={}", words::segment(wanted))),
        after.map(|after| format!("efter={}", words::segment(after))),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "/admin/avsandare".to_owned()
    } else {
        format!("/admin/avsandare?{}", parts.join("&"))
    }
}

fn list(l: Locale, query: &OrganisationQuery, page: OrganisationList) -> AnyView {
    let found = words::number(l, page.found);
    let (heading, counted) = if query.mediators {
        (
            td_string!(l, admin_senders.mediators),
            say!(l, admin_senders.found_mediators, n = found),
        )
    } else {
        (
            td_string!(l, admin_senders.senders),
            say!(l, admin_senders.found_senders, n = found),
        )
    };
    let next = page
        .next
        .as_deref()
        .map(|next| address(query.mediators, &query.wanted, Some(next)));
    let looks = [
        (false, td_string!(l, admin_senders.senders)),
        (true, td_string!(l, admin_senders.mediators)),
    ];
    let content = if page.rows.is_empty() {
        let text = if query.wanted.is_empty() {
            td_string!(l, admin_senders.none)
        } else {
            td_string!(l, admin_senders.none_found)
        };
        view! { <p class="muted" role="status">{text}</p> }.into_any()
    } else {
        view! {
            <p class="muted">{counted}</p>
            {table(l, heading, page.rows)}
        }
        .into_any()
    };
    let mediators = query.mediators;
    view! {
        <section class="group stack" aria-labelledby="lista">
            <h2 id="lista">{heading}</h2>
            <ul class="chips" aria-label=td_string!(l, admin_senders.show)>
                {looks.into_iter().map(|(look, name)| view! {
                    <li><a class="chip" href=address(look, "", None) aria-current=(look == mediators).then_some("true")>{name}</a></li>
                }).collect_view()}
            </ul>
            <form method="get" action="/admin/avsandare" role="search">
                {mediators.then(|| view! { <input type="hidden" name="visa" value=MEDIATORS/> })}
                <div class="field">
                    <label for="q">{td_string!(l, admin_senders.wanted)}</label>
                    <input class="in" id="q" name="q" type="search" value=query.wanted.clone() maxlength="100" autocomplete="off" spellcheck="false"/>
                </div>
                <p><button class="btn">{td_string!(l, admin_senders.search)}</button></p>
            </form>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin_senders.more)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn table(l: Locale, caption: &'static str, rows: Vec<OrganisationRow>) -> AnyView {
    let counts = rows.iter().any(|row| row.sends_for.is_some());
    view! {
        <table class="table">
            <caption class="unseen">{caption}</caption>
            <thead><tr>
                <th scope="col">{td_string!(l, admin_senders.name)}</th>
                <th scope="col">{td_string!(l, admin_senders.number)}</th>
                {counts.then(|| view! { <th scope="col">{td_string!(l, admin_senders.sends_for)}</th> })}
            </tr></thead>
            <tbody>{rows.into_iter().map(|row| one(l, row)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn one(l: Locale, row: OrganisationRow) -> AnyView {
    let shown = row.shown.clone();
    let count = row.sends_for.map(|n| {
        view! { <td data-label=td_string!(l, admin_senders.sends_for) class="number">{words::number(l, n)}</td> }
    });
    view! {
        <tr>
            <td data-label=td_string!(l, admin_senders.name)>{link(l, row)}</td>
            <td data-label=td_string!(l, admin_senders.number)>{shown}</td>
            {count}
        </tr>
    }
    .into_any()
}

/// The way to an organisation's page, by its name.
pub(super) fn link(l: Locale, row: OrganisationRow) -> AnyView {
    let name = if row.name.is_empty() {
        say!(l, admin_senders.nameless, number = row.shown)
    } else {
        row.name
    };
    view! { <a href=format!("/admin/avsandare/{}", words::segment(&row.number))>{name}</a> }.into_any()
}
