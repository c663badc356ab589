//! `/admin/konto`: finding an account by its holder's number, with a reason. The number stands in no address.

use super::reason::{reason_fields, reason_told, wrong};
use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{LookRow, LookStands, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Opens a look at an account.
#[server(name = FindAccount, prefix = "/api", endpoint = "admin/konto/oppna")]
async fn find_account(
    #[server(default)] nummer: String,
    #[server(default)] skal: String,
    #[server(default)] ord: String,
) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::{AccountFind, FoundAccount, WrongFind};
    use crate::request::go;
    use crate::words::segment;

    let form = AccountFind {
        number: nummer,
        cause: skal,
        words: ord,
    };
    let found = match staff() {
        Ok(staff) => staff.find(form).await,
        Err(error) => Err(error),
    };
    go(&match found {
        Ok(FoundAccount::Look(look)) => format!("/admin/konto/{}", segment(&look)),
        Ok(FoundAccount::Wrong(wrong, draft)) => {
            let wrong = match wrong {
                WrongFind::Number => "nummer",
                WrongFind::Nobody => "ingen",
                WrongFind::Cause => "skal",
                WrongFind::Words => "ord",
            };
            format!("/admin/konto?fel={wrong}&utkast={}", segment(&draft))
        }
        Err(error) => after("/admin/konto", Err(error), ""),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffAccounts() -> impl IntoView {
    let (fault, draft, said) = (asked("fel"), asked("utkast"), asked("sag"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.looks(draft).await?;
        let l = locale();
        let note = match (fault.as_deref(), said.as_deref()) {
            (Some("roll"), _) => Some((Tone::Wrong, td_string!(l, admin.not_allowed_text))),
            (Some("ingen"), _) => Some((Tone::Wrong, td_string!(l, accounts.nobody))),
            (Some("nummer" | "skal" | "ord"), _) => Some((Tone::Wrong, td_string!(l, accounts.not_right))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, admin.failed))),
            (None, Some("stangd")) => Some((Tone::Done, td_string!(l, accounts.said_closed))),
            (None, _) => None,
        };
        let is = |name: &str| fault.as_deref() == Some(name);
        let wrong_reason = (is("skal"), is("ord"));
        let wrong_number = is("nummer").then(|| td_string!(l, accounts.wrong_number));
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Accounts) title=staff_title(l, td_string!(l, accounts.title))>
                <div class="page-head">
                    <h1>{td_string!(l, accounts.title)}</h1>
                    <p class="lead">{td_string!(l, accounts.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    <form class="group stack" method="post" action=FindAccount::PATH autocomplete="off">
                        {number_field(l, page.typed.number, wrong_number)}
                        {reason_fields(l, &page.typed.cause, page.typed.words, wrong_reason)}
                        <p><button class="btn">{icon(Icon::Eye)}{td_string!(l, accounts.open)}</button></p>
                        <p class="small muted">{td_string!(l, accounts.told_holder)}</p>
                    </form>
                    {own(l, page.looks, now)}
                </div>
            </StaffPage>
        })
    })
}

/// A field for a holder's number, with what is wrong with what was typed.
pub(super) fn number_field(l: Locale, value: String, told: Option<&'static str>) -> AnyView {
    let described = if told.is_some() {
        "nummer-fel nummer-tips"
    } else {
        "nummer-tips"
    };
    view! {
        <div class="field">
            <label for="nummer">{td_string!(l, accounts.number)}</label>
            <p class="hint" id="nummer-tips">{td_string!(l, accounts.number_hint)}</p>
            {told.map(|text| wrong("nummer-fel", text))}
            <input class="in" id="nummer" name="nummer" inputmode="numeric" maxlength="24" value=value autocomplete="off" spellcheck="false"
                aria-invalid=told.map(|_| "true") aria-describedby=described/>
        </div>
    }
    .into_any()
}

/// Their own looks that are not over.
fn own(l: Locale, looks: Vec<LookRow>, now: OffsetDateTime) -> AnyView {
    if looks.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="group" aria-labelledby="oppna">
            <h2 id="oppna">{td_string!(l, accounts.own)}</h2>
            <ul class="jobs">
                {looks.into_iter().map(|look| {
                    let address = format!("/admin/konto/{}", words::segment(&look.id));
                    let until = Moment::new(look.ends_at, now).clock(l);
                    let stands = if look.stands == LookStands::Waiting {
                        td_string!(l, accounts.waits_short).to_owned()
                    } else {
                        say!(l, accounts.open_until, time = until)
                    };
                    let at = Moment::new(look.asked_at, now);
                    view! {
                        <li>
                            <p>
                                <a href=address>{reason_told(l, &look.reason)}</a>
                                <small class="muted"><time datetime=at.machine()>{at.in_letter(l)}</time>" · "{stands}</small>
                            </p>
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}
