//! Turns pages without a full reload: links and forms of the home are fetched, and the new home takes the place of the old.
//!
//! The server makes whole pages and knows nothing of this. What cannot be turned to (an attachment, a page outside the home, an
//! address elsewhere) is left to the browser. Leptos' own islands router does not serve here: in 0.8 it drops the pressed
//! button's value from a form, opens a PDF as if it were a page, and moves neither focus nor scroll.

use super::ask;
use super::page::{HOME, TURNED, listen};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{
    Document, DomParser, Element, Event, FormData, HtmlAnchorElement, HtmlElement, HtmlFormElement, MouseEvent,
    Response, SubmitEvent, SupportedType, Url, UrlSearchParams,
};

/// The list beside a letter; it scrolls by itself where there is room for both.
const LIST: &str = ".lists";

/// How a page is turned to, which decides what happens to history and scroll.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A link or a form: a new entry.
    Forward,
    /// The browser's back or forward: its entry is there already, with the place that was left.
    History,
}

/// Shows a word only when the server cannot be reached: `unreachable` says so, and that nothing was lost.
#[island]
pub(crate) fn Turn(unreachable: String) -> impl IntoView {
    let failed = RwSignal::new(false);
    let unreached = move || failed.set(true);
    let newest = StoredValue::new(0);
    Effect::new(move |_| {
        listen(&document(), "click", false, move |event| {
            if let Some(address) = link_to_follow(&event) {
                event.prevent_default();
                failed.set(false);
                turn_later(async move { ask::get(&address).await }, Way::Forward, newest, unreached);
            }
        });
        listen(&document(), "submit", false, move |event| {
            if let Some((action, fields, is_post)) = form_to_send(&event) {
                event.prevent_default();
                failed.set(false);
                let answer = async move {
                    if is_post {
                        ask::post(&action, &fields).await
                    } else {
                        ask::get(&format!("{action}?{}", String::from(fields.to_string()))).await
                    }
                };
                turn_later(answer, Way::Forward, newest, unreached);
            }
        });
        listen(&window(), "popstate", false, move |_| {
            if let Ok(address) = window().location().href() {
                turn_later(async move { ask::get(&address).await }, Way::History, newest, unreached);
            }
        });
        if let Ok(history) = window().history() {
            let _ = history.set_scroll_restoration(leptos::web_sys::ScrollRestoration::Manual);
        }
        // A full reload forgets the place too, now that the browser has been told not to remember it.
        restore_place();
        listen(&window(), "pagehide", false, |_| keep_place());
    });
    view! {
        <div class="unreachable" role="alert">
            <p class="note note-wrong" hidden=move || !failed.get()><span class="note-text">{unreachable}</span></p>
        </div>
    }
}

/// Turns when the answer has come, unless something else has been pressed meanwhile: as with whole pages, the last wish wins.
/// `newest` is the number of the last wish.
fn turn_later(
    answer: impl Future<Output = Option<Response>> + 'static,
    way: Way,
    newest: StoredValue<u32>,
    unreached: impl Fn() + Copy + 'static,
) {
    if way == Way::Forward {
        keep_place();
    }
    newest.update_value(|number| *number = number.wrapping_add(1));
    let number = newest.get_value();
    set_busy(true);
    leptos::task::spawn_local(async move {
        let next = match answer.await {
            Some(answer) => Some(next_page(answer).await),
            None => None,
        };
        if newest.get_value() != number {
            return;
        }
        match next {
            Some(next) => turn(next, way),
            None => unreached(),
        }
        set_busy(false);
    });
}

/// The address of a pressed link that leads to a page of ours in this window.
fn link_to_follow(event: &Event) -> Option<String> {
    let mouse: &MouseEvent = event.dyn_ref()?;
    let with_key = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    if event.default_prevented() || mouse.button() != 0 || with_key {
        return None;
    }
    let pressed: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = pressed.closest("a[href]").ok().flatten()?.dyn_into().ok()?;
    if !link.target().is_empty() || link.has_attribute("download") || link.closest(HOME).ok().flatten().is_none() {
        return None;
    }
    let (here, there) = (window().location(), Url::new(&link.href()).ok()?);
    let same_page = there.pathname() == here.pathname().ok()? && there.search() == here.search().ok()?;
    let only_a_place = same_page && !there.hash().is_empty();
    (there.origin() == here.origin().ok()? && !leaves_the_home(&there.pathname()) && !only_a_place)
        .then(|| there.href())
}

/// What changes more than the home (language, session) or is no page of it; in another's mailbox too.
fn leaves_the_home(path: &str) -> bool {
    let path = inside(path);
    ["/sprak", "/api/sprak", "/utseende", "/tangenter", "/logga-ut", "/hamta"]
        .iter()
        .any(|way| path.starts_with(way))
}

/// A page's address without the mailbox that it is in.
fn inside(path: &str) -> &str {
    path.strip_prefix("/hos/")
        .and_then(|rest| rest.find('/').map(|slash| &rest[slash..]))
        .unwrap_or(path)
}

