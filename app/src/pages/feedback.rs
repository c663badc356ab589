//! `/tyck-till`: what somebody thinks of the service, with an answer wanted or not. Open to all.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Note, SharedPage, Still, Tone, loaded};
use crate::ports::Opinion;
use crate::request::{locale, public, to};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Takes in what somebody thinks.
#[server(name = SayOpinion, prefix = "/api", endpoint = "tyck-till")]
async fn say_opinion(
    #[server(default)] ord: String,
    #[server(default)] svar: String,
    #[server(default)] epost: String,
    #[server(default)] sida: String,
) -> Result<(), ServerFnError> {
    use crate::ports::Said;
    use crate::request::go;

    let wanted = svar == "ja";
    let opinion = Opinion {
        words: ord,
        answer: wanted,
        email: epost,
        page: sida,
    };
    let said = match public() {
        Ok(public) => public.say(opinion).await,
        Err(error) => Err(error),
    };
    match said {
        Ok(Said::Done) => go(if wanted {
            "/tyck-till?sag=svar"
        } else {
            "/tyck-till?sag=tack"
        }),
        Ok(Said::Wrong { draft, words, email }) => {
            let wrong = match (words, email) {
                (true, true) => "ord-epost",
                (true, false) => "ord",
                _ => "epost",
            };
            go(&format!("/tyck-till?fel={wrong}&utkast={draft}"));
        }
        Ok(Said::TooMany) => go("/tyck-till?fel=manga"),
        Err(_) => go("/tyck-till?fel=nu"),
    }
    Ok(())
}

/// The page.
#[component]
pub(crate) fn FeedbackPage() -> impl IntoView {
    let (thanks, wrong, draft) = (asked("sag"), asked("fel"), asked("utkast"));
    let from = asked("fran").unwrap_or_default();
    loaded(async move {
        let public = public()?;
        let l = locale();
        let typed = match draft {
            Some(draft) => public.typed(draft).await?,
            None => None,
        };
        let typed = typed.unwrap_or_else(|| Opinion {
            page: from,
            ..Opinion::default()
        });
        let title = format!("{} – {}", td_string!(l, feedback.title), td_string!(l, brand.name));
        let content = match thanks.as_deref() {
            Some("svar") => thank(l, td_string!(l, feedback.thanks_answer)),
            Some(_) => thank(l, td_string!(l, feedback.thanks_text)),
            None => form(l, typed, wrong.as_deref().unwrap_or_default()),
        };
        Ok(view! { <SharedPage title>{content}</SharedPage> })
    })
}

fn thank(l: Locale, text: &'static str) -> AnyView {
    view! {
        <div class="fault" role="status">
            <Still askew=false/>
            <div class="stack">
                <h1>{td_string!(l, feedback.thanks)}</h1>
                <p class="lead">{text}</p>
            </div>
            <p><a class="btn" href=to("/")>{td_string!(l, feedback.on)}</a></p>
        </div>
    }
    .into_any()
}

fn form(l: Locale, typed: Opinion, wrong: &str) -> AnyView {
    let (wrong_words, wrong_email) = (wrong.starts_with("ord"), wrong.ends_with("epost"));
    let note = match wrong {
        "manga" => Some(td_string!(l, feedback.too_many)),
        "nu" => Some(td_string!(l, feedback.not_now)),
        _ => None,
    };
    view! {
        <div class="page-head">
            <h1>{td_string!(l, feedback.title)}</h1>
            <p class="lead">{td_string!(l, feedback.lead)}</p>
        </div>
        {note.map(|text| view! { <Note tone=Tone::Wrong text/> })}
        <form class="group stack" method="post" action=to(SayOpinion::PATH)>
            <input type="hidden" name="sida" value=typed.page/>
            <div class="field">
                <label for="ord">{td_string!(l, feedback.words)}</label>
                <p class="hint" id="ord-tips">{td_string!(l, feedback.words_hint)}</p>
                <textarea class="in words" id="ord" name="ord" rows="7" maxlength="4000"
                    aria-invalid=wrong_words.then_some("true")
                    aria-describedby=if wrong_words { "ord-fel ord-tips" } else { "ord-tips" }>{typed.words}</textarea>
                {wrong_words.then(|| view! { <p class="wrong" id="ord-fel">{td_string!(l, feedback.wrong_words)}</p> })}
            </div>
            <fieldset class="field">
                <legend>{td_string!(l, feedback.answer)}</legend>
                {choice("nej", td_string!(l, feedback.answer_no), !typed.answer)}
                {choice("ja", td_string!(l, feedback.answer_yes), typed.answer)}
            </fieldset>
            <div class="field middle">
                <label for="epost">{td_string!(l, feedback.email)}</label>
                <p class="hint" id="epost-tips">{td_string!(l, feedback.email_hint)}</p>
                <input class="in" id="epost" name="epost" type="email" autocomplete="email" maxlength="254" value=typed.email
                    aria-invalid=wrong_email.then_some("true")
                    aria-describedby=if wrong_email { "epost-fel epost-tips" } else { "epost-tips" }/>
                {wrong_email.then(|| view! { <p class="wrong" id="epost-fel">{td_string!(l, feedback.wrong_email)}</p> })}
            </div>
            <p class="small muted">{td_string!(l, feedback.privacy)}" "<a href=to("/integritet")>{td_string!(l, feedback.privacy_link)}</a></p>
            <p><button class="btn">{td_string!(l, feedback.send)}</button></p>
        </form>
    }
    .into_any()
}

fn choice(value: &'static str, name: &'static str, chosen: bool) -> AnyView {
    view! {
        <label class="check">
            <input class="radio" type="radio" name="svar" value=value checked=chosen/>
            <span>{name}</span>
        </label>
    }
    .into_any()
}
