//! `/installningar/mottagning/granska`: what is about to change, the text about it, and signing it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{Conflict, Review, RuleChange};
#[cfg(feature = "ssr")]
use crate::request::Language;
use crate::request::{locale, mailbox, reception, to};
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Signs the text that was read.
#[server(name = SignRules, prefix = "/api", endpoint = "mottagning/spara")]
async fn sign_rules(marke: String) -> Result<(), ServerFnError> {
    use crate::ports::Signed;
    use crate::request::go;

    let outcome = match reception() {
        Ok(reception) => reception.sign(marke).await,
        Err(error) => Err(error),
    };
    go(match outcome {
        Ok(Signed::Stored) => "/installningar/mottagning?sag=sparat",
        Ok(Signed::MoreMustSign) => "/installningar/mottagning?sag=fler",
        Ok(Signed::RuleNotSupported) => "/installningar/mottagning/granska?fel=regel",
        Ok(Signed::ReadAgain) => "/installningar/mottagning/granska?fel=igen",
        Ok(Signed::Unknown) => "/installningar/mottagning/granska?fel=oklart",
        Ok(Signed::NotStored) | Err(_) => "/installningar/mottagning/granska?fel=nu",
    });
    Ok(())
}

/// Keeps the ticks, and takes the register's word for the rest.
#[server(name = SettleRules, prefix = "/api", endpoint = "mottagning/utga")]
async fn settle_rules() -> Result<(), ServerFnError> {
    use crate::ports::Kept;
    use crate::request::go;

    let outcome = match reception() {
        Ok(reception) => reception.settle().await,
        Err(error) => Err(error),
    };
    go(if outcome == Ok(Kept::Done) {
        "/installningar/mottagning/granska"
    } else {
        "/installningar/mottagning/granska?fel=nu"
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn ReceptionReview() -> impl IntoView {
    let wrong = asked("fel");
    loaded(async move {
        let (mailbox, reception) = (mailbox()?, reception()?);
        let viewer = mailbox.viewer().await?;
        let review = reception.review().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, reception.review_title),
            td_string!(l, reception.title),
            td_string!(l, brand.name)
        );
        let note = match wrong.as_deref() {
            Some("igen") => Some(td_string!(l, reception.read_again)),
            Some("regel") => Some(td_string!(l, companies.rule_not_supported)),
            Some("oklart") => Some(td_string!(l, reception.unknown)),
            Some(_) => Some(td_string!(l, reception.not_stored)),
            None => None,
        };
        let content = match review {
            Review::Changes { changes, text, mark } => to_sign(l, changes, text, mark),
            Review::Conflicts(conflicts) => to_settle(l, conflicts),
            Review::Nothing => view! { <p>{td_string!(l, reception.nothing)}</p> }.into_any(),
            Review::TryAgain => view! {
                <Note tone=Tone::Wrong heading=td_string!(l, reception.down) text=td_string!(l, reception.down_draft)>
                    <a class="btn calm" href=to("/installningar/mottagning/granska")>{td_string!(l, fault.retry)}</a>
                </Note>
            }
            .into_any(),
            Review::NotHere => view! {
                <Note tone=Tone::Wrong heading=td_string!(l, reception.not_here) text=td_string!(l, reception.not_here_text)/>
            }
            .into_any(),
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar/mottagning")>{icon(Icon::Left)}{td_string!(l, reception.title)}</a>
                <div class="page-head"><h1>{td_string!(l, reception.review_title)}</h1></div>
                <div class="stack">
                    {note.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {content}
                </div>
            </Home>
        })
    })
}

fn to_sign(l: Locale, changes: Vec<RuleChange>, text: String, mark: String) -> AnyView {
    let (digital, paper): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.digital);
    view! {
        {group(l, "pa-papper", td_string!(l, reception.to_paper), td_string!(l, reception.to_paper_text), paper)}
        {group(l, "digitalt", td_string!(l, reception.to_digital), td_string!(l, reception.to_digital_text), digital)}
        <section class="group" aria-labelledby="text">
            <h2 id="text">{td_string!(l, reception.agreement)}</h2>
            <p class="small muted">{td_string!(l, reception.agreement_hint)}</p>
            <blockquote class="agreement">{text.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()}</blockquote>
        </section>
        <div class="row-of">
            <form method="post" action=to(SignRules::PATH)>
                <input type="hidden" name="marke" value=mark/>
                <button class="btn">{td_string!(l, reception.sign)}</button>
            </form>
            <a class="btn bare" href=to("/installningar/mottagning")>{td_string!(l, reception.back)}</a>
        </div>
    }
    .into_any()
}

