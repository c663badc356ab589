//! `/installningar/avisering/regel`: a rule for some letters, new or changed.

use super::asked;
use super::notice_rules::{letters_in_words, whens, write_when};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, check, icon, labelled_select, loaded};
use crate::ports::{Letters, OwnRule, PortError, RulesForm, Sender, When};
use crate::request::{locale, mailbox, notices, to};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

const PAGE: &str = "/installningar/avisering";

/// Saves the rule.
#[server(name = SaveOwnRule, prefix = "/api", endpoint = "avisering/regel")]
async fn save_own_rule(
    #[server(default)] id: String,
    brev: String,
    epost: String,
    sms: String,
    #[server(default)] webb: String,
    #[server(default)] alltid: Option<String>,
) -> Result<(), ServerFnError> {
    use super::notice_rules::read_when;
    use crate::ports::{OwnRuleForm, SavedOwn};
    use crate::request::go;
    use crate::words::segment;

    let known = Some(id.clone()).filter(|id| !id.is_empty());
    let rule = OwnRuleForm {
        letters: brev,
        email: read_when(&epost),
        sms: read_when(&sms),
        push: read_when(&webb),
        always: alltid.is_some(),
    };
    let saved = match notices() {
        Ok(notices) => notices.save_own(known, rule).await,
        Err(error) => Err(error),
    };
    let code = match saved {
        Ok(SavedOwn::Done) => {
            go("/installningar/avisering?sag=regel-sparad");
            return Ok(());
        }
        Ok(SavedOwn::Already) => "finns",
        Ok(SavedOwn::Full) => "fullt",
        Err(_) => "tekniskt",
    };
    go(&format!(
        "/installningar/avisering/regel?id={}&fel={code}",
        segment(&id)
    ));
    Ok(())
}

/// Takes the rule away.
#[server(name = RemoveOwnRule, prefix = "/api", endpoint = "avisering/regel/ta-bort")]
async fn remove_own_rule(id: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let removed = match notices() {
        Ok(notices) => notices.remove_own(id).await,
        Err(error) => Err(error),
    };
    go(if removed.is_ok() {
        "/installningar/avisering?sag=regel-borta"
    } else {
        "/installningar/avisering?fel=tekniskt"
    });
    Ok(())
}

/// The rule.
#[component]
pub(crate) fn OwnRulePage() -> impl IntoView {
    let id = asked("id").filter(|id| !id.is_empty());
    let wrong = asked("fel");
    loaded(async move {
        let (mailbox, notices) = (mailbox()?, notices()?);
        let viewer = mailbox.viewer().await?;
        let senders = notices.senders().await?;
        let rules = notices.rules(false).await?;
        let rule = match &id {
            Some(id) => Some(
                rules
                    .own
                    .into_iter()
                    .find(|rule| rule.id == *id)
                    .ok_or(PortError::NotFound)?,
            ),
            None => None,
        };
        let l = locale();
        let heading = match rule {
            Some(_) => td_string!(l, own_rule.change),
            None => td_string!(l, own_rule.new),
        };
        let title = format!(
            "{} – {} – {}",
            heading,
            td_string!(l, notice_rules.title),
            td_string!(l, brand.name)
        );
        let wrong = match wrong.as_deref() {
            Some("finns") => Some(td_string!(l, own_rule.already)),
            Some("fullt") => Some(td_string!(l, own_rule.full)),
            Some(_) => Some(td_string!(l, own_rule.failed)),
            None => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to(PAGE)>{icon(Icon::Left)}{td_string!(l, notice_rules.title)}</a>
                <div class="page-head">
                    <h1>{heading}</h1>
                    <p class="lead">{td_string!(l, own_rule.lead)}</p>
                </div>
                <div class="stack narrow">
                    {wrong.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {form(l, rule.as_ref(), &senders, &rules.form)}
                    {rule.map(|rule| remove(l, rule.id))}
                </div>
            </Home>
        })
    })
}

fn form(l: Locale, rule: Option<&OwnRule>, senders: &[Sender], saved: &RulesForm) -> AnyView {
    let usual = (When::AtOnce, When::Never, saved.push);
    let (email, sms, push) = rule.map_or(usual, |rule| (rule.email, rule.sms, rule.push));
    view! {
        <form class="group" method="post" action=to(SaveOwnRule::PATH)>
            <input type="hidden" name="id" value=rule.map(|rule| rule.id.clone()).unwrap_or_default()/>
            {which(l, rule, senders)}
            <div class="pair">
                {labelled_select(td_string!(l, notice_rules.email), "epost", "epost", whens(l), write_when(email))}
                {labelled_select(td_string!(l, notice_rules.sms), "sms", "sms", whens(l), write_when(sms))}
                {labelled_select(td_string!(l, notice_rules.push), "webb", "webb", whens(l), write_when(push))}
            </div>
            {saved.second_way.then(|| view! { <p class="hint">{td_string!(l, own_rule.second_way)}</p> })}
            {check("alltid", rule.is_some_and(|rule| rule.always), td_string!(l, own_rule.always), None)}
            <p class="row-of">
                <button class="btn">{td_string!(l, own_rule.save)}</button>
                <a class="btn bare" href=to(PAGE)>{td_string!(l, own_rule.cancel)}</a>
            </p>
        </form>
    }
    .into_any()
}

/// The letters to choose from: kinds, then senders by name.
fn which(l: Locale, rule: Option<&OwnRule>, senders: &[Sender]) -> AnyView {
    let chosen = match rule.map(|rule| &rule.letters) {
        Some(Letters::From(sender)) => sender.number.clone(),
        Some(Letters::InMatter) => "arende".to_owned(),
        Some(Letters::ToPay) | None => "betala".to_owned(),
    };
    let option = |value: String, words: String| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    };
    let kinds = [("betala", Letters::ToPay), ("arende", Letters::InMatter)]
        .map(|(value, letters)| option(value.to_owned(), letters_in_words(l, &letters)));
    let senders = senders
        .iter()
        .map(|sender| option(sender.number.clone(), sender.name.clone()))
        .collect::<Vec<_>>();
    view! {
        <div class="field">
            <label for="brev">{td_string!(l, own_rule.letters)}</label>
            <p class="hint" id="brev-hjalp">{td_string!(l, own_rule.letters_hint)}</p>
            <span class="select middle">
                <select class="in" id="brev" name="brev" aria-describedby="brev-hjalp">
                    <optgroup label=td_string!(l, own_rule.kinds)>{kinds.into_iter().collect_view()}</optgroup>
                    {(!senders.is_empty()).then(|| view! {
                        <optgroup label=td_string!(l, own_rule.senders)>{senders}</optgroup>
                    })}
                </select>
                {icon(Icon::Down)}
            </span>
        </div>
    }
    .into_any()
}

/// Asks first, says what follows.
fn remove(l: Locale, id: String) -> AnyView {
    view! {
        <details class="group unfold-alone">
            <summary>{td_string!(l, own_rule.remove)}{icon(Icon::Down)}</summary>
            <form class="stack" method="post" action=to(RemoveOwnRule::PATH)>
                <input type="hidden" name="id" value=id/>
                <p><strong>{td_string!(l, own_rule.remove_question)}</strong>" "{td_string!(l, own_rule.remove_text)}</p>
                <p><button class="btn warn">{td_string!(l, own_rule.remove)}</button></p>
            </form>
        </details>
    }
    .into_any()
}
