//! `/installningar/ombud`: whom the person lets into the mailbox.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, choice, day_field, icon, loaded, small_icon};
use crate::ports::{Consent, ConsentLevel, ConsentStands, GivenConsents, KnownSender};
use crate::request::{company, consents, locale, mailbox, to, visit};
use crate::words::{self, Moment, TypedDay, WrongDay, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

const PAGE: &str = "/installningar/ombud";

/// The form as it is sent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Typed {
    #[serde(default)]
    nummer: String,
    #[serde(default)]
    far: String,
    #[serde(default)]
    brev: String,
    #[serde(default)]
    fran: String,
    #[serde(default)]
    avsandare: Vec<String>,
    #[serde(default)]
    till: String,
}

/// Offers somebody to be let in.
#[server(name = OfferHelp, prefix = "/api", endpoint = "ombud/erbjud")]
async fn offer_help(ombud: Typed) -> Result<(), ServerFnError> {
    use crate::ports::{ConsentForm, ConsentLevel, OfferConsent, WrongOffer};
    use crate::request::go;

    let form = ConsentForm {
        number: ombud.nummer,
        level: match ombud.far.as_str() {
            "administrera" => ConsentLevel::Administer,
            "skota" => ConsentLevel::Manage,
            _ => ConsentLevel::Read,
        },
        old_letters: ombud.brev == "alla",
        senders: (ombud.fran == "valda").then_some(ombud.avsandare),
        through: ombud.till,
    };
    let outcome = match consents() {
        Ok(consents) => consents.offer(form).await,
        Err(error) => Err(error),
    };
    let wrong = match outcome {
        Ok(OfferConsent::Done) => {
            go(&format!("{PAGE}?sag=erbjudet"));
            return Ok(());
        }
        Ok(OfferConsent::Wrong(wrong)) => match wrong {
            WrongOffer::Number => "nummer",
            WrongOffer::OwnNumber => "eget",
            WrongOffer::Organisation => "organisation",
            WrongOffer::Already => "redan",
            WrongOffer::Day => "dag",
            WrongOffer::DayOutOfBounds => "dag-langt",
            WrongOffer::NoSender => "avsandare",
            WrongOffer::Administers => "administrera",
            WrongOffer::TooMany => "manga",
        },
        Err(_) => "tekniskt",
    };
    go(&format!("{PAGE}?fel={wrong}#nytt"));
    Ok(())
}

/// Ends a consent, or takes an offer back.
#[server(name = EndHelp, prefix = "/api", endpoint = "ombud/avsluta")]
async fn end_help(ombud: String) -> Result<(), ServerFnError> {
    use crate::ports::{ConsentId, PortError};
    use crate::request::go;

    let outcome = match consents() {
        Ok(consents) => consents.end(ConsentId(ombud)).await,
        Err(error) => Err(error),
    };
    go(&match outcome {
        Ok(()) => format!("{PAGE}?sag=avslutat"),
        Err(PortError::NotFound) => format!("{PAGE}?fel=borta"),
        Err(_) => format!("{PAGE}?fel=tekniskt"),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn Helpers() -> impl IntoView {
    let (done, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let (mailbox, consents) = (mailbox()?, consents()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let given = consents.given().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, consents.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let said = match (wrong.as_deref(), done.as_deref()) {
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, consents.gone))),
            (Some("tekniskt"), _) => Some((Tone::Wrong, td_string!(l, consents.failed))),
            (Some("manga"), _) if company().is_some() => Some((Tone::Wrong, td_string!(l, consents.too_many_of))),
            (Some("manga"), _) => Some((Tone::Wrong, td_string!(l, consents.too_many))),
            (None, Some("erbjudet")) => Some((Tone::Done, td_string!(l, consents.offered))),
            (None, Some("avslutat")) => Some((Tone::Done, td_string!(l, consents.ended))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, consents.title)}</h1>
                    <p class="lead">{lead(l)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    {groups(l, &given.consents, now)}
                    {form(l, given, wrong.as_deref())}
                </div>
            </Home>
        })
    })
}

fn lead(l: Locale) -> String {
    match company() {
        None => td_string!(l, consents.lead).to_owned(),
        Some(company) => say!(l, consents.lead_of, name = company.holder),
    }
}

