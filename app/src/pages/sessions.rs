//! `/installningar/sessioner`: where the person is logged in, and ending it there.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::SessionRow;
use crate::request::{locale, mailbox, settings, visit};
use crate::words::Moment;
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Ends one other session.
#[server(name = EndSession, prefix = "/api", endpoint = "sessioner/avsluta")]
async fn end_session(session: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let ended = match settings() {
        Ok(settings) => settings.end_session(session).await,
        Err(error) => Err(error),
    };
    go(if ended.is_ok() {
        "/installningar/sessioner?sag=avslutad"
    } else {
        "/installningar/sessioner?fel=1"
    });
    Ok(())
}

/// Ends every session but this one.
#[server(name = EndOtherSessions, prefix = "/api", endpoint = "sessioner/avsluta-andra")]
async fn end_other_sessions() -> Result<(), ServerFnError> {
    use crate::request::go;

    let ended = match settings() {
        Ok(settings) => settings.end_other_sessions().await,
        Err(error) => Err(error),
    };
    go(if ended.is_ok() {
        "/installningar/sessioner?sag=alla"
    } else {
        "/installningar/sessioner?fel=1"
    });
    Ok(())
}

/// The sessions.
#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let said = asked("sag");
    let failed = asked("fel").is_some();
    loaded(async move {
        let (mailbox, settings) = (mailbox()?, settings()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let rows = settings.sessions().await?;
        let alone = rows.iter().all(|row| row.current);
        let rows = named(&rows);
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, sessions.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let note = match said.as_deref() {
            _ if failed => Some((Tone::Wrong, td_string!(l, sessions.failed))),
            Some("avslutad") => Some((Tone::Done, td_string!(l, sessions.ended))),
            Some("alla") => Some((Tone::Done, td_string!(l, sessions.ended_others))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href="/installningar">{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, sessions.title)}</h1>
                    <p class="lead">{td_string!(l, sessions.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group" aria-label=td_string!(l, sessions.title)>
                        <ul>{rows.into_iter().map(|(row, alike)| session(l, row, alike, now)).collect_view()}</ul>
                        {alone.then(|| view! { <p class="hint">{td_string!(l, sessions.alone)}</p> })}
                    </section>
                    {(!alone).then(|| view! {
                        <form method="post" action=EndOtherSessions::PATH>
                            <button class="btn calm">{icon(Icon::Out)}{td_string!(l, sessions.end_others)}</button>
                        </form>
                    })}
                </div>
            </Home>
        })
    })
}

/// Each session, and whether another has the same name: such are told apart by when they began.
fn named(rows: &[SessionRow]) -> Vec<(SessionRow, bool)> {
    let alike = |row: &SessionRow| rows.iter().filter(|other| other.device == row.device).count() > 1;
    rows.iter().map(|row| (row.clone(), alike(row))).collect()
}

fn session(l: Locale, row: SessionRow, alike: bool, now: OffsetDateTime) -> AnyView {
    let since = Moment::new(row.since, now).in_sentence(l);
    let seen = Moment::new(row.seen, now).in_sentence(l);
    let name = if alike {
        say!(l, sessions.alike, device = row.device, at = since)
    } else {
        row.device
    };
    view! {
        <li class="setting">
            <div>
                <strong>{name.clone()}</strong>
                {row.current.then(|| view! { " "<span class="good">{td_string!(l, sessions.this)}</span> })}
                {(!alike).then(|| view! { <small>{say!(l, sessions.since, at = since)}</small> })}
                <small>{say!(l, sessions.seen, at = seen)}</small>
            </div>
            {(!row.current).then(|| view! {
                <form method="post" action=EndSession::PATH>
                    <input type="hidden" name="session" value=row.handle/>
                    <button class="btn bare" aria-label=say!(l, sessions.end_which, device = name)>{td_string!(l, sessions.end)}</button>
                </form>
            })}
        </li>
    }
    .into_any()
}
