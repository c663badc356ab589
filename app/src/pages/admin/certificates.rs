//! `/admin/certifikat`: certificates by when they end: those we have at hand, and those that others have shown.

use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, StaffPage, StaffPlace, icon, small_icon, staff_loaded, staff_title};
use crate::ports::{
    CertificateEnd, CertificateNearness, CertificateSeen, CertificateUse, HeldCertificate, SeenCertificate, StaffRoom,
};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, day_with_year, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page.
#[component]
pub(crate) fn StaffCertificates() -> impl IntoView {
    let after = asked("efter");
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.certificates(after).await?;
        let l = locale();
        let title = td_string!(l, admin_certificates.title);
        let next = page
            .next
            .as_deref()
            .map(|next| format!("/admin/certifikat?efter={}", words::segment(next)));
        let held = page.first.then(|| at_hand(l, page.held, now));
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Senders) title=staff_title(l, title)>
                <a class="crumb" href="/admin/avsandare">{icon(Icon::Left)}{td_string!(l, admin.senders)}</a>
                <div class="page-head">
                    <h1>{title}</h1>
                    <p class="lead">{td_string!(l, admin_certificates.lead)}</p>
                </div>
                <div class="stack">
                    {held}
                    <section class="group" aria-labelledby="sedda">
                        <h2 id="sedda">{td_string!(l, admin_certificates.seen)}</h2>
                        <p>{td_string!(l, admin_certificates.seen_text)}</p>
                        {seen_table(l, td_string!(l, admin_certificates.seen), page.seen)}
                        {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin_certificates.more)}{icon(Icon::Right)}</a></p> })}
                    </section>
                </div>
            </StaffPage>
        })
    })
}

fn at_hand(l: Locale, held: Vec<HeldCertificate>, now: OffsetDateTime) -> AnyView {
    let content = if held.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_certificates.none)}</p> }.into_any()
    } else {
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, admin_certificates.held)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, admin_certificates.purpose)}</th>
                    <th scope="col">{td_string!(l, admin_certificates.subject)}</th>
                    <th scope="col">{td_string!(l, admin_certificates.ends)}</th>
                </tr></thead>
                <tbody>{held.into_iter().map(|one| held_row(l, one, now)).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="group" aria-labelledby="egna">
            <h2 id="egna">{td_string!(l, admin_certificates.held)}</h2>
            <p>{td_string!(l, admin_certificates.held_text)}</p>
            {content}
        </section>
    }
    .into_any()
}

fn held_row(l: Locale, held: HeldCertificate, now: OffsetDateTime) -> AnyView {
    let end = match held.end {
        Some(end) => ends(l, end, now),
        None => view! { <span class="bad">{td_string!(l, admin_certificates.unread)}</span> }.into_any(),
    };
    view! {
        <tr>
            <td data-label=td_string!(l, admin_certificates.purpose)>{purpose(l, held.purpose)}</td>
            <td data-label=td_string!(l, admin_certificates.subject)>{named(l, held.subject, held.issuer)}</td>
            <td data-label=td_string!(l, admin_certificates.ends)>{end}</td>
        </tr>
    }
    .into_any()
}

/// Certificates that were seen.
pub(super) fn seen_table(l: Locale, caption: &'static str, seen: Vec<SeenCertificate>) -> AnyView {
    if seen.is_empty() {
        return view! { <p class="muted">{td_string!(l, admin_certificates.none_seen)}</p> }.into_any();
    }
    let now = visit().map_or(OffsetDateTime::UNIX_EPOCH, |visit| visit.now);
    view! {
        <table class="table">
            <caption class="unseen">{caption}</caption>
            <thead><tr>
                <th scope="col">{td_string!(l, admin_certificates.subject)}</th>
                <th scope="col">{td_string!(l, admin_certificates.seen_as)}</th>
                <th scope="col">{td_string!(l, admin_certificates.ends)}</th>
            </tr></thead>
            <tbody>{seen.into_iter().map(|one| seen_row(l, one, now)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn seen_row(l: Locale, seen: SeenCertificate, now: OffsetDateTime) -> AnyView {
    let organisation = seen.organisation.map(|(number, shown)| {
        view! { " "<a href=format!("/admin/avsandare/{}", words::segment(&number))>{shown}</a> }
    });
    let place = match seen.seen {
        CertificateSeen::Connection => td_string!(l, admin_certificates.as_connection),
        CertificateSeen::Signature => td_string!(l, admin_certificates.as_signature),
        CertificateSeen::Seal => td_string!(l, admin_certificates.as_seal),
    };
    let days = say!(
        l,
        admin_certificates.seen_days,
        first = day_with_year(l, seen.first_seen),
        last = day_with_year(l, seen.last_seen)
    );
    view! {
        <tr>
            <td data-label=td_string!(l, admin_certificates.subject)>
                <span>{named(l, seen.subject, seen.issuer)}{organisation}" "<small class="id">{seen.fingerprint}</small></span>
            </td>
            <td data-label=td_string!(l, admin_certificates.seen_as)><span>{place}" "<small class="muted">{days}</small></span></td>
            <td data-label=td_string!(l, admin_certificates.ends)>{ends(l, seen.end, now)}</td>
        </tr>
    }
    .into_any()
}

fn named(l: Locale, subject: String, issuer: String) -> AnyView {
    let issuer = (!issuer.is_empty()).then(|| say!(l, admin_certificates.issued_by, issuer = issuer));
    view! { <span>{subject}{issuer.map(|issuer| view! { " "<small class="muted">{issuer}</small> })}</span> }.into_any()
}

/// When something ends, and how many days are left: in words, where it is near.
fn ends(l: Locale, end: CertificateEnd, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(end.at, now);
    let left = match end.days {
        ..0 => td_string!(l, admin_certificates.over).to_owned(),
        0 => td_string!(l, admin_certificates.left_today).to_owned(),
        1 => td_string!(l, admin_certificates.left_one).to_owned(),
        n => say!(l, admin_certificates.left_many, n = n),
    };
    let (class, said) = match end.nearness {
        CertificateNearness::Over => ("bad", None),
        CertificateNearness::Alarm => ("bad", Some(td_string!(l, admin_certificates.alarm))),
        CertificateNearness::Warning => ("due", Some(td_string!(l, admin_certificates.warning))),
        CertificateNearness::Far => ("muted", None),
    };
    let sign = (class == "bad").then(|| small_icon(Icon::Alert));
    view! {
        <span>
            <time datetime=at.machine()>{at.date_in_full(l)}</time>" "
            <small class=class>{sign}{left}{said.map(|said| view! { " "{said} })}</small>
        </span>
    }
    .into_any()
}

fn purpose(l: Locale, purpose: CertificateUse) -> &'static str {
    match purpose {
        CertificateUse::Service => td_string!(l, admin_certificates.for_service),
        CertificateUse::Register => td_string!(l, admin_certificates.for_register),
        CertificateUse::LoginSigning => td_string!(l, admin_certificates.for_login_signing),
        CertificateUse::LoginEncryption => td_string!(l, admin_certificates.for_login_encryption),
        CertificateUse::ConnectionAuthority => td_string!(l, admin_certificates.for_connections),
        CertificateUse::SigningAuthority => td_string!(l, admin_certificates.for_signatures),
        CertificateUse::RegisterAuthority => td_string!(l, admin_certificates.for_registers),
        CertificateUse::IdentityProvider => td_string!(l, admin_certificates.for_provider),
    }
}