fn groups(l: Locale, consents: &[Consent], now: OffsetDateTime) -> AnyView {
    let lives = |consent: &&Consent| matches!(consent.stands, ConsentStands::Offered | ConsentStands::Active);
    let (live, past): (Vec<_>, Vec<_>) = consents.iter().partition(lives);
    let rows = |some: Vec<&Consent>| some.into_iter().map(|consent| one(l, consent, now)).collect_view();
    let (heading, nobody) = match company() {
        None => (td_string!(l, consents.live), td_string!(l, consents.nobody)),
        Some(_) => (td_string!(l, consents.live_of), td_string!(l, consents.nobody_of)),
    };
    let register = company()
        .is_none()
        .then(|| view! { <p class="small muted">{td_string!(l, consents.register_text)}</p> });
    view! {
        <section class="group" aria-labelledby="ombuden">
            <h2 id="ombuden">{heading}</h2>
            {if live.is_empty() {
                view! { <p class="muted">{nobody}</p> }.into_any()
            } else {
                view! { <ul class="askers">{rows(live)}</ul> }.into_any()
            }}
            {register}
        </section>
        {(!past.is_empty()).then(|| view! {
            <details class="group fold">
                <summary><h2>{td_string!(l, consents.past)}</h2>{icon(Icon::Down)}</summary>
                <div class="fold-in"><ul class="askers">{rows(past)}</ul></div>
            </details>
        })}
    }
    .into_any()
}

fn one(l: Locale, consent: &Consent, now: OffsetDateTime) -> AnyView {
    let day = Moment::new(consent.since, now).date_in_full(l);
    // Who has not answered has no name here yet, and is called by the number.
    let (who, number) = if consent.name.is_empty() {
        (consent.number.clone(), None)
    } else {
        (
            consent.name.clone(),
            Some(say!(l, askers.number, number = consent.number.clone())),
        )
    };
    let stands = match consent.stands {
        ConsentStands::Offered => say!(l, consents.stands_offered, date = day),
        ConsentStands::Active => say!(l, consents.stands_active, date = day),
        ConsentStands::Refused => say!(l, consents.stands_refused, date = day),
        ConsentStands::EndedByHolder if company().is_some() => say!(l, consents.stands_ended_of, date = day),
        ConsentStands::EndedByHolder => say!(l, consents.stands_ended, date = day),
        ConsentStands::EndedByHelper => say!(l, consents.stands_left, date = day),
        ConsentStands::Over => say!(l, consents.stands_over, date = day),
    };
    let end = match consent.stands {
        ConsentStands::Offered => Some(td_string!(l, consents.take_back)),
        ConsentStands::Active => Some(td_string!(l, consents.end)),
        _ => None,
    };
    view! {
        <li>
            <p><strong>{who.clone()}</strong><small class="muted">{number.map(|number| format!("{number} "))}{stands}</small></p>
            <p>{terms(l, consent, now)}</p>
            {end.map(|text| view! {
                <form method="post" action=to(EndHelp::PATH)>
                    <input type="hidden" name="ombud" value=consent.id.0.clone()/>
                    <button class="btn calm" aria-label=format!("{text}: {who}")>{text}</button>
                </form>
            })}
        </li>
    }
    .into_any()
}

/// What a consent lets somebody do, in words.
pub(super) fn terms(l: Locale, consent: &Consent, now: OffsetDateTime) -> String {
    let what = match consent.level {
        ConsentLevel::Read => td_string!(l, consents.may_read),
        ConsentLevel::Manage => td_string!(l, consents.may_manage),
        ConsentLevel::Administer => td_string!(l, consents.may_administer),
    };
    let letters = match consent.from {
        Some(from) => say!(l, consents.letters_from, date = Moment::new(from, now).date_in_full(l)),
        None => td_string!(l, consents.letters_all).to_owned(),
    };
    let senders = match &consent.senders {
        Some(senders) => say!(l, consents.senders_some, senders = senders.join(", ")),
        None => td_string!(l, consents.senders_all).to_owned(),
    };
    let until = say!(l, consents.until, date = words::day_with_year(l, consent.through));
    format!("{what} {letters} {senders} {until}")
}

