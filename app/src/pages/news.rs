//! `/nyheter` and `/hjalp/{name}`: texts that the operator's staff write, and help that the house brings.

use crate::i18n::Locale;
use crate::parts::{Icon, SharedPage, icon, loaded};
use crate::ports::{PortError, Text, TextKind, TextRow};
use crate::request::{language, locale, public, to, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

/// The news.
#[component]
pub(crate) fn NewsPage() -> impl IntoView {
    loaded(async move {
        let now = visit()?.now;
        let news = public()?.texts(TextKind::News).await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, news.title), td_string!(l, brand.name));
        Ok(view! {
            <SharedPage title>
                <div class="page-head"><h1>{td_string!(l, news.title)}</h1></div>
                {if news.is_empty() {
                    view! { <p class="muted">{td_string!(l, news.none)}</p> }.into_any()
                } else {
                    view! { <ul class="group links">{news.into_iter().map(|text| news_row(l, text, now)).collect_view()}</ul> }.into_any()
                }}
            </SharedPage>
        })
    })
}

fn news_row(l: Locale, text: TextRow, now: OffsetDateTime) -> AnyView {
    let at = text.shown_from.map(|from| Moment::new(from, now));
    let lang = foreign(&text);
    view! {
        <li><a class="link-row" href=to(format!("/nyheter/{}", text.name))>
            {icon(Icon::File)}
            <span>
                <strong lang=lang>{text.title}</strong>
                {at.map(|at| view! { <small><time datetime=at.machine()>{at.date_in_full(l)}</time></small> })}
            </span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}

/// One piece of news.
#[component]
pub(crate) fn NewsText() -> impl IntoView {
    let name = named();
    loaded(async move {
        let now = visit()?.now;
        let text = public()?.text(TextKind::News, name?).await?;
        let l = locale();
        let date = text.row.shown_from.map(|from| {
            let at = Moment::new(from, now);
            view! { <p class="small muted"><time datetime=at.machine()>{at.date_in_full(l)}</time></p> }.into_any()
        });
        Ok(page(l, text, "/nyheter", td_string!(l, news.title), date))
    })
}

/// A text of the help.
#[component]
pub(crate) fn HelpText() -> impl IntoView {
    let name = named();
    loaded(async move {
        let now = visit()?.now;
        let text = public()?.text(TextKind::Help, name?).await?;
        let l = locale();
        let date = text.row.shown_from.map(|from| {
            let changed = Moment::new(from, now).date_in_full(l);
            view! { <p class="small muted">{say!(l, help.changed, date = changed)}</p> }.into_any()
        });
        Ok(page(l, text, "/hjalp", td_string!(l, help.title), date))
    })
}

/// The texts of the help, for its first page; the list of keys is one of them.
pub(super) fn help_texts(l: Locale, texts: Vec<TextRow>) -> AnyView {
    view! {
        <nav class="group links" aria-labelledby="fler">
            <h2 id="fler">{td_string!(l, help.more)}</h2>
            <ul>
                {texts.into_iter().map(help_row).collect_view()}
                <li><a class="link-row" href=to("/hjalp/tangenter")>{icon(Icon::Help)}<strong>{td_string!(l, keys.title)}</strong>{icon(Icon::Right)}</a></li>
            </ul>
        </nav>
    }
    .into_any()
}

fn help_row(text: TextRow) -> AnyView {
    let lang = foreign(&text);
    view! {
        <li><a class="link-row" href=to(format!("/hjalp/{}", text.name))>
            {icon(Icon::Help)}
            <strong lang=lang>{text.title}</strong>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}

fn named() -> Result<String, PortError> {
    use_params_map().read_untracked().get("name").ok_or(PortError::NotFound)
}

/// The language of a text that is not in the page's.
fn foreign(text: &TextRow) -> Option<String> {
    (text.language != language().tag()).then(|| text.language.clone())
}

fn page(l: Locale, text: Text, up: &'static str, up_name: &'static str, date: Option<AnyView>) -> AnyView {
    let lang = foreign(&text.row);
    let only = lang
        .is_some()
        .then(|| view! { <p class="small muted">{td_string!(l, news.only_swedish)}</p> });
    let title = format!("{} – {} – {}", text.row.title, up_name, td_string!(l, brand.name));
    view! {
        <SharedPage title>
            <a class="crumb" href=to(up)>{icon(Icon::Left)}{up_name}</a>
            <article class="written">
                <h1 lang=lang.clone()>{text.row.title}</h1>
                {date}
                {only}
                <div class="stack" lang=lang inner_html=text.html></div>
            </article>
        </SharedPage>
    }
    .into_any()
}
