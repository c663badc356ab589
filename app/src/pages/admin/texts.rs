//! `/admin/texter`: help, news and banners, with what is shown now and what is to come.

use super::kind_name;
use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{StaffRoom, StaffText, StaffTextKind, TextVersion, TextWhen};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The texts.
#[component]
pub(crate) fn StaffTexts() -> impl IntoView {
    let wrong = asked("fel");
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let texts = staff.texts().await?;
        let l = locale();
        let note = wrong.as_deref().map(|wrong| match wrong {
            "roll" => td_string!(l, admin.not_allowed_text),
            _ => td_string!(l, admin.failed),
        });
        let groups = [StaffTextKind::Banner, StaffTextKind::News, StaffTextKind::Help];
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Texts) title=staff_title(l, td_string!(l, admin.texts))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.texts)}</h1>
                    <p class="lead">{td_string!(l, admin_texts.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {groups.into_iter().map(|kind| group(l, kind, &texts, now)).collect_view()}
                </div>
            </StaffPage>
        })
    })
}

fn group(l: Locale, kind: StaffTextKind, texts: &[StaffText], now: OffsetDateTime) -> AnyView {
    let of_kind: Vec<_> = texts.iter().filter(|text| text.kind == kind).collect();
    let id = kind_name(kind);
    let (heading, new, none) = match kind {
        StaffTextKind::Banner => (
            td_string!(l, admin_texts.banners),
            td_string!(l, admin_texts.new_banner),
            td_string!(l, admin_texts.no_banners),
        ),
        StaffTextKind::News => (
            td_string!(l, admin_texts.news),
            td_string!(l, admin_texts.new_news),
            td_string!(l, admin_texts.no_news),
        ),
        StaffTextKind::Help => (
            td_string!(l, admin_texts.help),
            td_string!(l, admin_texts.new_help),
            td_string!(l, admin_texts.no_help),
        ),
    };
    let class = if kind == StaffTextKind::Banner {
        "btn"
    } else {
        "btn calm"
    };
    view! {
        <section class="group" aria-labelledby=id>
            <div class="title-line">
                <h2 id=id>{heading}</h2>
                <a class=class href=format!("/admin/texter/skriv?slag={id}")>{icon(Icon::Plus)}{new}</a>
            </div>
            {if of_kind.is_empty() {
                view! { <p class="muted">{none}</p> }.into_any()
            } else {
                view! { <ul class="links">{of_kind.into_iter().map(|text| one(l, text, now)).collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn one(l: Locale, text: &StaffText, now: OffsetDateTime) -> AnyView {
    let titled = text
        .versions
        .iter()
        .find(|version| version.language == "sv" && !version.title.is_empty());
    let titled = titled.or_else(|| text.versions.iter().find(|version| !version.title.is_empty()));
    let title = titled.map_or_else(|| text.name.clone(), |version| version.title.clone());
    let lang = titled.map(|version| version.language.clone());
    let lines: Vec<_> = text
        .versions
        .iter()
        .map(|version| standing(l, text, version, now))
        .collect();
    let own = lines.is_empty().then(|| td_string!(l, admin_texts.houses));
    view! {
        <li><a class="link-row" href=format!("/admin/texter/{}/{}", kind_name(text.kind), words::segment(&text.name))>
            {icon(Icon::File)}
            <span>
                <strong lang=lang>{title}</strong>
                {lines.into_iter().map(|(line, due)| view! { <small class:due=due>{line}</small> }).collect_view()}
                {own.map(|own| view! { <small>{own}</small> })}
            </span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}

/// How a version stands, in a sentence; and whether it is one that people see above everything.
pub(super) fn standing(l: Locale, text: &StaffText, version: &TextVersion, now: OffsetDateTime) -> (String, bool) {
    let language = match version.language.as_str() {
        "en" => td_string!(l, admin_texts.in_english),
        _ => td_string!(l, admin_texts.in_swedish),
    };
    let from = Moment::new(version.from, now);
    let from = match version.when {
        TextWhen::Coming => from.in_future(l),
        TextWhen::Now | TextWhen::Past => from.in_letter(l),
    };
    let until = version.until.map(|until| Moment::new(until, now).in_future(l));
    let line = match (version.when, version.withdrawn, until) {
        (TextWhen::Now, true, _) => say!(l, admin_texts.away, language = language, from = from),
        (TextWhen::Now, false, Some(until)) => {
            say!(
                l,
                admin_texts.shown_until,
                language = language,
                from = from,
                until = until
            )
        }
        (TextWhen::Now, false, None) => say!(l, admin_texts.shown, language = language, from = from),
        (TextWhen::Coming, true, _) => say!(l, admin_texts.goes, language = language, from = from),
        (TextWhen::Coming, false, _) => say!(l, admin_texts.comes, language = language, from = from),
        (TextWhen::Past, ..) => say!(l, admin_texts.was, language = language, from = from),
    };
    let seen = version.when == TextWhen::Now && !version.withdrawn && text.kind == StaffTextKind::Banner;
    (line, seen)
}
