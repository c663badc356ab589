//! `/installningar/export`: everything in the mailbox as one file.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::Export;
use crate::request::{keeping, locale, mailbox, to, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Begins to make the file.
#[server(name = StartExport, prefix = "/api", endpoint = "export/borja")]
async fn start_export() -> Result<(), ServerFnError> {
    use crate::ports::StartExport;
    use crate::request::go;

    let outcome = match keeping() {
        Ok(keeping) => keeping.start_export().await,
        Err(error) => Err(error),
    };
    go(match outcome {
        Ok(StartExport::Started) => "/installningar/export",
        Ok(StartExport::Working) => "/installningar/export?fel=redan",
        Err(_) => "/installningar/export?fel=tekniskt",
    });
    Ok(())
}

/// Takes the file away.
#[server(name = RemoveExport, prefix = "/api", endpoint = "export/ta-bort")]
async fn remove_export() -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match keeping() {
        Ok(keeping) => keeping.remove_export().await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar/export?sag=borttagen"
    } else {
        "/installningar/export?fel=tekniskt"
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn ExportPage() -> impl IntoView {
    let (done, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let (mailbox, keeping) = (mailbox()?, keeping()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let export = keeping.export().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, export.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let said = match (wrong.as_deref(), done.as_deref()) {
            (Some("redan"), _) => Some((Tone::Wrong, td_string!(l, export.busy))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, export.not_started))),
            (None, Some("borttagen")) => Some((Tone::Done, td_string!(l, export.removed))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, export.title)}</h1>
                    <p class="lead">{td_string!(l, export.lead)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    {state(l, export, now)}
                </div>
            </Home>
        })
    })
}

/// How the file stands. While it is being made, `data-again` asks the island to look once more after so many seconds.
fn state(l: Locale, export: Export, now: OffsetDateTime) -> AnyView {
    let again = matches!(export, Export::Working { held_up: false, .. }).then_some("2");
    let said = matches!(export, Export::Ready { .. }).then(|| td_string!(l, export.said_ready));
    let content = match export {
        Export::None => EitherOf4::A(view! {
            <p>{td_string!(l, export.none)}</p>
            <p class="muted">{td_string!(l, export.careful)}</p>
            {start(l, true)}
        }),
        Export::Working { done, letters, held_up } => EitherOf4::B(working(l, done, letters, held_up)),
        Export::Ready {
            address,
            letters,
            bytes,
            made_at,
            until,
        } => {
            let text = say!(
                l,
                export.ready_text,
                n = letters,
                size = words::words_of_size(l, bytes),
                at = Moment::new(made_at, now).in_sentence(l),
                until = Moment::new(until, now).date_in_full(l)
            );
            EitherOf4::C(view! {
                <h2>{td_string!(l, export.ready)}</h2>
                <p>{text}</p>
                <p class="muted">{td_string!(l, export.careful)}</p>
                <p><a class="btn" href=to(address)>{icon(Icon::Download)}{td_string!(l, export.download)}</a></p>
                <details class="unfold">
                    <summary>{td_string!(l, export.again)}{icon(Icon::Down)}</summary>
                    <p>{td_string!(l, export.again_text)}</p>
                    {start(l, false)}
                </details>
                <form method="post" action=to(RemoveExport::PATH)>
                    <button class="btn bare">{td_string!(l, export.remove)}</button>
                </form>
            })
        }
        Export::Failed => EitherOf4::D(view! {
            <Note tone=Tone::Wrong heading=td_string!(l, export.failed) text=td_string!(l, export.failed_text)/>
            {start(l, true)}
        }),
    };
    view! { <section class="group" id="export" data-again=again data-said=said>{content}</section> }.into_any()
}

fn working(l: Locale, done: u64, letters: u64, held_up: bool) -> AnyView {
    let progress = say!(l, export.progress, done = done, total = letters);
    view! {
        <h2 id="export-h">{td_string!(l, export.working)}</h2>
        <progress aria-labelledby="export-h" max=letters.max(1) value=done></progress>
        <p>{progress}</p>
        {held_up.then(|| view! { <p>{td_string!(l, export.held_up)}</p> })}
        <p class="muted">{td_string!(l, export.none)}</p>
        <p class="row-of">
            <a class="btn calm" href=to("/installningar/export")>{td_string!(l, export.reload)}</a>
        </p>
        <form method="post" action=to(RemoveExport::PATH)>
            <button class="btn bare">{td_string!(l, export.stop)}</button>
        </form>
    }
    .into_any()
}

/// `first` when it is the likeliest thing to do here.
fn start(l: Locale, first: bool) -> AnyView {
    view! {
        <form method="post" action=to(StartExport::PATH)>
            <p><button class="btn" class:calm=!first>{td_string!(l, export.start)}</button></p>
        </form>
    }
    .into_any()
}
