//! `/brev/{id}/vidarebefordra`: passing a letter on by e-mail. First the address, then the question, then the outbox.

use super::{asked, letter_named};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{ForbiddenForward, ForwardQuestion, LetterId, Typed};
use crate::request::{forwarding, locale, mailbox};
use crate::words::say;
use crate::words::{self};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Keeps the address that was typed, and asks.
#[server(name = AskToForward, prefix = "/api", endpoint = "vidarebefordra/fraga")]
async fn ask_to_forward(brev: String, till: String) -> Result<(), ServerFnError> {
    use crate::ports::AskForward;
    use crate::request::go;

    let here = address(&brev);
    let outcome = match forwarding() {
        Ok(forwarding) => forwarding.ask(LetterId(brev), till).await,
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
        Ok(SendForward::Forbidden) => go(&here),
        Ok(SendForward::TooMany) => go(&format!("{again}&fel=manga")),
        Ok(SendForward::TooManyRules) => go(&format!("{again}&fel=regler")),
        Err(_) => go(&format!("{here}?fel=tekniskt")),
    }
    Ok(())
}

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
            Some("regler") => Some(td_string!(l, forward.too_many_rules)),
            Some(_) => Some(td_string!(l, forward.failed)),
            None => None,
        };
        let back = format!("/brev/{}", words::segment(&letter.0));
        Ok(view! {
            <Home viewer place=Place::Letter title>
                <a class="crumb" href=back.clone()>{icon(Icon::Left)}{td_string!(l, forward.back)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, forward.title)}</h1>
                    <p class="lead">{say!(l, forward.which, subject = question.subject, sender = question.sender)}</p>
                </div>
                <div class="stack">
                    {said.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    <section class="group">{content(l, &letter, question, back)}</section>
                </div>
            </Home>
        })
    })
}

fn content(l: Locale, letter: &LetterId, question: ForwardQuestion, back: String) -> AnyView {
    if let Some(why) = question.forbidden {
        return forbidden(l, why, back);
    }
    let what = if question.attachments == 0 {
        td_string!(l, forward.goes_alone).to_owned()
    } else {
        let files = usize::try_from(question.attachments).unwrap_or(usize::MAX);
        say!(l, forward.goes, attachments = words::attachments(l, files))
    };
    let step = match question.typed {
        None => EitherOf3::A(typing(l, letter, String::new(), false)),
        Some(Typed::Wrong(typed)) => EitherOf3::B(typing(l, letter, typed, true)),
        Some(Typed::Address { address, draft }) => {
            EitherOf3::C(confirming(l, letter, &question.sender, address, draft, back))
        }
    };
    view! {
        <div class="note" role="note">
            {icon(Icon::Alert)}
            <div class="note-text">
                <h2>{td_string!(l, forward.warning)}</h2>
                <p>{td_string!(l, forward.warning_text)}</p>
            </div>
        </div>
        <p>{what}</p>
        {step}
    }
    .into_any()
}

fn forbidden(l: Locale, why: ForbiddenForward, back: String) -> AnyView {
    let text = match why {
        ForbiddenForward::Protected => td_string!(l, forward.protected).to_owned(),
        ForbiddenForward::BySender => td_string!(l, forward.by_sender).to_owned(),
        ForbiddenForward::TooBig(bytes) => say!(l, forward.too_big, size = words::words_of_size(l, bytes)),
    };
    view! {
        <h2>{td_string!(l, forward.forbidden)}</h2>
        <p>{text}</p>
        <p><a class="btn calm" href=back>{td_string!(l, forward.back)}</a></p>
    }
    .into_any()
}

fn typing(l: Locale, letter: &LetterId, typed: String, wrong: bool) -> AnyView {
    view! {
        <form class="stack" method="post" action=AskToForward::PATH>
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

/// The address once more, and what else is to go there.
fn confirming(l: Locale, letter: &LetterId, sender: &str, address: String, draft: String, back: String) -> AnyView {
    let days = [("30", 1), ("91", 3), ("183", 6), ("366", 12)];
    view! {
        <form class="stack" method="post" action=ForwardLetter::PATH>
            <input type="hidden" name="brev" value=letter.0.clone()/>
            <input type="hidden" name="fraga" value=draft/>
            <h2>{td_string!(l, forward.question)}</h2>
            <p class="address"><strong>{address}</strong></p>
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
                <a class="btn bare" href=back>{td_string!(l, forward.cancel)}</a>
            </p>
        </form>
        <p><a href=self::address(&letter.0)>{td_string!(l, forward.another)}</a></p>
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
