//! `/installningar/regler`: the rules for letters that come in, and `/installningar/regler/{id}`, where one is tried.

use super::lists::{Codes, note};
use super::{asked, named};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded, place_name};
use crate::ports::{KnownSender, Places, Rule, RuleId, Then, Tried};
use crate::request::{locale, mailbox, rules, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page's address.
pub(super) const RULES: &str = "/installningar/regler";

/// Makes a rule and leads to where it is tried.
#[server(name = MakeRule, prefix = "/api", endpoint = "regel/ny")]
async fn make_rule(
    #[server(default)] avsandare: String,
    #[server(default)] ord: String,
    #[server(default)] kategori: String,
    gor: String,
) -> Result<(), ServerFnError> {
    use crate::ports::{CategoryId, FolderId, Lies, RuleMade, WantedRule};
    use crate::request::go;

    let then = match gor.split_once(':') {
        Some(("mapp", folder)) => Then::Put(Lies::Folder(FolderId(folder.to_owned()))),
        Some(("kategori", category)) => Then::Category(CategoryId(category.to_owned())),
        _ => Then::Put(Lies::Archive),
    };
    let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let wanted = WantedRule {
        sender: given(avsandare),
        words: given(ord),
        category: given(kategori).map(CategoryId),
        then,
    };
    let made = match rules() {
        Ok(rules) => rules.make(wanted).await,
        Err(error) => Err(error),
    };
    go(&match made {
        Ok(RuleMade::Made(rule)) => format!("{RULES}/{}", words::segment(&rule.0)),
        Ok(RuleMade::AsksNothing) => format!("{RULES}?fel=inget#ny"),
        Ok(RuleMade::TooMany) => format!("{RULES}?fel=manga#ny"),
        Ok(RuleMade::NotThere) => format!("{RULES}?fel=saknas#ny"),
        Err(_) => format!("{RULES}?fel=tekniskt"),
    });
    Ok(())
}

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
        let at_form = match wrong.as_deref() {
            Some("inget") => Some(td_string!(l, rules.asks_nothing)),
            Some("manga") => Some(td_string!(l, rules.too_many)),
            Some("saknas") => Some(td_string!(l, rules.not_there)),
            _ => None,
        };
        let said = match done.as_deref() {
            Some("pa") => Some(td_string!(l, rules.now_on)),
            Some("av") => Some(td_string!(l, rules.now_off)),
            Some("upp") => Some(td_string!(l, rules.moved)),
            Some("borttagen") => Some(td_string!(l, rules.removed)),
            _ => None,
        };
        let note = match said {
            Some(text) => Some(view! { <Note tone=Tone::Done text/> }.into_any()),
            None if at_form.is_some() => None,
            None => note(l, codes, &places, RULES, now).await?,
        };
        let empty = all.is_empty();
        let rows = all
            .iter()
            .enumerate()
            .map(|(n, rule)| row(l, rule, &places, n == 0))
            .collect_view();
        let form = form_for_new(l, senders, &places, at_form);
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href="/installningar">{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
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

/// The form for a new rule.
fn form_for_new(l: Locale, senders: Vec<KnownSender>, places: &Places, wrong: Option<&'static str>) -> AnyView {
    let categories = places.categories.clone();
    let has_categories = !categories.is_empty();
    view! {
        <section class="group" id="ny" aria-labelledby="ny-h">
            <h2 id="ny-h">{td_string!(l, rules.make)}</h2>
            <p class="muted">{td_string!(l, rules.make_text)}</p>
            <form class="stack" method="post" action=MakeRule::PATH>
                {wrong.map(|wrong| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <div class="field">
                    <label for="avsandare">{td_string!(l, rules.sender)}</label>
                    <select class="in middle" id="avsandare" name="avsandare">
                        <option value="">{td_string!(l, rules.any_sender)}</option>
                        {senders.into_iter().map(|sender| view! { <option value=sender.number>{sender.name}</option> }).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label for="ord">{td_string!(l, rules.words)}</label>
                    <p class="hint" id="ord-hjalp">{td_string!(l, rules.words_hint)}</p>
                    <input class="in middle" id="ord" name="ord" maxlength="100" autocomplete="off" aria-describedby="ord-hjalp"/>
                </div>
                {has_categories.then(|| view! {
                    <div class="field">
                        <label for="kategori">{td_string!(l, rules.with_category)}</label>
                        <select class="in middle" id="kategori" name="kategori">
                            <option value="">{td_string!(l, rules.any_category)}</option>
                            {categories.clone().into_iter().map(|category| view! { <option value=category.id.0>{category.name}</option> }).collect_view()}
                        </select>
                    </div>
                })}
                <div class="field">
                    <label for="gor">{td_string!(l, rules.then)}</label>
                    <select class="in middle" id="gor" name="gor">
                        <option value="arkiv">{td_string!(l, rules.to_archive)}</option>
                        {places.folders.iter().map(|folder| view! {
                            <option value=format!("mapp:{}", folder.id.0)>{say!(l, rules.to_folder, name = folder.name)}</option>
                        }).collect_view()}
                        {categories.into_iter().map(|category| view! {
                            <option value=format!("kategori:{}", category.id.0)>{say!(l, rules.to_category, name = category.name)}</option>
                        }).collect_view()}
                    </select>
                </div>
                <p><button class="btn">{td_string!(l, rules.try_it)}</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// What one rule would have caught.
#[component]
pub(crate) fn RulePage() -> impl IntoView {
    let id = named("id").map(RuleId);
    loaded(async move {
        let (viewer, rules) = (mailbox()?.viewer().await?, rules()?);
        let now = visit()?.now;
        let Tried {
            rule,
            caught,
            some,
            of_newest,
        } = rules.attempt(id?).await?;
        let l = locale();
        let title = page_title(l);
        let places = viewer.places.clone();
        let shown = some.len() as u64;
        let count = match of_newest {
            Some(newest) => say!(l, rules.would_of, letters = words::letters(l, caught), n = newest),
            None => say!(l, rules.would, letters = words::letters(l, caught)),
        };
        let button = |act: &'static str, class: &'static str, word: String| {
            view! { <button class=class name="gor" value=act>{word}</button> }
        };
        let letters = words::letters(l, caught);
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=RULES>{icon(Icon::Left)}{td_string!(l, rules.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, rules.tried)}</h1>
                    <p class="lead">{sentence(l, &rule, &places)}</p>
                </div>
                <div class="stack">
                    {(!rule.whole).then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, rules.broken)/> })}
                    <section class="group" aria-labelledby="fangat">
                        <h2 id="fangat">{count}</h2>
                        <ul>{some.into_iter().map(|letter| letter_row(letter, now)).collect_view()}</ul>
                        {(caught > shown).then(|| view! { <p class="hint">{say!(l, rules.and_more, n = caught - shown)}</p> })}
                    </section>
                    <form class="row-of" method="post" action=ChangeRule::PATH>
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

fn page_title(l: Locale) -> String {
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
fn sentence(l: Locale, rule: &Rule, places: &Places) -> String {
    let mut asks = String::new();
    if let Some(sender) = &rule.sender {
        asks += &say!(l, rules.from, sender = sender);
    }
    if let Some(words) = &rule.words {
        asks += &say!(l, rules.with_words, words = words);
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
    let text = sentence(l, rule, places);
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
            <form class="row-of" method="post" action=ChangeRule::PATH>
                <input type="hidden" name="regel" value=rule.id.0.clone()/>
                {if rule.on { button("av", td_string!(l, rules.switch_off)) } else { button("pa", td_string!(l, rules.switch_on)) }}
                <a class="btn bare" href=format!("{RULES}/{}", words::segment(&rule.id.0))>{td_string!(l, rules.look)}<span class="unseen">": "{text.clone()}</span></a>
                {(!first).then(|| button("upp", td_string!(l, rules.up)))}
                {button("ta-bort", td_string!(l, rules.remove))}
            </form>
        </li>
    }
    .into_any()
}
