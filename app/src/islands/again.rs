//! Looks again at what takes some time, until it is done.
//!
//! Finds the element that says `data-again` (seconds) on the page, fetches the page anew after them, and puts what that element holds
//! there in the place of what it holds here. What an element says when it is done (`data-said`) is told in a quiet voice.

use super::ask;
use super::page::{HOME, TURNED, listen, number};
use leptos::prelude::*;
use leptos::web_sys::{DomParser, Element, SupportedType};
use std::time::Duration;

/// A page that nobody looks at any more must not keep a session awake: so many looks, and then the link on the page is there.
const LOOKS: u32 = 300;

/// Beside the home of every page.
#[island]
pub(crate) fn Again() -> impl IntoView {
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        look_later(said, LOOKS);
        listen(&window(), TURNED, false, move |_| look_later(said, LOOKS));
    });
    view! { <p class="unseen" role="status">{move || said.get()}</p> }
}

fn waiting() -> Option<Element> {
    document()
        .query_selector(&format!("{HOME} [data-again]"))
        .ok()
        .flatten()
}

fn look_later(said: RwSignal<String>, left: u32) {
    let Some(seconds) = waiting().and_then(|element| number(&element, "data-again")) else {
        return;
    };
    if left == 0 {
        return;
    }
    let address = window().location().href().unwrap_or_default();
    set_timeout(
        move || {
            // Turned to another page meanwhile.
            if window().location().href().ok().as_deref() == Some(address.as_str()) {
                leptos::task::spawn_local(async move {
                    look(&address, said).await;
                    look_later(said, left - 1);
                });
            }
        },
        Duration::from_secs(seconds.into()),
    );
}

async fn look(address: &str, said: RwSignal<String>) -> Option<()> {
    let here = waiting()?;
    let answer = ask::get(address).await?;
    let text = ask::text(&answer).await?;
    let page = DomParser::new()
        .ok()?
        .parse_from_string(&text, SupportedType::TextHtml)
        .ok()?;
    let there = page.get_element_by_id(&here.id())?;
    here.set_inner_html(&there.inner_html());
    if !there.has_attribute("data-again") {
        let _ = here.remove_attribute("data-again");
        said.set(there.get_attribute("data-said").unwrap_or_default());
    }
    Some(())
}
