//! Single keys, as people know them from mail: each presses what stands on the page with its name (`data-key`), and does nothing that
//! the page cannot do without it.
//!
//! They are silent while somebody types or is asked something, and leave every combination with ctrl, alt and meta alone. Whoever
//! does not want them turns them off (WCAG 2.1.4); then this island is not on the page.

use super::ask;
use super::page::{HOME, TURNED, listen};
use leptos::html::{Dialog, Div};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{DomParser, Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, SupportedType};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The page that lists the keys, and the part of it that the sheet shows.
const LISTED: (&str, &str) = ("/hjalp/tangenter", "tangenter");

/// How long «g» waits for the key after it, in milliseconds.
const PATIENCE: f64 = 1500.0;

/// Where the person is in the list, from page to page.
#[derive(Default)]
struct Standing {
    /// When «g» was pressed.
    go_at: Cell<f64>,
    /// The address of the letter that was stood on last.
    last: RefCell<String>,
    /// On which page something was done with a letter, and which in the list it was.
    done: RefCell<Option<(String, usize)>>,
}

/// Shows nothing until «?» is pressed: then what `/hjalp/tangenter` lists, in a sheet above the page.
#[island]
pub(crate) fn Keys(heading: String, close: String, settings: String) -> impl IntoView {
    let (dialog, told) = (NodeRef::<Dialog>::new(), NodeRef::<Div>::new());
    let sheet = move || {
        if let (Some(dialog), Some(told)) = (dialog.get_untracked(), told.get_untracked()) {
            leptos::task::spawn_local(async move {
                if told.child_element_count() == 0 {
                    let Some(list) = listed().await else {
                        let _ = window().location().assign(LISTED.0);
                        return;
                    };
                    told.set_inner_html(&list);
                }
                let _ = dialog.show_modal();
            });
        }
    };
    Effect::new(move |_| {
        let standing = Rc::new(Standing::default());
        let heard = standing.clone();
        let hear = move |event: Event| {
            if hear(&event, &heard, &sheet).is_some() {
                event.prevent_default();
            }
        };
        listen(&document(), "keydown", false, hear);
        listen(&window(), TURNED, false, move |_| come_back(&standing));
    });
    view! {
        <dialog class="ask key-sheet" node_ref=dialog aria-labelledby="tangenter-h">
            <h2 id="tangenter-h">{heading}</h2>
            <div node_ref=told></div>
            <div class="row-of">
                <button
                    class="btn" type="button"
                    on:click=move |_| {
                        if let Some(dialog) = dialog.get_untracked() {
                            dialog.close();
                        }
                    }
                >{close}</button>
                <a href="/installningar#tangentval">{settings}</a>
            </div>
        </dialog>
    }
}

/// Does what a key is for; nothing when it is for nothing here, and then the browser has it.
fn hear(event: &Event, standing: &Standing, sheet: &impl Fn()) -> Option<()> {
    let pressed: &KeyboardEvent = event.dyn_ref()?;
    let combined = pressed.ctrl_key() || pressed.alt_key() || pressed.meta_key();
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let types = target.as_ref().is_some_and(is_typed_in);
    if event.default_prevented() || combined || types || pressed.is_composing() || find("dialog[open]").is_some() {
        return None;
    }
    let key = pressed.key();
    let letter = key.chars().all(char::is_alphabetic);
    if pressed.shift_key() && letter {
        return None;
    }
    let key = if letter && key.chars().count() == 1 {
        key.to_lowercase()
    } else {
        key
    };
    let now = js_sys::Date::now();
    if now - standing.go_at.replace(0.0) < PATIENCE {
        return click(found(HOME, &format!("[data-key='g {key}']")));
    }
    if pressed.repeat() && key != "j" && key != "k" {
        return None;
    }
    match key.as_str() {
        "j" => step(standing, true),
        "k" => step(standing, false),
        "o" => click(row()),
        // On a box the browser would send the form, by its first button.
        "Enter" if target.is_some_and(|target| target.matches(".box").unwrap_or(false)) => click(row()),
        "x" => box_of(&row()?).map(|pick| pick.click()),
        "g" => {
            standing.go_at.set(now);
            Some(())
        }
        "/" => search(),
        "?" if find(&format!("#{}", LISTED.1)).is_none_or(|list| list.closest("dialog").ok().flatten().is_some()) => {
            sheet();
            Some(())
        }
        "z" => click(found(HOME, "[data-key='z']")),
        "e" | "#" | "s" | "u" | "v" => act(standing, &key),
        _ => None,
    }
}

