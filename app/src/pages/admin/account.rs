//! `/admin/konto/{look}`: an account as a look shows it, and what can be done for its holder.

use super::account_lists::{arrivals, contacts, notices, sessions};
use super::reason::reason_told;
use crate::i18n::Locale;
use crate::pages::{asked, named};
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, check, icon, staff_loaded, staff_title};
use crate::ports::{Account, AccountFrom, AccountSeen, AccountWhen, Closed, FarSays, LookRow, LookStands, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Does something within a look, by the name of the act: `gor` says what, `vad` to what, `bett=ja` that the holder asks for it.
#[server(name = ActOnAccount, prefix = "/api", endpoint = "admin/konto/gor")]
async fn act_on_account(
    insyn: String,
    gor: String,
    #[server(default)] vad: String,
    #[server(default)] bett: String,
) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::{AccountAct, AccountDone, PortError};
    use crate::request::go;
    use crate::words::segment;

    let here = format!("/admin/konto/{}", segment(&insyn));
    let asked = bett == "ja";
    let act = match gor.as_str() {
        "avisera" => Some((AccountAct::Resend(vad), "avisering")),
        "logga-ut" => Some((AccountAct::EndSession(vad), "utloggad")),
        "logga-ut-alla" => Some((AccountAct::EndSessions, "utloggad-alla")),
        "las" => Some((AccountAct::Lock(asked), "last")),
        "las-upp" => Some((AccountAct::Unlock(asked), "upplast")),
        "bekrafta" => Some((AccountAct::AskAgain(vad), "kod")),
        "skydda" => Some((AccountAct::Protect(asked), "skyddad")),
        "stang" => Some((AccountAct::Close, "stangd")),
        _ => None,
    };
    let Some((act, said)) = act else {
        go(&after(&here, Err(PortError::NotFound), ""));
        return Ok(());
    };
    let closes = act == AccountAct::Close;
    let done = match staff() {
        Ok(staff) => staff.act(insyn, act).await,
        Err(error) => Err(error),
    };
    go(&match done {
        Ok(AccountDone::Done) if closes => after("/admin/konto", Ok(()), said),
        Ok(AccountDone::Done) => after(&here, Ok(()), said),
        Ok(AccountDone::Nothing) => format!("{here}?fel=inget"),
        Ok(AccountDone::TooMany) => format!("{here}?fel=ofta"),
        Ok(AccountDone::NotAsked) => format!("{here}?fel=bett"),
        Ok(AccountDone::NoLook) => format!("{here}?fel=insyn"),
        Err(error) => after(&here, Err(error), ""),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffAccount() -> impl IntoView {
    let (look, said, fault) = (named("id"), asked("sag"), asked("fel"));
    let from = AccountFrom {
        notices: asked("aviseringar"),
        arrivals: asked("leveranser"),
    };
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let seen = staff.account(look?, from.clone()).await?;
        let l = locale();
        let note = note(l, said.as_deref(), fault.as_deref());
        let content = match seen {
            AccountSeen::Nothing(look) => nothing(l, &look, now),
            AccountSeen::Account(account) => shown(l, *account, &from, now),
        };
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Accounts) title=staff_title(l, td_string!(l, accounts.account))>
                <a class="crumb" href="/admin/konto">{icon(Icon::Left)}{td_string!(l, accounts.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, accounts.account)}</h1>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {content}
                </div>
            </StaffPage>
        })
    })
}

