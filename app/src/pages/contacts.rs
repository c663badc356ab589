//! `/installningar/kontakt`: where the person is reached. Addresses are confirmed by a code; browsers are in `browsers.rs`.

use super::{asked, browsers};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, check, icon, loaded};
#[cfg(feature = "ssr")]
use crate::ports::{Added, AddressId, PortError};
use crate::ports::{Channel, ContactList, ContactRow};
use crate::request::{contacts, locale, mailbox, to, visit};
use crate::words::{Moment, reached, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Gives an address; a code goes out to it.
#[server(name = GiveAddress, prefix = "/api", endpoint = "kontakt/lagg-till")]
async fn give_address(slag: String, adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let channel = if slag == "mobil" { Channel::Sms } else { Channel::Email };
    let outcome = match contacts() {
        Ok(contacts) => contacts.add(channel, adress).await,
        Err(error) => Err(error),
    };
    go(&after_code(outcome));
    Ok(())
}

/// Asks for a new code.
#[server(name = NewCode, prefix = "/api", endpoint = "kontakt/ny-kod")]
async fn new_code(adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match contacts() {
        Ok(contacts) => contacts.new_code(AddressId(adress)).await,
        Err(error) => Err(error),
    };
    go(&after_code(outcome));
    Ok(())
}

/// Where to go when a code was asked for.
#[cfg(feature = "ssr")]
fn after_code(outcome: Result<Added, PortError>) -> String {
    let code = match outcome {
        Ok(Added::CodeSent(id)) => return format!("/installningar/kontakt?sag=kod-skickad#kod-{}", id.0),
        Ok(Added::NotAnAddress) => "adress#ny",
        Ok(Added::Abroad) => "utomlands#ny",
        Ok(Added::Already) => "redan",
        Ok(Added::Full) => "fullt",
        Ok(Added::TooMany) => "manga",
        Err(_) => "tekniskt",
    };
    format!("/installningar/kontakt?fel={code}")
}

/// Gives back the code, with the wish to be told there or without.
#[server(name = ConfirmAddress, prefix = "/api", endpoint = "kontakt/bekrafta")]
async fn confirm_address(
    adress: String,
    kod: String,
    #[server(default)] avisera: Option<String>,
) -> Result<(), ServerFnError> {
    use crate::ports::Confirmed;
    use crate::request::go;
    use crate::words::segment;

    let outcome = match contacts() {
        Ok(contacts) => {
            contacts
                .confirm(AddressId(adress.clone()), kod, avisera.is_some())
                .await
        }
        Err(error) => Err(error),
    };
    let code = match outcome {
        Ok(Confirmed::Done) => {
            go(&format!(
                "/installningar/kontakt?sag=bekraftad&for={}",
                segment(&adress)
            ));
            return Ok(());
        }
        Ok(Confirmed::Wrong { left }) => format!("kod&kvar={left}"),
        Ok(Confirmed::NotACode) => "ingen-kod".to_owned(),
        Ok(Confirmed::Over) => "slut".to_owned(),
        Err(_) => {
            go("/installningar/kontakt?fel=tekniskt");
            return Ok(());
        }
    };
    let (which, wish) = (segment(&adress), if avisera.is_some() { "" } else { "&avisera=nej" });
    go(&format!(
        "/installningar/kontakt?fel={code}{wish}&for={which}#kod-{which}"
    ));
    Ok(())
}

/// Takes an address away.
#[server(name = RemoveAddress, prefix = "/api", endpoint = "kontakt/ta-bort")]
async fn remove_address(adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match contacts() {
        Ok(contacts) => contacts.remove(AddressId(adress)).await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar/kontakt?sag=borttagen"
    } else {
        "/installningar/kontakt?fel=tekniskt"
    });
    Ok(())
}

/// What people write: of each kind there is a section with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Email,
    Mobile,
}

impl Kind {
    fn channel(self) -> Channel {
        match self {
            Self::Email => Channel::Email,
            Self::Mobile => Channel::Sms,
        }
    }
}

/// What a form came to, read from the codes in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    done: Option<String>,
    wrong: Option<String>,
    left: Option<u32>,
    which: Option<String>,
    /// The box for notices was left without a tick.
    unticked: bool,
}

impl Outcome {
    /// The person has said a moment ago that they do not want to be told there.
    fn is_unticked_for(&self, row: &ContactRow) -> bool {
        self.unticked && self.which.as_deref() == Some(row.id.0.as_str())
    }

