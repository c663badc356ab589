//! `/brev/{id}/vidarebefordra`: passing a letter on, by e-mail or into another mailbox here. First to whom, then the question, then the
//! outbox.

use super::{asked, letter_named};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{ForbiddenForward, ForwardQuestion, LetterId, Typed};
use crate::request::{forwarding, locale, mailbox, to};
use crate::words::say;
use crate::words::{self};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Keeps the address or the number that was typed, and asks.
#[server(name = AskToForward, prefix = "/api", endpoint = "vidarebefordra/fraga")]
async fn ask_to_forward(brev: String, till: String, #[server(default)] satt: String) -> Result<(), ServerFnError> {
    use crate::ports::{AskForward, ForwardWay};
    use crate::request::go;

    let here = address(&brev);
    let way = match satt.as_str() {
        TO_MAILBOX => ForwardWay::Mailbox,
        _ => ForwardWay::Mail,
    };
    let outcome = match forwarding() {
        Ok(forwarding) => forwarding.ask(LetterId(brev), way, till).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(AskForward::Kept(draft)) => go(&format!("{here}?fraga={}", words::segment(&draft))),
        Ok(AskForward::Forbidden) => go(&here),
        Err(_) => go(&format!("{here}?fel=tekniskt")),
    }
    Ok(())
}

/// Sends it, and makes the rule that was asked for.
#[server(name = ForwardLetter, prefix = "/api", endpoint = "vidarebefordra/skicka")]
async fn forward_letter(
    brev: String,
    fraga: String,
    #[server(default)] aven: String,
    #[server(default)] dagar: String,
) -> Result<(), ServerFnError> {
    use crate::ports::{AlsoForward, SendForward};
    use crate::request::go;

    let here = address(&brev);
    let days = dagar.parse().unwrap_or(30);
    let also = match aven.as_str() {
        "avsandaren" => AlsoForward::FromSender(days),
        "allt" => AlsoForward::Everything(days),
        _ => AlsoForward::Nothing,
    };
    let outcome = match forwarding() {
        Ok(forwarding) => forwarding.send(LetterId(brev), fraga.clone(), also).await,
        Err(error) => Err(error),
    };
    let again = format!("{here}?fraga={}", words::segment(&fraga));
    match outcome {
        Ok(SendForward::Waiting) if also == AlsoForward::Nothing => go("/vidarebefordrat?sag=skickas"),
        Ok(SendForward::Waiting) => go("/vidarebefordrat?sag=regel"),
        Ok(SendForward::Asking) if also == AlsoForward::Nothing => go("/vidarebefordrat?sag=fragar"),
        Ok(SendForward::Asking) => go("/vidarebefordrat?sag=fragar-regel"),
        Ok(SendForward::TooManyAsked) => go(&format!("{again}&fel=fragor")),
        Ok(SendForward::Forbidden) => go(&here),
        Ok(SendForward::TooMany) => go(&format!("{again}&fel=manga")),
        Ok(SendForward::TooManyRules) => go(&format!("{again}&fel=regler")),
        Err(_) => go(&format!("{here}?fel=tekniskt")),
    }
    Ok(())
}

/// The form's word for the way into a mailbox.
const TO_MAILBOX: &str = "brevlada";

fn address(letter: &str) -> String {
    format!("/brev/{}/vidarebefordra", words::segment(letter))
}

/// The page.
#[component]
pub(crate) fn ForwardLetterPage() -> impl IntoView {
    let named = letter_named();
    let (draft, wrong) = (asked("fraga"), asked("fel"));
    loaded(async move {
        let letter = named?;
        let (mailbox, forwarding) = (mailbox()?, forwarding()?);
        let question = forwarding.question(letter.clone(), draft).await?;
        let viewer = mailbox.viewer().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, forward.title), td_string!(l, brand.name));
        let said = match wrong.as_deref() {
            Some("manga") => Some(td_string!(l, forward.too_many)),
            Some("fragor") => Some(td_string!(l, forward.too_many_asked)),
            Some("regler") => Some(td_string!(l, forward.too_many_rules)),
            Some(_) => Some(td_string!(l, forward.failed)),
            None => None,
        };
        let back = format!("/brev/{}", words::segment(&letter.0));
        Ok(view! {
            <Home viewer place=Place::Letter title>
                <a class="crumb" href=to(back.clone())>{icon(Icon::Left)}{td_string!(l, forward.back)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, forward.title)}</h1>
                    <p class="lead">{say!(l, forward.which, subject = question.subject, sender = question.sender)}</p>
                </div>
                <div class="stack">
                    {said.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {content(l, &letter, question, back)}
                </div>
            </Home>
        })
    })
}