fn note(l: Locale, said: Option<&str>, fault: Option<&str>) -> Option<(Tone, &'static str)> {
    let text = match (fault, said) {
        (Some("roll"), _) => td_string!(l, admin.not_allowed_text),
        (Some("inget"), _) => td_string!(l, accounts.fault_nothing),
        (Some("ofta"), _) => td_string!(l, accounts.fault_often),
        (Some("bett"), _) => td_string!(l, accounts.fault_asked),
        (Some("insyn"), _) => td_string!(l, accounts.fault_look),
        (Some(_), _) => td_string!(l, admin.failed),
        (None, Some("avisering")) => td_string!(l, accounts.said_resent),
        (None, Some("utloggad")) => td_string!(l, accounts.said_out),
        (None, Some("utloggad-alla")) => td_string!(l, accounts.said_all_out),
        (None, Some("last")) => td_string!(l, accounts.said_locked),
        (None, Some("upplast")) => td_string!(l, accounts.said_unlocked),
        (None, Some("kod")) => td_string!(l, accounts.said_code),
        (None, Some("skyddad")) => td_string!(l, accounts.said_protected),
        (None, _) => return None,
    };
    let tone = if fault.is_some() { Tone::Wrong } else { Tone::Done };
    Some((tone, text))
}

/// A look that shows nothing, and why.
fn nothing(l: Locale, look: &LookRow, now: OffsetDateTime) -> AnyView {
    let (heading, text) = match look.stands {
        LookStands::Waiting => (td_string!(l, accounts.waits), td_string!(l, accounts.waits_text)),
        LookStands::Refused => (td_string!(l, accounts.refused), td_string!(l, accounts.refused_text)),
        LookStands::Open | LookStands::Over => (td_string!(l, accounts.over), td_string!(l, accounts.over_text)),
    };
    let until = (look.stands == LookStands::Waiting).then(|| {
        let until = Moment::new(look.ends_at, now).in_future(l);
        view! { <p>{say!(l, accounts.waits_until, at = until)}</p> }
    });
    view! {
        <section class="group stack" aria-labelledby="laget">
            <h2 id="laget">{heading}</h2>
            <p>{text}</p>
            {until}
            <p class="muted">{reason_told(l, &look.reason)}</p>
            {(look.stands == LookStands::Waiting).then(|| close(l, &look.id))}
            <p><a class="btn calm" href="/admin/konto">{td_string!(l, accounts.again)}</a></p>
        </section>
    }
    .into_any()
}

/// When something was, as exactly as may be told.
pub(super) fn when(l: Locale, at: AccountWhen, now: OffsetDateTime) -> AnyView {
    told(l, at, now, Moment::in_letter)
}

/// The same inside a sentence.
pub(super) fn when_inside(l: Locale, at: AccountWhen, now: OffsetDateTime) -> AnyView {
    told(l, at, now, Moment::in_sentence)
}

fn told(l: Locale, at: AccountWhen, now: OffsetDateTime, said: fn(Moment, Locale) -> String) -> AnyView {
    match at {
        AccountWhen::At(at) => {
            let at = Moment::new(at, now);
            view! { <time datetime=at.machine()>{said(at, l)}</time> }.into_any()
        }
        AccountWhen::On(day) => view! { <span>{words::day_with_year(l, day)}</span> }.into_any(),
    }
}

/// A button that does something to one thing of the account.
pub(super) fn button(look: &str, act: &'static str, what: String, name: &'static str, label: String) -> AnyView {
    view! {
        <form method="post" action=ActOnAccount::PATH>
            <input type="hidden" name="insyn" value=look.to_owned()/>
            <input type="hidden" name="gor" value=act/>
            <input type="hidden" name="vad" value=what/>
            <button class="btn bare" aria-label=label>{name}</button>
        </form>
    }
    .into_any()
}

fn close(l: Locale, look: &str) -> AnyView {
    view! {
        <form method="post" action=ActOnAccount::PATH>
            <input type="hidden" name="insyn" value=look.to_owned()/>
            <button class="btn calm" name="gor" value="stang">{td_string!(l, accounts.close)}</button>
        </form>
    }
    .into_any()
}