    /// What is wrong with the address that was typed.
    fn with_typed(&self, l: Locale, kind: Kind, list: &ContactList) -> Option<(&'static str, String)> {
        let (_, typed) = list
            .typed
            .clone()
            .filter(|(typed_for, _)| *typed_for == kind.channel())?;
        let text = match (self.wrong.as_deref()?, kind) {
            ("adress", Kind::Email) => td_string!(l, contacts.not_email),
            ("adress", Kind::Mobile) => td_string!(l, contacts.not_mobile),
            ("utomlands", _) => td_string!(l, contacts.abroad),
            _ => return None,
        };
        Some((text, typed))
    }

    /// What is wrong with the code of an address.
    fn with_code(&self, l: Locale, row: &ContactRow) -> Option<String> {
        if self.which.as_deref() != Some(row.id.0.as_str()) {
            return None;
        }
        match (self.wrong.as_deref()?, self.left) {
            ("kod", Some(1)) => Some(td_string!(l, contacts.wrong_code_one).to_owned()),
            ("kod", left) => Some(say!(l, contacts.wrong_code_many, n = left.unwrap_or(0))),
            ("ingen-kod", _) => Some(td_string!(l, contacts.not_a_code).to_owned()),
            ("slut", _) => Some(td_string!(l, contacts.over).to_owned()),
            _ => None,
        }
    }
}

/// The addresses.
#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let outcome = Outcome {
        done: asked("sag"),
        wrong: asked("fel"),
        left: asked("kvar").and_then(|left| left.parse().ok()),
        which: asked("for"),
        unticked: asked("avisera").is_some(),
    };
    loaded(async move {
        let (mailbox, contacts) = (mailbox()?, contacts()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let list = contacts.contacts().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, contacts.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, contacts.title)}</h1>
                    <p class="lead">{td_string!(l, contacts.lead)}</p>
                </div>
                <div class="stack">
                    {note(l, &outcome, &list)}
                    {of_kind(l, Kind::Email, &list, &outcome, now)}
                    {of_kind(l, Kind::Mobile, &list, &outcome, now)}
                    {browsers::section(l, &list, now)}
                </div>
            </Home>
        })
    })
}

