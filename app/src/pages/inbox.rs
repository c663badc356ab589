//! `/inkorg`: the letters, newest first, a page at a time.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, LetterList, Listing, Note, Place, Still, Tone, loaded};
use crate::ports::{InboxQuery, LetterId, Show};
use crate::request::{locale, mailbox, visit};
use crate::words;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// What the inbox has to say about what was just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// The mailbox was opened.
    Welcome,
    /// A letter was marked unread.
    Marked,
}

/// The inbox.
#[component]
pub(crate) fn Inbox() -> impl IntoView {
    let query = InboxQuery {
        before: asked("fore").filter(|id| !id.is_empty()).map(LetterId),
        show: match asked("visa").as_deref() {
            Some("olasta") => Show::Unread,
            Some("bilaga") => Show::WithAttachment,
            _ => Show::All,
        },
    };
    let said = match asked("sag").as_deref() {
        Some("valkommen") => Some(Said::Welcome),
        Some("olast") => Some(Said::Marked),
        _ => None,
    };
    loaded(async move {
        let mailbox = mailbox()?;
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let page = mailbox.inbox(query.clone()).await?;
        let l = locale();
        let title = title(l, page.unread);
        let nothing_yet = page.letters.is_empty() && query == InboxQuery::default();
        let content = if nothing_yet {
            Either::Left(empty(l, said))
        } else {
            let listing = Listing {
                query,
                page,
                now,
                open: None,
            };
            Either::Right(view! {
                {said.map(|said| view! { <div class="said">{note(l, said)}</div> })}
                <LetterList listing/>
                <div class="empty only-wide">
                    <Still askew=false/>
                    <h2>{td_string!(l, inbox.choose)}</h2>
                    <p>{td_string!(l, inbox.choose_text)}</p>
                </div>
            })
        };
        let class = if nothing_yet { "page" } else { "split" };
        Ok(view! { <Home viewer place=Place::Inbox title class>{content}</Home> })
    })
}

/// “3 olästa – Inkorg – brevlada”.
fn title(l: Locale, unread: u64) -> String {
    let (inbox, brand) = (td_string!(l, inbox.title), td_string!(l, brand.name));
    match unread {
        0 => format!("{inbox} – {brand}"),
        n => format!("{} – {inbox} – {brand}", words::unread(l, n)),
    }
}

fn note(l: Locale, said: Said) -> AnyView {
    match said {
        Said::Welcome => view! {
            <Note tone=Tone::Done heading=td_string!(l, inbox.welcome) text=td_string!(l, inbox.welcome_text)/>
        }
        .into_any(),
        Said::Marked => view! { <Note tone=Tone::Done text=td_string!(l, inbox.marked)/> }.into_any(),
    }
}

fn empty(l: Locale, said: Option<Said>) -> AnyView {
    view! {
        <div class="page-head"><h1>{td_string!(l, inbox.title)}</h1></div>
        <div class="stack">
            {said.map(|said| note(l, said))}
            <section class="group" aria-labelledby="tom">
                <Still askew=false/>
                <h2 id="tom">{td_string!(l, inbox.empty)}</h2>
                <p class="lead">{td_string!(l, inbox.empty_text)}</p>
                <p><a class="btn" href="/installningar">{td_string!(l, inbox.empty_settings)}</a></p>
            </section>
            <section class="group" aria-labelledby="annat">
                <h2 id="annat">{td_string!(l, inbox.waiting)}</h2>
                <p>{td_string!(l, inbox.waiting_text)}</p>
            </section>
        </div>
    }
    .into_any()
}
