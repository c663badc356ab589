//! The lists of an account: where its holder is reached, what was told, where they are logged in, what came.

use super::account::{button, when, when_inside};
use crate::i18n::Locale;
use crate::pages::notice_log::{in_words, notice_kind};
use crate::parts::{Icon, icon};
use crate::ports::{
    AccountContact, AccountFrom, AccountNotice, AccountSession, Arrived, ArrivedState, Channel, ContactStands,
    NoticeState,
};
use crate::words::{self, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A way to somebody in words.
pub(super) fn channel_name(l: Locale, channel: Channel) -> &'static str {
    match channel {
        Channel::Email => td_string!(l, accounts.by_email),
        Channel::Sms => td_string!(l, accounts.by_sms),
        Channel::Push => td_string!(l, accounts.by_push),
    }
}

/// Where the holder is reached, masked.
pub(super) fn contacts(l: Locale, look: &str, contacts: Option<Vec<AccountContact>>, now: OffsetDateTime) -> AnyView {
    let Some(contacts) = contacts else {
        return ().into_any();
    };
    let content = if contacts.is_empty() {
        view! { <p class="muted">{td_string!(l, accounts.no_contacts)}</p> }.into_any()
    } else {
        let rows = contacts.into_iter().map(|contact| {
            let shown = words::reached(l, &contact.shown);
            let label = say!(l, accounts.ask_again_which, address = shown);
            let again = (contact.channel != Channel::Push)
                .then(|| button(look, "bekrafta", contact.handle, td_string!(l, accounts.ask_again), label));
            view! {
                <tr>
                    <td data-label=td_string!(l, accounts.address)><span>{channel_name(l, contact.channel)}" "<strong>{shown}</strong></span></td>
                    <td data-label=td_string!(l, accounts.stands)>{stands(l, contact.stands, now)}</td>
                    <td data-label=td_string!(l, accounts.act)>{again}</td>
                </tr>
            }
        });
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, accounts.contacts)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, accounts.address)}</th>
                    <th scope="col">{td_string!(l, accounts.stands)}</th>
                    <th scope="col">{td_string!(l, accounts.act)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <p class="small muted">{td_string!(l, accounts.ask_again_text)}</p>
        }
        .into_any()
    };
    view! {
        <section class="group stack" aria-labelledby="kontakt">
            <h2 id="kontakt">{td_string!(l, accounts.contacts)}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn stands(l: Locale, stands: ContactStands, now: OffsetDateTime) -> AnyView {
    match stands {
        ContactStands::Confirmed(at) => {
            view! { <span class="good">{td_string!(l, accounts.confirmed)}" "{when_inside(l, at, now)}</span> }.into_any()
        }
        ContactStands::Waiting => view! { <span>{td_string!(l, accounts.unconfirmed)}</span> }.into_any(),
        ContactStands::Broken(at, number) => {
            view! { <span class="bad">{td_string!(l, accounts.broken)}" "{when_inside(l, at, now)}" ("{number}")"</span> }
                .into_any()
        }
    }
}

/// What was told, and how that went.
pub(super) fn notices(
    l: Locale,
    look: &str,
    (rows, more): (Vec<AccountNotice>, Option<String>),
    from: &AccountFrom,
    now: OffsetDateTime,
) -> AnyView {
    let next = more.map(|more| {
        let from = AccountFrom {
            notices: Some(more),
            ..from.clone()
        };
        address(look, &from, "aviseringar")
    });
    let content = if rows.is_empty() {
        view! { <p class="muted">{td_string!(l, accounts.no_notices)}</p> }.into_any()
    } else {
        view! {
            <table class="table log">
                <caption class="unseen">{td_string!(l, accounts.notices)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, notices.when)}</th>
                    <th scope="col">{td_string!(l, notices.what)}</th>
                    <th scope="col">{td_string!(l, notices.to)}</th>
                    <th scope="col">{td_string!(l, notices.state)}</th>
                    <th scope="col">{td_string!(l, accounts.act)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| notice(l, look, row, now)).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="group stack" aria-labelledby="aviseringar">
            <h2 id="aviseringar">{td_string!(l, accounts.notices)}</h2>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, accounts.older_notices)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn notice(l: Locale, look: &str, row: AccountNotice, now: OffsetDateTime) -> AnyView {
    let what = notice_kind(l, row.kind, row.letters);
    let to = row.to.map(|(channel, to)| {
        let to = words::reached(l, &to);
        view! { <span>{channel_name(l, channel)}" "{to}</span> }
    });
    let label = say!(l, accounts.resend_which, what = what);
    let again = row
        .again
        .then(|| button(look, "avisera", row.handle, td_string!(l, accounts.resend), label));
    let means = row
        .means
        .map(|(channel, means)| view! { <small>{in_words(l, channel, means)}</small> });
    let arrived = row
        .arrived
        .map(|at| view! { <small>{td_string!(l, accounts.arrived)}" "{when_inside(l, at, now)}</small> });
    view! {
        <tr>
            <td data-label=td_string!(l, notices.when)>{when(l, row.at, now)}</td>
            <td class="what" data-label=td_string!(l, notices.what)><span>{what.clone()}</span></td>
            <td data-label=td_string!(l, notices.to)>{to}</td>
            <td data-label=td_string!(l, notices.state)><span>{notice_state(l, row.state, row.attempts)}{arrived}{means}</span></td>
            <td data-label=td_string!(l, accounts.act)>{again}</td>
        </tr>
    }
    .into_any()
}

/// What became of a notice.
pub(super) fn notice_state(l: Locale, state: NoticeState, attempts: u32) -> String {
    match state {
        NoticeState::Waiting if attempts == 0 => td_string!(l, notices.waiting).to_owned(),
        NoticeState::Waiting => say!(l, notices.waiting_again, n = attempts),
        NoticeState::Sent => td_string!(l, notices.sent).to_owned(),
        NoticeState::Failed if attempts > 1 => say!(l, notices.failed_after, n = attempts),
        NoticeState::Failed => td_string!(l, notices.failed).to_owned(),
        NoticeState::NotNeeded => td_string!(l, notices.not_needed).to_owned(),
    }
}

/// Where the holder is logged in.
pub(super) fn sessions(l: Locale, look: &str, rows: Vec<AccountSession>, now: OffsetDateTime) -> AnyView {
    let many = rows.len() > 1;
    let content = if rows.is_empty() {
        view! { <p class="muted">{td_string!(l, accounts.no_sessions)}</p> }.into_any()
    } else {
        let rows = rows.into_iter().map(|row| {
            let device = row.device.unwrap_or_else(|| td_string!(l, accounts.a_session).to_owned());
            let label = say!(l, accounts.end_which, device = device);
            view! {
                <li>
                    <div class="title-line">
                        <p>
                            <strong>{device.clone()}</strong>
                            <small class="muted">
                                {td_string!(l, accounts.since)}" "{when_inside(l, row.since, now)}" · "{td_string!(l, accounts.seen)}" "{when_inside(l, row.seen, now)}
                            </small>
                        </p>
                        {button(look, "logga-ut", row.handle, td_string!(l, accounts.end), label)}
                    </div>
                </li>
            }
        });
        view! { <ul class="jobs">{rows.collect_view()}</ul> }.into_any()
    };
    let all = many.then(|| {
        let label = td_string!(l, accounts.end_all).to_owned();
        button(
            look,
            "logga-ut-alla",
            String::new(),
            td_string!(l, accounts.end_all),
            label,
        )
    });
    view! {
        <section class="group stack" aria-labelledby="inloggad">
            <div class="title-line">
                <h2 id="inloggad">{td_string!(l, accounts.sessions)}</h2>
                {all}
            </div>
            {content}
        </section>
    }
    .into_any()
}

/// What came: when, and what became of it. Not from whom.
pub(super) fn arrivals(
    l: Locale,
    look: &str,
    (rows, more): (Vec<Arrived>, Option<String>),
    from: &AccountFrom,
    now: OffsetDateTime,
) -> AnyView {
    let next = more.map(|more| {
        let from = AccountFrom {
            arrivals: Some(more),
            ..from.clone()
        };
        address(look, &from, "leveranser")
    });
    let content = if rows.is_empty() {
        view! { <p class="muted">{td_string!(l, accounts.no_arrivals)}</p> }.into_any()
    } else {
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, accounts.arrivals)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, accounts.came)}</th>
                    <th scope="col">{td_string!(l, accounts.stands)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|row| view! {
                    <tr>
                        <td data-label=td_string!(l, accounts.came)>{when(l, row.at, now)}</td>
                        <td data-label=td_string!(l, accounts.stands)>{arrived_state(l, row.state)}</td>
                    </tr>
                }).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="group stack" aria-labelledby="leveranser">
            <h2 id="leveranser">{td_string!(l, accounts.arrivals)}</h2>
            <p class="small muted">{td_string!(l, accounts.arrivals_text)}</p>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, accounts.older_arrivals)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

/// What became of something that came.
pub(super) fn arrived_state(l: Locale, state: ArrivedState) -> &'static str {
    match state {
        ArrivedState::Unread => td_string!(l, accounts.unread),
        ArrivedState::Read => td_string!(l, accounts.read),
        ArrivedState::Binned => td_string!(l, accounts.binned),
    }
}

fn address(look: &str, from: &AccountFrom, place: &str) -> String {
    let parts: Vec<_> = [("aviseringar", &from.notices), ("leveranser", &from.arrivals)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", words::segment(value.as_deref()?))))
        .collect();
    format!("/admin/konto/{}?{}#{place}", words::segment(look), parts.join("&"))
}