fn group(l: Locale, id: &'static str, heading: &'static str, text: &'static str, changes: Vec<RuleChange>) -> AnyView {
    if changes.is_empty() {
        return ().into_any();
    }
    let many = changes.len();
    let names = view! {
        <ul class="names">{changes.into_iter().map(|change| view! {
            <li>{change.name}" "<small>{change.organisation}</small></li>
        }).collect_view()}</ul>
    };
    // A long list can be opened; the whole of it stands in the text that is signed, too.
    let names = if many > 20 {
        view! {
            <details class="unfold">
                <summary>{say!(l, reception.senders_many, n = many)}{icon(Icon::Down)}</summary>
                {names}
            </details>
        }
        .into_any()
    } else {
        names.into_any()
    };
    view! {
        <section class="group" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            <p>{text}</p>
            {names}
        </section>
    }
    .into_any()
}

fn to_settle(l: Locale, conflicts: Vec<Conflict>) -> AnyView {
    let way = |digital: bool| {
        if digital {
            td_string!(l, reception.digital)
        } else {
            td_string!(l, reception.paper)
        }
    };
    view! {
        <Note tone=Tone::Wrong heading=td_string!(l, reception.conflict) text=td_string!(l, reception.conflict_text)/>
        <section class="group" aria-label=td_string!(l, reception.conflict)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{td_string!(l, reception.sender)}</th>
                        <th scope="col">{td_string!(l, reception.register_says)}</th>
                        <th scope="col">{td_string!(l, reception.you_said)}</th>
                    </tr>
                </thead>
                <tbody>
                    {conflicts.into_iter().map(|conflict| view! {
                        <tr>
                            <td data-label=td_string!(l, reception.sender)>{conflict.name}</td>
                            <td data-label=td_string!(l, reception.register_says)>{way(conflict.now)}</td>
                            <td data-label=td_string!(l, reception.you_said)>{way(conflict.chosen)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </section>
        <div class="row-of">
            <form method="post" action=to(SettleRules::PATH)>
                <button class="btn">{td_string!(l, reception.settle)}</button>
            </form>
            <form method="post" action=to(super::reception::ForgetTicks::PATH)>
                <button class="btn calm">{td_string!(l, reception.take_registers)}</button>
            </form>
        </div>
    }
    .into_any()
}

/// The text that is signed with a change of reception rules, in the language that it is read in.
#[cfg(feature = "ssr")]
pub fn reception_text(language: Language, of_company: bool, changes: &[RuleChange]) -> String {
    let l = Locale::from(language);
    let (heading, paper, digital) = if of_company {
        (
            td_string!(l, reception.sign_heading_of),
            td_string!(l, reception.sign_paper_of),
            td_string!(l, reception.sign_digital_of),
        )
    } else {
        (
            td_string!(l, reception.sign_heading),
            td_string!(l, reception.sign_paper),
            td_string!(l, reception.sign_digital),
        )
    };
    let mut lines = vec![heading.to_owned()];
    for (digital, heading) in [(false, paper), (true, digital)] {
        let names: Vec<_> = changes
            .iter()
            .filter(|change| change.digital == digital)
            .map(|change| format!("{} ({})", change.name, change.organisation))
            .collect();
        if !names.is_empty() {
            lines.push(format!("{heading} {}.", names.join(", ")));
        }
    }
    lines.push(td_string!(l, reception.sign_others).to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_every_sender_that_changes_and_what_happens_to_the_others() {
        let change = |name: &str, digital| RuleChange {
            name: name.to_owned(),
            organisation: "202100-4748".to_owned(),
            digital,
        };
        let text = reception_text(
            Language::Swedish,
            false,
            &[change("Kommun A", false), change("Skatteverket", true)],
        );
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].contains("Kommun A (202100-4748)") && lines[2].contains("Skatteverket"));
        assert_eq!(
            reception_text(Language::English, false, &[change("Kommun A", false)])
                .lines()
                .count(),
            3
        );
    }
}
