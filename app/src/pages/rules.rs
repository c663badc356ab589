//! `/installningar/regler`: the rules for letters that come in, and `/installningar/regler/{id}`, what one of them catches.

use super::lists::{Codes, note};
use super::new_rule::{FormStands, TypedRule, form};
use super::{asked, named};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded, place_name};
use crate::ports::{Places, Rule, RuleId, RuleSays, Then, Tried, Within};
use crate::request::{locale, mailbox, rules, to, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page's address.
pub(super) const RULES: &str = "/installningar/regler";

/// Changes a rule (`gor`): on, off, one step earlier, removed, or done to the letters that are there.
#[server(name = ChangeRule, prefix = "/api", endpoint = "regel/andra")]
async fn change_rule(regel: String, #[server(default)] gor: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let id = RuleId(regel);
    let Ok(rules) = rules() else {
        go("/");
        return Ok(());
    };
    let changed = match gor.as_str() {
        "pa" => rules.switch(id, true).await.map(|()| "klart=pa".to_owned()),
        "av" => rules.switch(id, false).await.map(|()| "klart=av".to_owned()),
        "upp" => rules.earlier(id).await.map(|()| "klart=upp".to_owned()),
        "ta-bort" => rules.remove(id).await.map(|()| "klart=borttagen".to_owned()),
        "pa-och-gor" => match rules.switch(id.clone(), true).await {
            Ok(()) => rules
                .apply(id)
                .await
                .map(|act| format!("gjort={}", words::segment(&act.0))),
            Err(error) => Err(error),
        },
        "gor" => rules
            .apply(id)
            .await
            .map(|act| format!("gjort={}", words::segment(&act.0))),
        _ => Err(crate::ports::PortError::Unavailable),
    };
    go(&match changed {
        Ok(done) => format!("{RULES}?{done}"),
        Err(crate::ports::PortError::NotFound) => format!("{RULES}?fel=saknas"),
        Err(_) => format!("{RULES}?fel=tekniskt"),
    });
    Ok(())
}

/// The rules, and the form for a new one.
#[component]
pub(crate) fn RulesPage() -> impl IntoView {
    let codes = Codes::read();
    let (done, wrong) = (asked("klart"), asked("fel"));
    loaded(async move {
        let (viewer, rules) = (mailbox()?.viewer().await?, rules()?);
        let now = visit()?.now;
        let l = locale();
        let title = page_title(l);
        let places = viewer.places.clone();
        let all = rules.all().await?;
        let senders = rules.senders().await?;
        let said = match done.as_deref() {
            Some("gjord") => Some(td_string!(l, rules.made)),
            Some("pa") => Some(td_string!(l, rules.now_on)),
            Some("av") => Some(td_string!(l, rules.now_off)),
            Some("upp") => Some(td_string!(l, rules.moved)),
            Some("borttagen") => Some(td_string!(l, rules.removed)),
            _ => None,
        };
        let note = match said {
            Some(text) => Some(view! { <Note tone=Tone::Done text/> }.into_any()),
            None if wrong.as_deref() == Some("saknas") => {
                Some(view! { <Note tone=Tone::Wrong text=td_string!(l, rules.not_there)/> }.into_any())
            }
            None => note(l, codes, &places, RULES, now).await?,
        };
        let empty = all.is_empty();
        let rows = all
            .iter()
            .enumerate()
            .map(|(n, rule)| row(l, rule, &places, n == 0))
            .collect_view();
        let form = form(l, senders, &places, &TypedRule::default(), None, FormStands::UnderRules);
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, rules.title)}</h1>
                    <p class="lead">{td_string!(l, rules.lead)}</p>
                </div>
                <div class="stack">
                    {note}
                    {(!empty).then(|| view! {
                        <section class="group" aria-labelledby="dina">
                            <h2 id="dina">{td_string!(l, rules.yours)}</h2>
                            <p class="hint">{td_string!(l, rules.order)}</p>
                            <ol class="rules">{rows}</ol>
                        </section>
                    })}
                    {form}
                </div>
            </Home>
        })
    })
}

/// What one rule would have caught.
#[component]
pub(crate) fn RulePage() -> impl IntoView {
    let id = named("id").map(RuleId);
    loaded(async move {
        let (viewer, rules) = (mailbox()?.viewer().await?, rules()?);
        let now = visit()?.now;
        let (rule, found) = rules.attempt(id?).await?;
        let l = locale();
        let title = page_title(l);
        let places = viewer.places.clone();
        let caught = found.caught;
        let button = |act: &'static str, class: &'static str, word: String| {
            view! { <button class=class name="gor" value=act>{word}</button> }
        };
        let letters = words::letters(l, caught);
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to(RULES)>{icon(Icon::Left)}{td_string!(l, rules.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, rules.tried)}</h1>
                    <p class="lead">{sentence(l, &rule.says, &places)}</p>
                </div>
                <div class="stack">
                    {(!rule.whole).then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, rules.broken)/> })}
                    {tried(l, &rule.says, found, now)}
                    <form class="row-of" method="post" action=to(ChangeRule::PATH)>
                        <input type="hidden" name="regel" value=rule.id.0.clone()/>
                        {(!rule.on && rule.whole).then(|| button("pa", "btn", td_string!(l, rules.switch_on).to_owned()))}
                        {(!rule.on && rule.whole && caught > 0).then(|| button("pa-och-gor", "btn calm", say!(l, rules.on_and_apply, letters = letters.clone())))}
                        {(rule.on && rule.whole && caught > 0).then(|| button("gor", "btn", say!(l, rules.apply, letters = letters.clone())))}
                        {button("ta-bort", "btn bare", td_string!(l, rules.remove).to_owned())}
                    </form>
                </div>
            </Home>
        })
    })
}