fn content(l: Locale, letter: &LetterId, question: ForwardQuestion, back: String) -> AnyView {
    if let Some(why) = question.forbidden {
        return view! { <section class="group">{forbidden(l, why, back)}</section> }.into_any();
    }
    let sender = question.sender.clone();
    match question.typed.clone() {
        Some(Typed::Address { address, draft }) => view! {
            <section class="group">
                {not_safe(view! { <h2>{td_string!(l, forward.warning)}</h2> }.into_any(), l)}
                <p>{what_goes(l, &question)}</p>
                {confirming(l, letter, &sender, (td_string!(l, forward.question), address, draft), back)}
                <p><a href=to(self::address(&letter.0))>{td_string!(l, forward.another)}</a></p>
            </section>
        }
        .into_any(),
        Some(Typed::Mailbox { number, draft }) => view! {
            <section class="group">
                {who_gets(l, &question)}
                {confirming(l, letter, &sender, (td_string!(l, forward.question_number), number, draft), back)}
                <p><a href=to(address(&letter.0))>{td_string!(l, forward.another_number)}</a></p>
            </section>
        }
        .into_any(),
        typed => ways(l, letter, &question, typed),
    }
}

/// Both ways, each with its own field; what was typed wrong stands in the one it was typed in.
fn ways(l: Locale, letter: &LetterId, question: &ForwardQuestion, typed: Option<Typed>) -> AnyView {
    let (address, number, wrong_number) = match typed {
        Some(Typed::Wrong(typed)) => (Some(typed), None, ""),
        Some(Typed::WrongNumber(typed)) => (None, Some(typed), td_string!(l, forward.not_a_number)),
        Some(Typed::OwnNumber(typed)) => (None, Some(typed), td_string!(l, forward.own_number)),
        _ => (None, None, ""),
    };
    let by_mail = match question.too_big_for_mail {
        Some(bytes) => {
            let size = words::words_of_size(l, bytes);
            view! { <p>{say!(l, forward.too_big, size = size)}</p> }.into_any()
        }
        None => {
            let wrong = address.is_some();
            view! {
                {not_safe(view! { <h3>{td_string!(l, forward.warning)}</h3> }.into_any(), l)}
                <p>{what_goes(l, question)}</p>
                {typing(l, letter, address.unwrap_or_default(), wrong)}
            }
            .into_any()
        }
    };
    let wrong = number.is_some();
    view! {
        <section class="group" aria-labelledby="med-e-post">
            <h2 id="med-e-post">{td_string!(l, forward.by_mail)}</h2>
            {by_mail}
        </section>
        <section class="group" aria-labelledby="till-brevlada">
            <h2 id="till-brevlada">{td_string!(l, forward.to_mailbox)}</h2>
            <p>{td_string!(l, forward.to_mailbox_text)}</p>
            {typing_number(l, letter, number.unwrap_or_default(), wrong.then_some(wrong_number))}
            <p class="muted">{td_string!(l, forward.not_elsewhere)}</p>
        </section>
    }
    .into_any()
}

fn not_safe(heading: AnyView, l: Locale) -> AnyView {
    view! {
        <div class="note" role="note">
            {icon(Icon::Alert)}
            <div class="note-text">
                {heading}
                <p>{td_string!(l, forward.warning_text)}</p>
            </div>
        </div>
    }
    .into_any()
}

fn what_goes(l: Locale, question: &ForwardQuestion) -> String {
    if question.attachments == 0 {
        return td_string!(l, forward.goes_alone).to_owned();
    }
    let files = usize::try_from(question.attachments).unwrap_or(usize::MAX);
    say!(l, forward.goes, attachments = words::attachments(l, files))
}

/// What goes into a mailbox, what its holder sees and is asked, and what nobody is told.
fn who_gets(l: Locale, question: &ForwardQuestion) -> AnyView {
    let signed = if question.whole {
        td_string!(l, forward.goes_signed)
    } else {
        td_string!(l, forward.goes_copied)
    };
    let seen = match &question.addressed_to {
        None => td_string!(l, forward.seen).to_owned(),
        Some(to) => say!(l, forward.seen_other, to = to),
    };
    view! {
        <ul class="points">
            <li>{what_goes(l, question)}" "{signed}</li>
            <li>{seen}</li>
            <li>{td_string!(l, forward.is_asked)}</li>
            <li>{td_string!(l, forward.not_told)}</li>
        </ul>
    }
    .into_any()
}

fn forbidden(l: Locale, why: ForbiddenForward, back: String) -> AnyView {
    let text = match why {
        ForbiddenForward::Protected => td_string!(l, forward.protected),
        ForbiddenForward::BySender => td_string!(l, forward.by_sender),
        ForbiddenForward::Binned => td_string!(l, forward.binned),
    };
    view! {
        <h2>{td_string!(l, forward.forbidden)}</h2>
        <p>{text}</p>
        <p><a class="btn calm" href=to(back)>{td_string!(l, forward.back)}</a></p>
    }
    .into_any()
}