/// What is done, or what failed without being the fault of a field.
fn note(l: Locale, outcome: &Outcome, list: &ContactList) -> AnyView {
    let wrong = match outcome.wrong.as_deref() {
        Some("redan") => Some(td_string!(l, contacts.already)),
        Some("fullt") => Some(td_string!(l, contacts.full)),
        Some("manga") => Some(td_string!(l, contacts.too_many)),
        Some("webblasare") => Some(td_string!(l, browsers.wrong)),
        Some("byten") => Some(td_string!(l, browsers.too_many)),
        Some("inte-alls") => Some(td_string!(l, browsers.test_not_wanted)),
        Some("prov") => Some(td_string!(l, notice_rules.test_many)),
        Some("tekniskt") => Some(td_string!(l, contacts.failed)),
        _ => None,
    };
    if let Some(text) = wrong {
        return view! { <Note tone=Tone::Wrong text/> }.into_any();
    }
    // What an address says is done may be old, or made up: it is said only when it agrees with how things are.
    let waits = list.addresses.iter().any(|row| row.confirmed.is_none());
    let reached = list.addresses.iter().any(ContactRow::is_in_use);
    match outcome.done.as_deref() {
        Some("kod-skickad") if !waits => ().into_any(),
        Some("bekraftad") if !reached => ().into_any(),
        Some("kod-skickad") => view! { <Note tone=Tone::Done text=td_string!(l, contacts.code_sent)/> }.into_any(),
        Some("borttagen") => view! { <Note tone=Tone::Done text=td_string!(l, contacts.removed)/> }.into_any(),
        Some("prov") if reached => {
            view! { <Note tone=Tone::Done text=td_string!(l, notice_rules.test_sent_one)/> }.into_any()
        }
        Some("webblasare") if reached => view! {
            <Note tone=Tone::Done text=td_string!(l, browsers.done)>
                <a class="btn bare" href=to("/installningar/avisering")>{td_string!(l, contacts.choose_rules)}</a>
            </Note>
        }
        .into_any(),
        Some("bekraftad") => view! {
            <Note tone=Tone::Done text=now_confirmed(l, outcome, list)>
                <a class="btn bare" href=to("/installningar/avisering")>{td_string!(l, contacts.choose_rules)}</a>
            </Note>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

/// The address is confirmed; and if the rules say "not at all" of its channel, that they do.
fn now_confirmed(l: Locale, outcome: &Outcome, list: &ContactList) -> &'static str {
    let mut rows = list.addresses.iter();
    let confirmed = rows.find(|row| outcome.which.as_deref() == Some(row.id.0.as_str()));
    if confirmed.is_some_and(|row| list.silent.contains(&row.channel)) {
        td_string!(l, contacts.now_confirmed_silent)
    } else {
        td_string!(l, contacts.now_confirmed)
    }
}

fn of_kind(l: Locale, kind: Kind, list: &ContactList, outcome: &Outcome, now: OffsetDateTime) -> AnyView {
    let (id, heading, none) = match kind {
        Kind::Email => (
            "epost",
            td_string!(l, contacts.email),
            td_string!(l, contacts.none_email),
        ),
        Kind::Mobile => (
            "mobil",
            td_string!(l, contacts.mobile),
            td_string!(l, contacts.none_mobile),
        ),
    };
    let rows: Vec<&ContactRow> = list
        .addresses
        .iter()
        .filter(|row| row.channel == kind.channel())
        .collect();
    let in_use = list.addresses.iter().filter(|row| row.is_in_use()).count();
    let silent = list.silent.contains(&kind.channel());
    let wrong = outcome.with_typed(l, kind, list);
    let anchor = wrong.as_ref().map(|_| "ny");
    let add = (!list.full).then(|| add(l, kind, rows.is_empty(), wrong));
    view! {
        <section class="group" id=id aria-labelledby=format!("{id}-h")>
            <h2 id=format!("{id}-h")>{heading}</h2>
            {rows.is_empty().then(|| view! { <p class="muted">{none}</p> })}
            {(!rows.is_empty()).then(|| view! {
                <ul class="addresses">
                    {rows.iter().map(|row| {
                        let is_last = row.is_in_use() && in_use == 1;
                        address(l, kind, row, (is_last, silent), outcome, now)
                    }).collect_view()}
                </ul>
            })}
            <div id=anchor>{add}</div>
        </section>
    }
    .into_any()
}

fn address(
    l: Locale,
    kind: Kind,
    row: &ContactRow,
    (is_last, silent): (bool, bool),
    outcome: &Outcome,
    now: OffsetDateTime,
) -> AnyView {
    let confirmed = match kind {
        Kind::Email => td_string!(l, contacts.confirmed),
        Kind::Mobile => td_string!(l, contacts.confirmed_mobile),
    };
    let (class, standing) = match (&row.broken, row.confirmed.is_some()) {
        (Some(_), _) => ("bad", td_string!(l, contacts.broken)),
        (None, true) => ("good", confirmed),
        (None, false) => ("due", td_string!(l, contacts.waiting)),
    };
    let broken = row.broken.as_ref().map(|broken| {
        let at = Moment::new(broken.since, now).in_sentence(l);
        say!(l, contacts.broken_text, at = at, number = broken.number)
    });
    let waits = row.confirmed.is_none() && row.broken.is_none();
    view! {
        <li>
            <p class="address"><strong>{reached(l, &row.shown)}</strong>" "<span class=class>{standing}</span></p>
            {broken.map(|text| view! { <p class="hint">{text}</p> })}
            {waits.then(|| confirm(l, kind, row, outcome, silent))}
            {(!row.is_in_use()).then(|| again(l, row))}
            {remove(l, row, is_last)}
        </li>
    }
    .into_any()
}

/// The field for the code; with a box for notices when the rules say "not at all" of the channel.
fn confirm(l: Locale, kind: Kind, row: &ContactRow, outcome: &Outcome, silent: bool) -> AnyView {
    let id = row.id.0.clone();
    let shown = reached(l, &row.shown);
    let (hint, rule) = match kind {
        Kind::Email => (
            say!(l, contacts.code_hint_email, address = shown),
            td_string!(l, contacts.tell_there_email),
        ),
        Kind::Mobile => (
            say!(l, contacts.code_hint_mobile, address = shown),
            td_string!(l, contacts.tell_there_mobile),
        ),
    };
    let wrong = outcome.with_code(l, row);
    let ticked = !outcome.is_unticked_for(row);
    let invalid = wrong.is_some();
    let described = if invalid {
        format!("kod-fel-{id} kod-hjalp-{id}")
    } else {
        format!("kod-hjalp-{id}")
    };
    view! {
        <form class="stack" method="post" action=to(ConfirmAddress::PATH)>
            <input type="hidden" name="adress" value=id.clone()/>
            <div class="field" id=format!("kod-{id}")>
                <label for=format!("falt-kod-{id}")>{td_string!(l, contacts.field_code)}</label>
                <p class="hint" id=format!("kod-hjalp-{id}")>{hint}</p>
                {wrong.map(|wrong| view! { <p class="wrong" id=format!("kod-fel-{id}") role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <input
                    class="in code" id=format!("falt-kod-{id}") name="kod" inputmode="numeric" autocomplete="one-time-code" required
                    maxlength="16" spellcheck="false"
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                />
            </div>
            {silent.then(|| check("avisera", ticked, td_string!(l, contacts.tell_there), Some(rule)))}
            <p><button class="btn">{td_string!(l, contacts.confirm)}</button></p>
        </form>
    }
    .into_any()
}

fn again(l: Locale, row: &ContactRow) -> AnyView {
    view! {
        <form method="post" action=to(NewCode::PATH)>
            <input type="hidden" name="adress" value=row.id.0.clone()/>
            <button class="btn bare">{td_string!(l, contacts.new_code)}</button>
        </form>
    }
    .into_any()
}

/// Asks first, says what follows.
pub(super) fn remove(l: Locale, row: &ContactRow, is_last: bool) -> AnyView {
    let shown = reached(l, &row.shown);
    view! {
        <details class="unfold">
            <summary aria-label=say!(l, contacts.remove_which, address = shown)>{td_string!(l, contacts.remove)}{icon(Icon::Down)}</summary>
            <form class="stack" method="post" action=to(RemoveAddress::PATH)>
                <input type="hidden" name="adress" value=row.id.0.clone()/>
                <p><strong>{say!(l, contacts.remove_question, address = shown)}</strong></p>
                {row.is_in_use().then(|| view! { <p>{td_string!(l, contacts.remove_text)}</p> })}
                {is_last.then(|| view! { <p>{td_string!(l, contacts.remove_last)}</p> })}
                <p><button class="btn warn">{say!(l, contacts.remove_which, address = shown)}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// The field for a new address, folded when there is another.
fn add(l: Locale, kind: Kind, first: bool, wrong: Option<(&'static str, String)>) -> AnyView {
    let open = first || wrong.is_some();
    let summary = match kind {
        Kind::Email => td_string!(l, contacts.add_email),
        Kind::Mobile => td_string!(l, contacts.add_mobile),
    };
    if first {
        return give(l, kind, wrong);
    }
    view! {
        <details class="unfold" open=open>
            <summary>{summary}{icon(Icon::Down)}</summary>
            {give(l, kind, wrong)}
        </details>
    }
    .into_any()
}

fn give(l: Locale, kind: Kind, wrong: Option<(&'static str, String)>) -> AnyView {
    let (name, label, hint, input, autocomplete, inputmode) = match kind {
        Kind::Email => (
            "epost",
            td_string!(l, contacts.field_email),
            td_string!(l, contacts.email_hint),
            "email",
            "email",
            "email",
        ),
        Kind::Mobile => (
            "mobil",
            td_string!(l, contacts.field_mobile),
            td_string!(l, contacts.mobile_hint),
            "tel",
            "tel",
            "tel",
        ),
    };
    let invalid = wrong.is_some();
    let (text, typed) = wrong.unzip();
    let described = if invalid {
        format!("{name}-fel {name}-hjalp")
    } else {
        format!("{name}-hjalp")
    };
    view! {
        <form class="stack" method="post" action=to(GiveAddress::PATH)>
            <input type="hidden" name="slag" value=name/>
            <div class="field">
                <label for=format!("falt-{name}")>{label}</label>
                <p class="hint" id=format!("{name}-hjalp")>{hint}</p>
                {text.map(|text| view! { <p class="wrong" id=format!("{name}-fel") role="alert">{icon(Icon::Alert)}{text}</p> })}
                <input
                    class="in middle" id=format!("falt-{name}") name="adress" type=input inputmode=inputmode autocomplete=autocomplete required
                    maxlength="254" spellcheck="false" autocapitalize="none"
                    value=typed
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                />
            </div>
            <p><button class="btn calm">{td_string!(l, contacts.send_code)}</button></p>
        </form>
    }
    .into_any()
}
