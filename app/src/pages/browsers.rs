//! The part of `/installningar/kontakt` about browsers: those that get notices, and the one that the person sits at.
//!
//! Subscribing needs script: [`crate::islands::BrowserNotices`] shows what this browser can, and sends the form. What is said without it
//! stands on the page.

use super::contacts::remove;
use crate::i18n::Locale;
use crate::parts::{Icon, icon};
#[cfg(feature = "ssr")]
use crate::ports::AddressId;
use crate::ports::{Channel, ContactList, ContactRow};
use crate::request::to;
#[cfg(feature = "ssr")]
use crate::request::{contacts, notices};
use crate::words::{Moment, reached, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Adds the browser that the person sits at. With `ersatter`, the endpoint that it had before, it takes the place of itself: the worker says so
/// (`public/sw.js`).
#[server(name = SubscribeBrowser, prefix = "/api", endpoint = "kontakt/webblasare")]
async fn subscribe_browser(
    adress: String,
    p256dh: String,
    auth: String,
    #[server(default)] ersatter: Option<String>,
) -> Result<(), ServerFnError> {
    use crate::ports::{BrowserForm, Subscribed};
    use crate::request::go;

    let form = BrowserForm {
        endpoint: adress,
        p256dh,
        auth,
        replaces: ersatter,
    };
    let outcome = match contacts() {
        Ok(contacts) => contacts.subscribe(form).await,
        Err(error) => Err(error),
    };
    go(match outcome {
        Ok(Subscribed::Done | Subscribed::Already) => "/installningar/kontakt?sag=webblasare",
        Ok(Subscribed::NotASubscription) => "/installningar/kontakt?fel=webblasare",
        Ok(Subscribed::Full) => "/installningar/kontakt?fel=fullt",
        Ok(Subscribed::TooMany) => "/installningar/kontakt?fel=byten",
        Err(_) => "/installningar/kontakt?fel=tekniskt",
    });
    Ok(())
}

/// Sends a notice to one browser, to try it out.
#[server(name = TestBrowser, prefix = "/api", endpoint = "kontakt/prov")]
async fn test_browser(adress: String) -> Result<(), ServerFnError> {
    use crate::ports::Tested;
    use crate::request::go;

    let tested = match notices() {
        Ok(notices) => notices.test(Some(AddressId(adress))).await,
        Err(error) => Err(error),
    };
    go(match tested {
        Ok(Tested::Sent(_)) => "/installningar/kontakt?sag=prov",
        Ok(Tested::NotWanted) => "/installningar/kontakt?fel=inte-alls",
        Ok(Tested::TooMany) => "/installningar/kontakt?fel=prov",
        Ok(Tested::Nowhere) | Err(_) => "/installningar/kontakt?fel=tekniskt",
    });
    Ok(())
}

/// The section; nothing where browsers are not offered notices and none has them.
pub(super) fn section(l: Locale, list: &ContactList, now: OffsetDateTime) -> AnyView {
    let rows: Vec<&ContactRow> = list
        .addresses
        .iter()
        .filter(|row| row.channel == Channel::Push)
        .collect();
    if rows.is_empty() && list.push_key.is_none() {
        return ().into_any();
    }
    let in_use = list.addresses.iter().filter(|row| row.is_in_use()).count();
    let key = list.push_key.clone().filter(|_| !list.full);
    view! {
        <section class="group" id="webblasare" aria-labelledby="webblasare-h">
            <h2 id="webblasare-h">{td_string!(l, browsers.title)}</h2>
            <p class="muted">{td_string!(l, browsers.lead)}</p>
            {(!rows.is_empty()).then(|| view! {
                <ul class="addresses">
                    {rows.iter().map(|row| browser(l, row, row.is_in_use() && in_use == 1, now)).collect_view()}
                </ul>
            })}
            {key.map(|key| this_browser(l, key))}
        </section>
    }
    .into_any()
}

fn browser(l: Locale, row: &ContactRow, is_last: bool, now: OffsetDateTime) -> AnyView {
    let shown = reached(l, &row.shown);
    let (class, standing) = match row.broken {
        Some(_) => ("bad", td_string!(l, contacts.broken)),
        None => ("good", td_string!(l, browsers.gets)),
    };
    let added = row
        .confirmed
        .map(|at| say!(l, browsers.added, at = Moment::new(at, now).in_sentence(l)));
    let broken = row.broken.as_ref().map(|broken| {
        let at = Moment::new(broken.since, now).in_sentence(l);
        say!(l, browsers.broken, at = at, number = broken.number)
    });
    let test = row.is_in_use().then(|| {
        view! {
            <form method="post" action=to(TestBrowser::PATH)>
                <input type="hidden" name="adress" value=row.id.0.clone()/>
                <button class="btn bare" aria-label=say!(l, browsers.test_which, browser = shown)>{td_string!(l, notice_rules.test)}</button>
            </form>
        }
    });
    // The endpoint lets the browser know itself. Nobody can send to it without our key.
    view! {
        <li data-endpoint=row.endpoint.clone().filter(|_| row.is_in_use())>
            <p class="address">
                <strong>{shown.clone()}</strong>" "<span class=class>{standing}</span>
                " "<span class="good" data-push-here hidden>{td_string!(l, browsers.here)}</span>
            </p>
            {added.map(|text| view! { <p class="hint">{text}</p> })}
            {broken.map(|text| view! { <p class="hint">{text}</p> })}
            {test}
            {remove(l, row, is_last)}
        </li>
    }
    .into_any()
}

/// What can be done in this browser. The island shows one of these and hides the others.
fn this_browser(l: Locale, key: String) -> AnyView {
    view! {
        <div data-push=key>
            <p data-push-when="unable">{td_string!(l, browsers.unable)}</p>
            <p data-push-when="ready" hidden>
                <button class="btn calm" type="button" data-push-on>{icon(Icon::Bell)}{td_string!(l, browsers.turn_on)}</button>
            </p>
            <p class="muted" data-push-when="on" hidden>{td_string!(l, browsers.on)}</p>
            <p data-push-when="denied" hidden>{td_string!(l, browsers.denied)}</p>
            <div role="alert">
                <p class="wrong" data-push-when="failed" hidden>{icon(Icon::Alert)}{td_string!(l, browsers.failed)}</p>
            </div>
            <form method="post" action=to(SubscribeBrowser::PATH) data-push-form hidden>
                <input type="hidden" name="adress"/>
                <input type="hidden" name="p256dh"/>
                <input type="hidden" name="auth"/>
            </form>
        </div>
    }
    .into_any()
}