fn typing(l: Locale, letter: &LetterId, typed: String, wrong: bool) -> AnyView {
    view! {
        <form class="stack" method="post" action=to(AskToForward::PATH)>
            <input type="hidden" name="brev" value=letter.0.clone()/>
            <div class="field">
                <label for="falt-till">{td_string!(l, forward.to)}</label>
                <p class="hint" id="till-hjalp">{td_string!(l, forward.email_hint)}</p>
                {wrong.then(|| view! {
                    <p class="wrong" id="till-fel" role="alert">{icon(Icon::Alert)}{td_string!(l, forward.not_an_address)}</p>
                })}
                <input
                    class="in middle" id="falt-till" name="till" type=if wrong { "text" } else { "email" } inputmode="email"
                    autocomplete="off" required maxlength="254" spellcheck="false" autocapitalize="none" value=typed
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=if wrong { "till-fel till-hjalp" } else { "till-hjalp" }
                />
            </div>
            <p><button class="btn">{td_string!(l, forward.go_on)}</button></p>
        </form>
    }
    .into_any()
}

fn typing_number(l: Locale, letter: &LetterId, typed: String, wrong: Option<&'static str>) -> AnyView {
    let described = if wrong.is_some() {
        "nummer-fel nummer-hjalp"
    } else {
        "nummer-hjalp"
    };
    view! {
        <form class="stack" method="post" action=to(AskToForward::PATH)>
            <input type="hidden" name="brev" value=letter.0.clone()/>
            <input type="hidden" name="satt" value=TO_MAILBOX/>
            <div class="field">
                <label for="falt-nummer">{td_string!(l, forward.number)}</label>
                <p class="hint" id="nummer-hjalp">{td_string!(l, forward.number_hint)}</p>
                {wrong.map(|wrong| view! {
                    <p class="wrong" id="nummer-fel" role="alert">{icon(Icon::Alert)}{wrong}</p>
                })}
                <input
                    class="in middle" id="falt-nummer" name="till" type="text" inputmode="tel" autocomplete="off" required
                    maxlength="24" spellcheck="false" value=typed aria-invalid=wrong.is_some().then_some("true")
                    aria-describedby=described
                />
            </div>
            <p><button class="btn">{td_string!(l, forward.go_on_number)}</button></p>
        </form>
    }
    .into_any()
}

/// The address or the number once more, and what else is to go there.
fn confirming(
    l: Locale,
    letter: &LetterId,
    sender: &str,
    (question, recipient, draft): (&'static str, String, String),
    back: String,
) -> AnyView {
    let days = [("30", 1), ("91", 3), ("183", 6), ("366", 12)];
    view! {
        <form class="stack" method="post" action=to(ForwardLetter::PATH)>
            <input type="hidden" name="brev" value=letter.0.clone()/>
            <input type="hidden" name="fraga" value=draft/>
            <h2>{question}</h2>
            <p class="address"><strong>{recipient}</strong></p>
            <details class="unfold">
                <summary>{td_string!(l, forward.also)}{icon(Icon::Down)}</summary>
                <fieldset class="stack also">
                    <legend>{td_string!(l, forward.also_legend)}</legend>
                    {choice("", true, td_string!(l, forward.also_nothing).to_owned())}
                    {choice("avsandaren", false, say!(l, forward.also_sender, sender = sender.to_owned()))}
                    {choice("allt", false, td_string!(l, forward.also_all).to_owned())}
                    <div class="field">
                        <label for="falt-dagar">{td_string!(l, forward.how_long)}</label>
                        <select class="in short" id="falt-dagar" name="dagar">
                            {days.map(|(days, months)| view! {
                                <option value=days>{match months {
                                    1 => td_string!(l, forward.month).to_owned(),
                                    n => say!(l, forward.months, n = n),
                                }}</option>
                            }).collect_view()}
                        </select>
                        <p class="hint">{td_string!(l, forward.how_long_text)}</p>
                    </div>
                </fieldset>
            </details>
            <p class="row-of">
                <button class="btn">{td_string!(l, forward.send)}</button>
                <a class="btn bare" href=to(back)>{td_string!(l, forward.cancel)}</a>
            </p>
        </form>
    }
    .into_any()
}

fn choice(value: &'static str, chosen: bool, text: String) -> AnyView {
    view! {
        <label class="check">
            <input class="radio" type="radio" name="aven" value=value checked=chosen/>
            <span>{text}</span>
        </label>
    }
    .into_any()
}