/// What a rule would have caught: how many letters, and the newest of them.
pub(super) fn tried(l: Locale, says: &RuleSays, tried: Tried, now: OffsetDateTime) -> AnyView {
    let Tried { caught, some, waiting } = tried;
    let shown = some.len() as u64;
    let reads_letters = says.words.is_some() && says.within == Within::Letter;
    view! {
        <section class="group" aria-labelledby="fangat">
            <h2 id="fangat">{say!(l, rules.would, letters = words::letters(l, caught))}</h2>
            {waiting.then(|| view! { <p class="hint">{td_string!(l, rules.waiting)}</p> })}
            <ul>{some.into_iter().map(|letter| letter_row(letter, now)).collect_view()}</ul>
            {(caught > shown).then(|| view! { <p class="hint">{say!(l, rules.and_more, n = caught - shown)}</p> })}
            {reads_letters.then(|| view! { <p class="hint">{td_string!(l, rules.not_attachments)}</p> })}
        </section>
    }
    .into_any()
}

pub(super) fn page_title(l: Locale) -> String {
    format!(
        "{} – {} – {}",
        td_string!(l, rules.title),
        td_string!(l, settings.title),
        td_string!(l, brand.name)
    )
}

fn letter_row(letter: crate::ports::LetterRow, now: OffsetDateTime) -> AnyView {
    let l = locale();
    let when = Moment::new(letter.received_at, now);
    view! {
        <li class="setting">
            <div>
                <strong>{letter.subject}</strong>
                <small>{letter.sender}", "<time datetime=when.machine()>{when.in_letter(l)}</time></small>
            </div>
        </li>
    }
    .into_any()
}

/// “Brev från Kommun A med ”skatt” i rubriken läggs i mappen ”Skatt”.”
pub(super) fn sentence(l: Locale, rule: &RuleSays, places: &Places) -> String {
    let mut asks = String::new();
    if let Some(sender) = &rule.sender {
        asks += &say!(l, rules.from, sender = sender);
    }
    if let Some(words) = &rule.words {
        asks += &match rule.within {
            Within::Letter => say!(l, rules.with_words_in_letter, words = words),
            Within::Subject => say!(l, rules.with_words, words = words),
        };
    }
    if let Some(category) = &rule.category {
        asks += &say!(l, rules.in_category, name = category_name(l, category, places));
    }
    match &rule.then {
        Then::Put(lies) => say!(l, rules.are_put, asks = asks, place = place_name(l, places, lies)),
        Then::Category(category) => say!(
            l,
            rules.are_given,
            asks = asks,
            name = category_name(l, category, places)
        ),
    }
}

fn category_name(l: Locale, id: &crate::ports::CategoryId, places: &Places) -> String {
    places.category(id).map_or_else(
        || td_string!(l, rules.gone_category).to_owned(),
        |category| category.name.clone(),
    )
}

fn row(l: Locale, rule: &Rule, places: &Places, first: bool) -> AnyView {
    let text = sentence(l, &rule.says, places);
    let button = |act: &'static str, word: &'static str| {
        view! {
            <button class="btn bare" name="gor" value=act>{word}<span class="unseen">": "{text.clone()}</span></button>
        }
    };
    let state = match (rule.whole, rule.on) {
        (false, _) => view! { <span class="bad">{td_string!(l, rules.is_broken)}</span> }.into_any(),
        (true, true) => view! { <span class="good">{td_string!(l, rules.is_on)}</span> }.into_any(),
        (true, false) => view! { <span class="muted">{td_string!(l, rules.is_off)}</span> }.into_any(),
    };
    view! {
        <li>
            <p>{text.clone()}</p>
            <p class="small">{state}</p>
            <form class="row-of" method="post" action=to(ChangeRule::PATH)>
                <input type="hidden" name="regel" value=rule.id.0.clone()/>
                {if rule.on { button("av", td_string!(l, rules.switch_off)) } else { button("pa", td_string!(l, rules.switch_on)) }}
                <a class="btn bare" href=to(format!("{RULES}/{}", words::segment(&rule.id.0)))>{td_string!(l, rules.look)}<span class="unseen">": "{text.clone()}</span></a>
                {(!first).then(|| button("upp", td_string!(l, rules.up)))}
                {button("ta-bort", td_string!(l, rules.remove))}
            </form>
        </li>
    }
    .into_any()
}