/// What takes letters for itself: fields, and lists that are searched by typing.
fn is_typed_in(element: &Element) -> bool {
    element
        .closest("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]")
        .is_ok_and(|field| field.is_some())
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

fn found(inside: &str, selector: &str) -> Option<HtmlElement> {
    find(&format!("{inside} {selector}"))?.dyn_into().ok()
}

fn click(element: Option<HtmlElement>) -> Option<()> {
    element.map(|element| element.click())
}

fn active() -> Option<Element> {
    document().active_element()
}

/// A letter is open, and the person is not in the list beside it.
fn reads() -> bool {
    find(".reader").is_some() && active().is_none_or(|at| at.closest(".lists").is_ok_and(|list| list.is_none()))
}

/// The links of the list's letters, from above.
fn rows() -> Vec<HtmlElement> {
    let Ok(rows) = document().query_selector_all(&format!("{HOME} [data-row]")) else {
        return Vec::new();
    };
    (0..rows.length())
        .filter_map(|i| rows.item(i)?.dyn_into().ok())
        .collect()
}

/// The link of the letter in the list that has the focus, by its link or its box.
fn row() -> Option<HtmlElement> {
    let item = active()?.closest("li").ok().flatten()?;
    item.query_selector("[data-row]").ok().flatten()?.dyn_into().ok()
}

/// Where a link leads, without what only says how one came.
fn address(link: &HtmlElement) -> String {
    let address = link.get_attribute("href").unwrap_or_default();
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn box_of(row: &HtmlElement) -> Option<HtmlInputElement> {
    let item = row.closest("li").ok().flatten()?;
    item.query_selector("input[name='brev[]']")
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

/// The next letter, or the one before: of the open one its neighbour, in a list the row.
fn step(standing: &Standing, down: bool) -> Option<()> {
    if reads() {
        return click(found(".reader", if down { "[rel=next]" } else { "[rel=prev]" }));
    }
    let rows = rows();
    let place = |address_of: &str| rows.iter().position(|row| address(row) == address_of);
    let in_pages = active().is_some_and(|at| at.closest(".pages").is_ok_and(|pages| pages.is_some()));
    let to = match row().and_then(|at| place(&address(&at))) {
        Some(at) if down => at + 1,
        Some(at) => at.checked_sub(1)?,
        None if in_pages && down => return None,
        None if in_pages => rows.len().checked_sub(1)?,
        None => match place(&standing.last.borrow()) {
            Some(at) if down => at + 1,
            Some(at) => at.saturating_sub(1),
            None => 0,
        },
    };
    match rows.get(to) {
        Some(row) => stand_on(standing, row),
        // Under the last letter is the way to those further down.
        None => found(HOME, ".pages [rel=next]")?.focus().ok(),
    }
}

fn stand_on(standing: &Standing, row: &HtmlElement) -> Option<()> {
    standing.last.replace(address(row));
    row.focus().ok()
}

/// Presses the button of that name: the open letter's, or the list's for those that are picked, else for the one that is stood on.
fn act(standing: &Standing, key: &str) -> Option<()> {
    let named = format!("[data-key='{key}']");
    if reads() {
        return click(found(".reader", &named));
    }
    let button = found(".pickbar", &named)?;
    if find(".picking :is([name='brev[]'], [name=alla]):checked").is_none() {
        let row = row()?;
        let at = rows().iter().position(|one| address(one) == address(&row))?;
        box_of(&row)?.set_checked(true);
        standing.done.replace(Some((window().location().pathname().ok()?, at)));
    }
    click(Some(button))
}

/// After something was done with a letter of a list: to the one that has come in its place.
fn come_back(standing: &Standing) {
    let Some((page, at)) = standing.done.take() else {
        return;
    };
    let rows = rows();
    if window().location().pathname().is_ok_and(|here| here == page)
        && let Some(row) = rows.get(at).or(rows.last())
    {
        let _ = stand_on(standing, row);
    }
}

/// To the field, where it is seen; else to the page that has one.
fn search() -> Option<()> {
    match found(HOME, "#sok-q") {
        Some(field) if field.offset_parent().is_some() => field.focus().ok(),
        _ => click(found(HOME, "[data-key='/']")),
    }
}

/// The list of keys, as its page has it.
async fn listed() -> Option<String> {
    let answer = ask::get(LISTED.0).await?;
    let page = DomParser::new()
        .ok()?
        .parse_from_string(&ask::text(&answer).await?, SupportedType::TextHtml)
        .ok()?;
    Some(page.get_element_by_id(LISTED.1)?.inner_html())
}