/// Where a form goes, with what, and whether by POST.
fn form_to_send(event: &Event) -> Option<(String, UrlSearchParams, bool)> {
    let submit: &SubmitEvent = event.dyn_ref()?;
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let inside = form.closest(HOME).ok().flatten().is_some();
    let pressed: Option<HtmlElement> = submit.submitter();
    let own = |name: &str| pressed.as_ref().and_then(|button| button.get_attribute(name));
    let data = FormData::new_with_form(&form).ok()?;
    if let Some(name) = own("name") {
        data.append_with_str(&name, &own("value").unwrap_or_default()).ok()?;
    }
    // A field may be called «action», which hides the form's property of that name: the attribute is asked.
    let action = own("formaction").or_else(|| form.get_attribute("action"))?;
    let action = Url::new_with_base(&action, &window().location().href().ok()?).ok()?;
    let has_file = form.enctype() == "multipart/form-data";
    if event.default_prevented()
        || !inside
        || has_file
        || !form.target().is_empty()
        || action.origin() != window().location().origin().ok()?
        || leaves_the_home(&action.pathname())
    {
        return None;
    }
    let fields = UrlSearchParams::new_with_str_sequence_sequence(data.unchecked_ref::<JsValue>()).ok()?;
    let is_post = own("formmethod").unwrap_or_else(|| form.method()) == "post";
    let action = if is_post {
        action.href()
    } else {
        format!("{}{}", action.origin(), action.pathname())
    };
    Some((action, fields, is_post))
}

/// What an answer turns to.
struct Next {
    address: String,
    /// The page and its home, when it is a page of ours.
    page: Option<(Document, Element)>,
}

async fn next_page(answer: Response) -> Next {
    let kind = answer.headers().get("content-type").ok().flatten();
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    Next {
        address: answer.url(),
        page: if is_page { parsed(&answer).await } else { None },
    }
}

/// Puts the home of the next page in the place of this one; what has none is left to the browser.
fn turn(Next { address, page }: Next, way: Way) {
    let homes = page.and_then(|(page, home)| Some((page, home, document().query_selector(HOME).ok().flatten()?)));
    let Some((page, home, old)) = homes else {
        let _ = window().location().assign(&address);
        return;
    };
    let list = old.query_selector(LIST).ok().flatten();
    let was = list.as_ref().map(|list| (first_letter(list), list.scroll_top()));
    let _ = old.replace_with_with_node_1(&home);
    document().set_title(&page.title());
    if way == Way::Forward {
        let same = window().location().href().is_ok_and(|here| here == address);
        if let Ok(history) = window().history() {
            let _ = if same {
                history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(&address))
            };
        }
    }
    // The same letters stay where they lay; another page of them begins at its top.
    if let (Some((first, place)), Ok(Some(list))) = (was, home.query_selector(LIST))
        && first_letter(&list) == first
    {
        list.set_scroll_top(place);
    }
    arrive(&address, &home, way);
    if let Ok(event) = Event::new(TURNED) {
        let _ = window().dispatch_event(&event);
    }
}

/// What a list begins with, by its address.
fn first_letter(list: &Element) -> Option<String> {
    let link = list.query_selector("a[href*='/brev/']").ok().flatten()?;
    let address = link.get_attribute("href")?;
    Some(address.split(['?', '#']).next().unwrap_or_default().to_owned())
}

async fn parsed(answer: &Response) -> Option<(Document, Element)> {
    let text = ask::text(answer).await?;
    let page = DomParser::new()
        .ok()?
        .parse_from_string(&text, SupportedType::TextHtml)
        .ok()?;
    let home = page.query_selector(HOME).ok().flatten()?;
    Some((page, home))
}

/// Eyes and focus go where a full load would have put them.
fn arrive(address: &str, home: &Element, way: Way) {
    let named = Url::new(address)
        .ok()
        .map(|url| url.hash())
        .filter(|hash| hash.len() > 1)
        .and_then(|hash| document().get_element_by_id(hash.trim_start_matches('#')));
    let focus = home
        .query_selector("[autofocus], [aria-invalid=true]")
        .ok()
        .flatten()
        .or_else(|| home.query_selector("main").ok().flatten());
    if let Some(focus) = focus.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = leptos::web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = focus.focus_with_options(&options);
    }
    match (way, named) {
        (Way::History, _) => restore_place(),
        (Way::Forward, Some(named)) => named.scroll_into_view(),
        (Way::Forward, None) => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}

/// Writes in the history where the page and its list had been scrolled to.
fn keep_place() {
    let list = document()
        .query_selector(LIST)
        .ok()
        .flatten()
        .map_or(0, |list| list.scroll_top());
    let place = format!("{} {list}", window().scroll_y().unwrap_or(0.0));
    if let Ok(history) = window().history() {
        let _ = history.replace_state(&JsValue::from_str(&place), "");
    }
}

fn restore_place() {
    let kept = window()
        .history()
        .ok()
        .and_then(|history| history.state().ok()?.as_string());
    let Some((page, list)) = kept.as_deref().and_then(|kept| kept.split_once(' ')) else {
        return;
    };
    if let Ok(Some(element)) = document().query_selector(LIST) {
        element.set_scroll_top(list.parse().unwrap_or(0));
    }
    window().scroll_to_with_x_and_y(0.0, page.parse().unwrap_or(0.0));
}

fn set_busy(busy: bool) {
    if let Some(root) = document().document_element() {
        let _ = if busy {
            root.set_attribute("data-turning", "")
        } else {
            root.remove_attribute("data-turning")
        };
    }
}