fn form(l: Locale, given: GivenConsents, wrong: Option<&str>) -> AnyView {
    let fresh = given.typed.is_none() || wrong.is_none();
    let typed = given.typed.filter(|_| wrong.is_some()).unwrap_or_default();
    let through = if fresh { given.proposed } else { typed.through.clone() };
    let number_wrong = match wrong {
        Some("nummer") => Some(td_string!(l, consents.wrong_number)),
        Some("eget") => Some(td_string!(l, consents.wrong_own)),
        Some("organisation") => Some(td_string!(l, consents.wrong_organisation)),
        Some("redan") => Some(td_string!(l, consents.wrong_already)),
        _ => None,
    };
    let some = typed.senders.is_some();
    let is_company = company().is_some();
    let (new_text, read_text) = if is_company {
        (
            td_string!(l, consents.new_text_of),
            td_string!(l, consents.read_text_of),
        )
    } else {
        (td_string!(l, consents.new_text), td_string!(l, consents.read_text))
    };
    let level = |level, value, name, text| choice("ombud[far]", value, typed.level == level, name, Some(text));
    view! {
        <section class="group" aria-labelledby="nytt-h" id="nytt">
            <h2 id="nytt-h">{td_string!(l, consents.new)}</h2>
            <p>{new_text}</p>
            <form class="stack" method="post" action=to(OfferHelp::PATH)>
                <div class="field">
                    <label for="ombud-nummer">{td_string!(l, consents.number)}</label>
                    <p class="hint" id="ombud-nummer-om">{td_string!(l, consents.number_text)}</p>
                    {number_wrong.map(|text| view! { <p class="wrong" id="ombud-nummer-fel" role="alert">{icon(Icon::Alert)}{text}</p> })}
                    <input class="in" id="ombud-nummer" name="ombud[nummer]" value=typed.number.clone() inputmode="numeric" autocomplete="off" required
                        aria-invalid=number_wrong.map(|_| "true")
                        aria-describedby=if number_wrong.is_some() { "ombud-nummer-fel ombud-nummer-om" } else { "ombud-nummer-om" }/>
                </div>
                <fieldset class="field">
                    <legend>{td_string!(l, consents.what)}</legend>
                    {(wrong == Some("administrera")).then(|| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}{td_string!(l, consents.wrong_administers)}</p> })}
                    {level(ConsentLevel::Read, "lasa", td_string!(l, consents.read), read_text)}
                    {level(ConsentLevel::Manage, "skota", td_string!(l, consents.manage), td_string!(l, consents.manage_text))}
                    {is_company.then(|| level(ConsentLevel::Administer, "administrera", td_string!(l, consents.administer), td_string!(l, consents.administer_text)))}
                </fieldset>
                <fieldset class="field">
                    <legend>{td_string!(l, consents.which)}</legend>
                    {choice("ombud[brev]", "nya", !typed.old_letters, td_string!(l, consents.new_letters), None)}
                    {choice("ombud[brev]", "alla", typed.old_letters, td_string!(l, consents.all_letters), None)}
                </fieldset>
                {senders(l, &given.senders, typed.senders.unwrap_or_default(), some, wrong == Some("avsandare"))}
                {day_field(l, td_string!(l, consents.through), "ombud-till", "ombud[till]", &TypedDay::of(Some(through)), (wrong == Some("dag")).then_some(WrongDay::NotADay))}
                {(wrong == Some("dag-langt")).then(|| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}{td_string!(l, consents.wrong_day)}</p> })}
                <p><button class="btn">{small_icon(Icon::Plus)}{td_string!(l, consents.offer)}</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// From whom: everybody, or those that are ticked.
fn senders(l: Locale, known: &[KnownSender], chosen: Vec<String>, some: bool, wrong: bool) -> AnyView {
    if known.is_empty() {
        return ().into_any();
    }
    view! {
        <fieldset class="field">
            <legend>{td_string!(l, consents.from_whom)}</legend>
            {choice("ombud[fran]", "alla", !some, td_string!(l, consents.from_all), None)}
            {choice("ombud[fran]", "valda", some, td_string!(l, consents.from_some), None)}
            {wrong.then(|| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}{td_string!(l, consents.wrong_senders)}</p> })}
            <details class="more-info" open=some>
                <summary>{td_string!(l, consents.choose)}{small_icon(Icon::Down)}</summary>
                <div class="card stack">
                    {known.iter().map(|sender| view! {
                        <label class="check">
                            <input class="box" type="checkbox" name="ombud[avsandare][]" value=sender.number.clone() checked=chosen.contains(&sender.number)/>
                            <span>{sender.name.clone()}</span>
                        </label>
                    }).collect_view()}
                </div>
            </details>
        </fieldset>
    }
    .into_any()
}