fn shown(l: Locale, account: Account, from: &AccountFrom, now: OffsetDateTime) -> AnyView {
    let look = account.look.id.clone();
    let until = Moment::new(account.look.ends_at, now).clock(l);
    let first = *from == AccountFrom::default();
    let protected = account.protected;
    view! {
        <section class="group stack" aria-labelledby="laget">
            <div class="title-line">
                <h2 id="laget">{td_string!(l, accounts.state)}</h2>
                {close(l, &look)}
            </div>
            <p class="muted">{reason_told(l, &account.look.reason)}" · "{say!(l, accounts.open_until, time = until)}</p>
            {protected.then(|| view! { <p class="note">{icon(Icon::Lock)}<span class="note-text">{td_string!(l, accounts.protected_text)}</span></p> })}
            {state(l, &account, now)}
        </section>
        {contacts(l, &look, account.contacts, now)}
        {notices(l, &look, (account.notices, account.more_notices), from, now)}
        {sessions(l, &look, account.sessions, now)}
        {arrivals(l, &look, (account.arrivals, account.more_arrivals), from, now)}
        {first.then(|| requests(l, &look, account.locked.is_some(), protected))}
    }
    .into_any()
}

/// How the account stands, here and with FaR.
fn state(l: Locale, account: &Account, now: OffsetDateTime) -> AnyView {
    let here = match account.closed {
        None => td_string!(l, accounts.is_open),
        Some((Closed::Moved, _)) => td_string!(l, accounts.is_moved),
        Some((Closed::Left, _)) => td_string!(l, accounts.is_left),
        Some((Closed::Ended, _)) => td_string!(l, accounts.is_ended),
    };
    let since = account.closed.map_or(account.opened, |(_, since)| since);
    let far = account.far.as_ref().map(|far| {
        let says = match far {
            FarSays::Here => td_string!(l, accounts.far_here).to_owned(),
            FarSays::Elsewhere(operator) => say!(l, accounts.far_elsewhere, operator = operator),
            FarSays::Nowhere => td_string!(l, accounts.far_nowhere).to_owned(),
            FarSays::Pending => td_string!(l, accounts.far_pending).to_owned(),
            FarSays::Silent => td_string!(l, accounts.far_silent).to_owned(),
            FarSays::Protected => td_string!(l, accounts.far_protected).to_owned(),
        };
        view! { <div><dt>{td_string!(l, accounts.far)}</dt><dd>{says}</dd></div> }
    });
    let locked = account.locked.map(|since| {
        view! { <div><dt>{td_string!(l, accounts.locked)}</dt><dd>{when(l, since, now)}</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>{td_string!(l, accounts.mailbox)}</dt>
            <dd>{here}", "{when_inside(l, since, now)}</dd></div>
            {locked}
            {far}
        </dl>
    }
    .into_any()
}

/// What is done because the holder asks for it.
fn requests(l: Locale, look: &str, locked: bool, protected: bool) -> AnyView {
    let (act, heading, text, name) = if locked {
        (
            "las-upp",
            td_string!(l, accounts.unlock),
            td_string!(l, accounts.unlock_text),
            td_string!(l, accounts.unlock),
        )
    } else {
        (
            "las",
            td_string!(l, accounts.lock),
            td_string!(l, accounts.lock_text),
            td_string!(l, accounts.lock),
        )
    };
    view! {
        {request(l, look, act, (heading, text, name))}
        {(!protected).then(|| request(l, look, "skydda", (
            td_string!(l, accounts.protect), td_string!(l, accounts.protect_text), td_string!(l, accounts.protect),
        )))}
    }
    .into_any()
}

fn request(
    l: Locale,
    look: &str,
    act: &'static str,
    (heading, text, name): (&'static str, &'static str, &'static str),
) -> AnyView {
    view! {
        <form class="group stack" method="post" action=ActOnAccount::PATH>
            <h2>{heading}</h2>
            <p>{text}</p>
            <input type="hidden" name="insyn" value=look.to_owned()/>
            {check("bett", false, td_string!(l, accounts.asked), None)}
            <p><button class="btn calm" name="gor" value=act>{name}</button></p>
        </form>
    }
    .into_any()
}
