//! Subscribes this browser to notices, and shows on the page of contact details what it can.
//!
//! Finds the element that says `data-push` (our public key) on the page, shows of what it holds the one that says how this browser stands
//! (`data-push-when`), and sends its form when the browser has been subscribed. A browser knows itself in the list by its endpoint.

use super::page::{HOME, TURNED, listen};
use js_sys::Promise;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{
    Element, HtmlFormElement, HtmlInputElement, Notification, NotificationPermission, PushManager, PushSubscription,
    PushSubscriptionOptionsInit, ServiceWorkerRegistration,
};
use wasm_bindgen_futures::JsFuture;

/// How this browser stands, by the names that the page has for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It cannot take notices.
    Unable,
    /// It can be subscribed.
    Ready,
    /// It is in the list.
    On,
    /// The person, or the browser by itself, has said no.
    Denied,
    /// It could not be subscribed just now.
    Failed,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Unable => "unable",
            Self::Ready => "ready",
            Self::On => "on",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// Beside the home of every page.
#[island]
pub(crate) fn BrowserNotices() -> impl IntoView {
    Effect::new(move |_| {
        look();
        listen(&window(), TURNED, false, |_| look());
        listen(&document(), "click", false, |event| {
            let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_it = pressed.is_some_and(|pressed| pressed.closest("[data-push-on]").ok().flatten().is_some());
            if let (true, Some(part)) = (is_it, part()) {
                // Asked at once: some browsers ask a person only while they are pressing something.
                let asked = Notification::request_permission().ok();
                leptos::task::spawn_local(async move {
                    let standing = turn_on(&part, asked).await;
                    show(&part, standing);
                });
            }
        });
    });
    view! { <span hidden></span> }
}

fn part() -> Option<Element> {
    document().query_selector(&format!("{HOME} [data-push]")).ok().flatten()
}

/// Shows how this browser stands, when the page asks for it.
fn look() {
    if let Some(part) = part() {
        leptos::task::spawn_local(async move { show(&part, standing().await) });
    }
}

async fn standing() -> Standing {
    if !is_able() {
        return Standing::Unable;
    }
    if Notification::permission() == NotificationPermission::Denied {
        return Standing::Denied;
    }
    let Some(manager) = manager().await else {
        return Standing::Unable;
    };
    match subscribed(&manager).await {
        Some(subscription) if mark(&subscription.endpoint()) => Standing::On,
        _ => Standing::Ready,
    }
}

fn show(part: &Element, standing: Standing) {
    let Ok(all) = part.query_selector_all("[data-push-when]") else {
        return;
    };
    for at in 0..all.length() {
        let Some(one) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else {
            continue;
        };
        // What failed can be tried again.
        let also = standing == Standing::Failed && one.get_attribute("data-push-when").as_deref() == Some("ready");
        let is_it = one.get_attribute("data-push-when").as_deref() == Some(standing.name());
        let _ = one.toggle_attribute_with_force("hidden", !is_it && !also);
    }
}

/// When the person has said yes, subscribes and sends the form. Pressed again while it waits, it begins again, which is the same.
async fn turn_on(part: &Element, asked: Option<Promise>) -> Standing {
    if let Some(asked) = asked {
        let _ = JsFuture::from(asked).await;
    }
    match Notification::permission() {
        NotificationPermission::Granted => {}
        NotificationPermission::Denied => return Standing::Denied,
        _ => return Standing::Ready,
    }
    let key = part.get_attribute("data-push").unwrap_or_default();
    let sent = match subscribe(&key).await {
        Some(subscription) => send(part, &subscription),
        None => None,
    };
    sent.map_or(Standing::Failed, |()| Standing::Ready)
}

/// A subscription that there is already is another mailbox's, or was made with an older key: it is let go of, so that a browser announces
/// letters of one mailbox only.
async fn subscribe(key: &str) -> Option<PushSubscription> {
    let manager = manager().await?;
    if let Some(other) = subscribed(&manager).await {
        JsFuture::from(other.unsubscribe().ok()?).await.ok()?;
    }
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key_opt_str(Some(key));
    let subscribing = manager.subscribe_with_options(&options).ok()?;
    Some(JsFuture::from(subscribing).await.ok()?.unchecked_into())
}

fn send(part: &Element, subscription: &PushSubscription) -> Option<()> {
    let keys = subscription.to_json().ok()?.get_keys()?;
    let form: HtmlFormElement = part.query_selector("[data-push-form]").ok()??.dyn_into().ok()?;
    for (name, value) in [
        ("adress", subscription.endpoint()),
        ("p256dh", keys.get_p256dh()?),
        ("auth", keys.get_auth()?),
    ] {
        let field: HtmlInputElement = form.query_selector(&format!("[name={name}]")).ok()??.dyn_into().ok()?;
        field.set_value(&value);
    }
    form.request_submit().ok()
}

fn is_able() -> bool {
    let has = |object: &JsValue, name| js_sys::Reflect::has(object, &JsValue::from_str(name)).unwrap_or(false);
    let window = window();
    has(window.as_ref(), "PushManager")
        && has(window.as_ref(), "Notification")
        && has(window.navigator().as_ref(), "serviceWorker")
}

/// Waits for the worker, which [`super::Offline`] registers.
async fn manager() -> Option<PushManager> {
    let ready = window().navigator().service_worker().ready().ok()?;
    let worker: ServiceWorkerRegistration = JsFuture::from(ready).await.ok()?.unchecked_into();
    worker.push_manager().ok()
}

async fn subscribed(manager: &PushManager) -> Option<PushSubscription> {
    let found = JsFuture::from(manager.get_subscription().ok()?).await.ok()?;
    (!found.is_null() && !found.is_undefined()).then(|| found.unchecked_into())
}

/// Marks this browser in the list; tells whether it is there.
fn mark(endpoint: &str) -> bool {
    let Ok(all) = document().query_selector_all(&format!("{HOME} [data-endpoint]")) else {
        return false;
    };
    let mut found = false;
    for at in 0..all.length() {
        let Some(row) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else {
            continue;
        };
        if row.get_attribute("data-endpoint").as_deref() == Some(endpoint) {
            found = true;
            if let Ok(Some(here)) = row.query_selector("[data-push-here]") {
                let _ = here.remove_attribute("hidden");
            }
        }
    }
    found
}
