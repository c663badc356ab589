//! Warns before a session runs idle, and lets the person stay.

use super::ask::post_for_json;
use super::page::{HOME, TURNED, listen, number};
use leptos::html::Dialog;
use leptos::prelude::*;
use std::time::Duration;

/// Keeps the session from running idle; answers in how many seconds it now ends, and at the latest.
const STAY: &str = "/session/stanna";
/// Where a session that is over leads, so that nothing of it stays on the screen.
const OVER: &str = "/utloggad?skal=tid";

/// A modal question before the session ends, so many seconds before as `warning` says (WCAG 2.2.1 asks for 20 at least). When
/// that is stands on the home of each page: `data-idle` and `data-end`, in seconds from when the page was made.
#[island]
pub(crate) fn IdleGuard(
    warning: u32,
    heading: String,
    text: String,
    final_text: String,
    minutes: String,
    minute: String,
    seconds: String,
    stay: String,
    understood: String,
    leave: String,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let deadline = RwSignal::new(0.0);
    let last = RwSignal::new(f64::MAX);
    let left = RwSignal::new(warning);
    let dismissed = RwSignal::new(false);

    let set_out = move |idle: u32, end: u32| {
        let now = js_sys::Date::now();
        deadline.set(now + f64::from(idle) * 1000.0);
        last.set(now + f64::from(end) * 1000.0);
        dismissed.set(false);
    };
    let ends_for_good = move || last.get() <= deadline.get();

    Effect::new(move |_| {
        let read = move || {
            let home = document().query_selector(HOME).ok().flatten();
            if let Some((idle, end)) =
                home.and_then(|home| Some((number(&home, "data-idle")?, number(&home, "data-end")?)))
            {
                set_out(idle, end);
            }
        };
        read();
        listen(&window(), TURNED, false, move |_| read());
        let tick = move || {
            let until = deadline.get_untracked().min(last.get_untracked());
            let seconds = whole_seconds(until - js_sys::Date::now());
            if seconds == 0 {
                let _ = window().location().replace(OVER);
            } else if seconds <= warning {
                left.set(seconds);
                if let Some(dialog) = dialog.get_untracked()
                    && !dialog.open()
                    && !dismissed.get_untracked()
                {
                    let _ = dialog.show_modal();
                }
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });

    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let go_on = move || {
        if ends_for_good() {
            dismissed.set(true);
            close();
            return;
        }
        leptos::task::spawn_local(async move {
            match stay_on_the_server().await {
                Some((idle, end)) if idle > 0 => {
                    set_out(idle, end);
                    close();
                }
                _ => {
                    let _ = window().location().replace(OVER);
                }
            }
        });
    };
    let time_left = move || said(left.get(), &minutes, &minute, &seconds);
    let question = move || {
        let pattern = if ends_for_good() { &final_text } else { &text };
        pattern.replace("{n}", &time_left())
    };
    let yes = move || {
        if ends_for_good() {
            understood.clone()
        } else {
            stay.clone()
        }
    };

    view! {
        <dialog
            class="ask"
            node_ref=dialog
            aria-labelledby="kvar-h"
            aria-describedby="kvar-t"
            on:cancel=move |event: leptos::ev::Event| {
                // Escape means: I am here.
                event.prevent_default();
                go_on();
            }
        >
            <h2 id="kvar-h">{heading}</h2>
            <p id="kvar-t" role="timer" aria-live="polite">{question}</p>
            <div class="row-of">
                <button class="btn" type="button" on:click=move |_| go_on()>{yes}</button>
                <form method="post" action="/logga-ut"><button class="btn calm">{leave}</button></form>
            </div>
        </dialog>
    }
}

async fn stay_on_the_server() -> Option<(u32, u32)> {
    let answer = post_for_json(STAY).await?;
    let (idle, end) = answer.trim_matches(['[', ']']).split_once(',')?;
    Some((idle.trim().parse().ok()?, end.trim().parse().ok()?))
}

/// Whole minutes while there are more than one, so that a screen reader is not made to count; then each ten seconds, then each.
fn said(left: u32, minutes: &str, minute: &str, seconds: &str) -> String {
    match left {
        0..=10 => seconds.replace("{n}", &left.to_string()),
        11..=59 => seconds.replace("{n}", &(left.div_ceil(10) * 10).to_string()),
        60 => minute.to_owned(),
        more => minutes.replace("{n}", &more.div_ceil(60).to_string()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded just before, and never negative"
)]
fn whole_seconds(milliseconds: f64) -> u32 {
    (milliseconds / 1000.0).ceil().clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_said_in_steps_that_can_be_listened_to() {
        let words = |left| said(left, "{n} minuter", "1 minut", "{n} sekunder");
        assert_eq!(words(120), "2 minuter");
        assert_eq!(words(61), "2 minuter");
        assert_eq!(words(60), "1 minut");
        assert_eq!(words(41), "50 sekunder");
        assert_eq!(words(7), "7 sekunder");
    }

    #[test]
    fn seconds_are_rounded_up_and_never_negative() {
        assert_eq!(whole_seconds(1500.0), 2);
        assert_eq!(whole_seconds(-20.0), 0);
    }
}
