//! `/installningar/sessioner`: where the person is logged in, and ending it there.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::SessionRow;
use crate::request::{locale, mailbox, settings, to, visit};
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
        let l = locale();
        let names = names(l, &rows, now);
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
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, sessions.title)}</h1>
                    <p class="lead">{td_string!(l, sessions.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group" aria-label=td_string!(l, sessions.title)>
                        <ul>{rows.into_iter().zip(names).map(|(row, name)| session(l, row, name, now)).collect_view()}</ul>
                        {alone.then(|| view! { <p class="hint">{td_string!(l, sessions.alone)}</p> })}
                    </section>
                    {(!alone).then(|| view! {
                        <form method="post" action=to(EndOtherSessions::PATH)>
                            <button class="btn calm">{icon(Icon::Out)}{td_string!(l, sessions.end_others)}</button>
                        </form>
                    })}
                </div>
            </Home>
        })
    })
}

/// What a session is called.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    /// Browser and system: no other is called so.
    Device(String),
    /// With when it began, which tells it from the others of that name.
    WithSince(String),
}

/// What each session is called. Those of one browser are told apart by when they began, to the second where the minute is the same.
fn names(l: Locale, rows: &[SessionRow], now: OffsetDateTime) -> Vec<Name> {
    let since = |row: &SessionRow| Moment::new(row.since, now).in_sentence(l);
    let name = |row: &SessionRow| {
        let is_alike = |other: &&SessionRow| other.device == row.device && other.handle != row.handle;
        let mut alike = rows.iter().filter(is_alike).peekable();
        if alike.peek().is_none() {
            return Name::Device(row.device.clone());
        }
        let at = if alike.any(|other| since(other) == since(row)) {
            Moment::new(row.since, now).in_sentence_to_the_second(l)
        } else {
            since(row)
        };
        Name::WithSince(say!(l, sessions.alike, device = row.device, at = at))
    };
    rows.iter().map(name).collect()
}

fn session(l: Locale, row: SessionRow, name: Name, now: OffsetDateTime) -> AnyView {
    let seen = Moment::new(row.seen, now).in_sentence(l);
    let (name, since) = match name {
        Name::Device(name) => (name, Some(Moment::new(row.since, now).in_sentence(l))),
        Name::WithSince(name) => (name, None),
    };
    view! {
        <li class="setting">
            <div>
                <strong>{name.clone()}</strong>
                {row.current.then(|| view! { " "<span class="good">{td_string!(l, sessions.this)}</span> })}
                {since.map(|since| view! { <small>{say!(l, sessions.since, at = since)}</small> })}
                <small>{say!(l, sessions.seen, at = seen)}</small>
            </div>
            {(!row.current).then(|| view! {
                <form method="post" action=to(EndSession::PATH)>
                    <input type="hidden" name="session" value=row.handle/>
                    <button class="btn bare" aria-label=say!(l, sessions.end_which, device = name)>{td_string!(l, sessions.end)}</button>
                </form>
            })}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn sessions_of_one_browser_are_told_apart_by_when_they_began() {
        let row = |handle: &str, device: &str, since| SessionRow {
            handle: handle.to_owned(),
            device: device.to_owned(),
            since,
            seen: since,
            current: false,
        };
        let rows = [
            row("a", "Firefox 140, Linux", datetime!(2026-03-17 07:14:05 UTC)),
            row("b", "Safari 18, iPhone", datetime!(2026-03-17 07:14:05 UTC)),
            row("c", "Firefox 140, Linux", datetime!(2026-03-17 07:14:31 UTC)),
            row("d", "Firefox 140, Linux", datetime!(2026-03-16 07:14:05 UTC)),
        ];
        let now = datetime!(2026-03-17 08:00 UTC);
        let with_since = |words: &str| Name::WithSince(words.to_owned());
        assert_eq!(
            names(Locale::sv, &rows, now),
            [
                with_since("Firefox 140, Linux, inloggad i dag 08.14.05"),
                Name::Device("Safari 18, iPhone".to_owned()),
                with_since("Firefox 140, Linux, inloggad i dag 08.14.31"),
                with_since("Firefox 140, Linux, inloggad i går 08.14"),
            ]
        );
        assert_eq!(
            names(Locale::en, &rows, now)[2],
            with_since("Firefox 140, Linux, logged in today 08:14:31")
        );
    }
}
