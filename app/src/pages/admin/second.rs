//! `/admin/godkann`: looks at accounts of people with protected identity, which wait for a second of the staff.

use super::reason::reason_told;
use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Note, StaffPage, StaffPlace, Tone, staff_loaded, staff_title};
use crate::ports::{StaffRoom, WaitingLook};
use crate::request::{locale, staff, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Allows a look, or refuses it.
#[server(name = AnswerLook, prefix = "/api", endpoint = "admin/godkann/svara")]
async fn answer_look(insyn: String, #[server(default)] svar: String) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::PortError;
    use crate::request::go;

    let allowed = match svar.as_str() {
        "ja" => Some(true),
        "nej" => Some(false),
        _ => None,
    };
    let done = match (staff(), allowed) {
        (Ok(staff), Some(allowed)) => staff.answer_look(insyn, allowed).await,
        (Ok(_), None) => Ok(false),
        (Err(error), _) => Err(error),
    };
    let outcome = match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(PortError::NotFound),
        Err(error) => Err(error),
    };
    go(&after(
        "/admin/godkann",
        outcome,
        if allowed == Some(true) { "ja" } else { "nej" },
    ));
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffSecond() -> impl IntoView {
    let (said, fault) = (asked("sag"), asked("fel"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let waiting = staff.waiting_looks().await?;
        let l = locale();
        let note = match (fault.as_deref(), said.as_deref()) {
            (Some("roll"), _) => Some((Tone::Wrong, td_string!(l, admin.not_allowed_text))),
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, seconds.gone))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, admin.failed))),
            (None, Some("ja")) => Some((Tone::Done, td_string!(l, seconds.said_yes))),
            (None, Some("nej")) => Some((Tone::Done, td_string!(l, seconds.said_no))),
            (None, _) => None,
        };
        let content = if waiting.is_empty() {
            view! { <p class="muted">{td_string!(l, seconds.none)}</p> }.into_any()
        } else {
            view! { <ul class="jobs">{waiting.into_iter().map(|look| one(l, look, now)).collect_view()}</ul> }
                .into_any()
        };
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Looks) title=staff_title(l, td_string!(l, seconds.title))>
                <div class="page-head">
                    <h1>{td_string!(l, seconds.title)}</h1>
                    <p class="lead">{td_string!(l, seconds.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group" aria-label=td_string!(l, seconds.title)>{content}</section>
                </div>
            </StaffPage>
        })
    })
}

fn one(l: Locale, look: WaitingLook, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(look.asked_at, now);
    let until = Moment::new(look.ends_at, now).in_future(l);
    let (yes, no) = (
        say!(l, seconds.yes_which, who = look.who),
        say!(l, seconds.no_which, who = look.who),
    );
    view! {
        <li>
            <p>
                <strong>{look.who.clone()}</strong>
                <small class="muted"><time datetime=at.machine()>{at.in_letter(l)}</time>" · "{say!(l, seconds.until, at = until)}</small>
            </p>
            <p class="said">{reason_told(l, &look.reason)}</p>
            <form class="row-of" method="post" action=AnswerLook::PATH>
                <input type="hidden" name="insyn" value=look.id/>
                <button class="btn" name="svar" value="ja" aria-label=yes>{td_string!(l, seconds.yes)}</button>
                <button class="btn calm" name="svar" value="nej" aria-label=no>{td_string!(l, seconds.no)}</button>
            </form>
        </li>
    }
    .into_any()
}
