//! `/installningar/brevlada/avsluta`: what follows when the mailbox is ended, with its days, and ending it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::BeforeTheEnd;
#[cfg(feature = "ssr")]
use crate::request::Language;
use crate::request::{locale, mailbox, operator, to, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Ends the mailbox.
#[server(name = EndMailbox, prefix = "/api", endpoint = "brevlada/avsluta")]
async fn end_mailbox(marke: String, #[server(default)] forstar: Option<String>) -> Result<(), ServerFnError> {
    use crate::ports::Ended;
    use crate::request::go;

    if forstar.is_none() {
        go("/installningar/brevlada/avsluta?fel=kryss");
        return Ok(());
    }
    let ended = match operator() {
        Ok(operator) => operator.end(marke).await,
        Err(error) => Err(error),
    };
    go(match ended {
        Ok(Ended::Done) => "/installningar/brevlada?sag=avslutad",
        Ok(Ended::MoreMustSign) => "/installningar/brevlada?sag=fler",
        Ok(Ended::RuleNotSupported) => "/installningar/brevlada/avsluta?fel=regel",
        Ok(Ended::ReadAgain) => "/installningar/brevlada/avsluta?fel=igen",
        Ok(Ended::TryAgain) | Err(_) => "/installningar/brevlada/avsluta?fel=nu",
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn EndingPage() -> impl IntoView {
    let wrong = asked("fel");
    loaded(async move {
        let (mailbox, operator) = (mailbox()?, operator()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let before = operator.before_the_end().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, ending.title),
            td_string!(l, operator.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::Operator title>
                <a class="crumb" href=to("/installningar/brevlada")>{icon(Icon::Left)}{td_string!(l, operator.title)}</a>
                <div class="page-head"><h1>{td_string!(l, ending.title)}</h1></div>
                <div class="stack">
                    {note(l, wrong.as_deref())}
                    {what_follows(l, before.until, now)}
                    {to_sign(l, before, wrong.as_deref() == Some("kryss"))}
                </div>
            </Home>
        })
    })
}

fn note(l: Locale, wrong: Option<&str>) -> AnyView {
    let text = match wrong {
        Some("igen") => td_string!(l, ending.read_again),
        Some("nu") => td_string!(l, ending.not_now),
        Some("regel") => td_string!(l, companies.rule_not_supported),
        _ => return ().into_any(),
    };
    view! { <Note tone=Tone::Wrong text/> }.into_any()
}

fn what_follows(l: Locale, until: OffsetDateTime, now: OffsetDateTime) -> AnyView {
    let until = Moment::new(until, now).date_in_full(l);
    view! {
        <section class="group" aria-labelledby="foljer">
            <h2 id="foljer">{td_string!(l, ending.follows)}</h2>
            <ol class="steps">
                <li><strong>{td_string!(l, ending.at_once)}</strong><small>{td_string!(l, ending.at_once_text)}</small></li>
                <li><strong>{say!(l, ending.until, date = until.clone())}</strong><small>{td_string!(l, ending.until_text)}</small></li>
                <li><strong>{say!(l, ending.then, date = until)}</strong><small>{td_string!(l, ending.then_text)}</small></li>
            </ol>
            <p>{td_string!(l, ending.export)}" "<a href=to("/installningar/export")>{td_string!(l, ending.export_link)}</a></p>
        </section>
    }
    .into_any()
}

fn to_sign(l: Locale, before: BeforeTheEnd, unticked: bool) -> AnyView {
    view! {
        <form class="stack" method="post" action=to(EndMailbox::PATH)>
            <section class="group" aria-labelledby="text">
                <h2 id="text">{td_string!(l, ending.agreement)}</h2>
                <p class="small muted">{td_string!(l, reception.agreement_hint)}</p>
                <blockquote class="agreement">{before.text.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()}</blockquote>
                <label class="check">
                    <input class="box" type="checkbox" name="forstar" value="ja" required
                        aria-invalid=unticked.then_some("true") aria-describedby=unticked.then_some("fel-kryss")/>
                    <span>{td_string!(l, ending.understand)}</span>
                </label>
                {unticked.then(|| view! { <p class="wrong" id="fel-kryss">{td_string!(l, ending.tick)}</p> })}
            </section>
            <input type="hidden" name="marke" value=before.mark/>
            <div class="row-of">
                <a class="btn" href=to("/installningar/brevlada")>{td_string!(l, ending.keep)}</a>
                <button class="btn warn">{td_string!(l, ending.verb)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The text that is signed to end a mailbox, in the language that it is read in.
#[cfg(feature = "ssr")]
pub fn ending_text(language: Language, of_company: bool, until: OffsetDateTime) -> String {
    let l = Locale::from(language);
    let date = Moment::new(until, until).date_in_full(l);
    if of_company {
        say!(l, ending.sign_of, date = date)
    } else {
        say!(l, ending.sign, date = date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_text_names_the_last_day_in_sweden() {
        let text = ending_text(Language::Swedish, false, datetime!(2026-12-25 23:30 UTC));
        assert!(text.contains("26\u{a0}december"), "{text}");
    }
}
