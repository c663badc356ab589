//! `/installningar/regler/ny`: a new rule, tried before it is made.
//!
//! The form is sent by GET, as a search is: looking at what a rule would have caught writes nothing anywhere, and what was chosen stands in
//! the form again. Only saving is a POST.

use super::asked;
use super::rules::{RULES, page_title, sentence, tried};
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, labelled_select, loaded};
use crate::ports::{
    CategoryId, FolderId, KnownSender, Lies, Places, RuleAttempt, RuleSays, Then, Tried, WantedRule, Within,
};
use crate::request::{locale, mailbox, rules, to, visit};
use crate::words::{self, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

const PAGE: &str = "/installningar/regler/ny";

/// The form, as a browser sends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TypedRule {
    #[serde(default)]
    avsandare: String,
    #[serde(default)]
    ord: String,
    #[serde(default)]
    var: String,
    #[serde(default)]
    kategori: String,
    #[serde(default)]
    gor: String,
}

impl TypedRule {
    /// What the address says; nothing when the form has not been sent.
    fn asked() -> Option<Self> {
        let gor = asked("gor")?;
        let given = |name| asked(name).unwrap_or_default();
        Some(Self {
            avsandare: given("avsandare"),
            ord: given("ord"),
            var: given("var"),
            kategori: given("kategori"),
            gor,
        })
    }

    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("avsandare", &self.avsandare),
            ("ord", &self.ord),
            ("var", &self.var),
            ("kategori", &self.kategori),
            ("gor", &self.gor),
        ]
    }

    /// The address where it is tried.
    #[cfg(feature = "ssr")]
    fn address(&self) -> String {
        let parts = self
            .fields()
            .map(|(name, value)| format!("{name}={}", words::segment(value)));
        format!("{PAGE}?{}", parts.join("&"))
    }

    fn within(&self) -> Within {
        if self.var == "rubriken" {
            Within::Subject
        } else {
            Within::Letter
        }
    }

    fn wanted(&self) -> WantedRule {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
        WantedRule {
            sender: given(&self.avsandare),
            words: given(&self.ord),
            within: self.within(),
            category: given(&self.kategori).map(CategoryId),
            then: match self.gor.split_once(':') {
                Some(("mapp", folder)) => Then::Put(Lies::Folder(FolderId(folder.to_owned()))),
                Some(("kategori", category)) => Then::Category(CategoryId(category.to_owned())),
                _ => Then::Put(Lies::Archive),
            },
        }
    }
}

/// Makes a rule and switches it on; does at once to the letters that are there what it does, if asked (`nu`).
#[server(name = MakeRule, prefix = "/api", endpoint = "regel/ny")]
async fn make_rule(regel: TypedRule, #[server(default)] nu: String) -> Result<(), ServerFnError> {
    use crate::ports::RuleMade;
    use crate::request::go;

    let Ok(rules) = rules() else {
        go("/");
        return Ok(());
    };
    let wrong = |code: &str| format!("{}&fel={code}", regel.address());
    go(&match rules.make(regel.wanted()).await {
        Ok(RuleMade::Made(rule)) if nu == "gor" => match rules.apply(rule).await {
            Ok(act) => format!("{RULES}?gjort={}", words::segment(&act.0)),
            Err(_) => format!("{RULES}?fel=tekniskt"),
        },
        Ok(RuleMade::Made(_)) => format!("{RULES}?klart=gjord"),
        Ok(RuleMade::TooMany) => wrong("manga"),
        // The page itself tells what is wrong with it.
        Ok(RuleMade::AsksNothing | RuleMade::NotThere) => regel.address(),
        Err(_) => wrong("tekniskt"),
    });
    Ok(())
}

/// What a rule that is not made would have caught, and the form to change it.
#[component]
pub(crate) fn NewRulePage() -> impl IntoView {
    let typed = TypedRule::asked();
    let failed = asked("fel");
    loaded(async move {
        let (viewer, rules) = (mailbox()?.viewer().await?, rules()?);
        let now = visit()?.now;
        let l = locale();
        let places = viewer.places.clone();
        let senders = rules.senders().await?;
        let attempt = match &typed {
            Some(typed) => Some(rules.attempt_wanted(typed.wanted()).await?),
            None => None,
        };
        let typed = typed.unwrap_or_default();
        let (says, wrong) = match attempt {
            Some(RuleAttempt::Tried(says, tried)) => (Some((says, tried)), None),
            Some(RuleAttempt::AsksNothing) => (None, Some(td_string!(l, rules.asks_nothing))),
            Some(RuleAttempt::NotThere) => (None, Some(td_string!(l, rules.not_there))),
            None => (None, None),
        };
        let failed = failed.map(|code| match code.as_str() {
            "manga" => td_string!(l, rules.too_many),
            _ => td_string!(l, done.failed),
        });
        let heading = if says.is_some() {
            td_string!(l, rules.tried)
        } else {
            td_string!(l, rules.make)
        };
        let lead = says.as_ref().map(|(says, _)| sentence(l, says, &places));
        let stands = if says.is_some() {
            FormStands::UnderTrial
        } else {
            FormStands::Alone
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title=page_title(l)>
                <a class="crumb" href=to(RULES)>{icon(Icon::Left)}{td_string!(l, rules.title)}</a>
                <div class="page-head">
                    <h1>{heading}</h1>
                    {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                </div>
                <div class="stack">
                    {failed.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {says.map(|(says, tried)| found(l, &typed, &says, tried, now))}
                    {form(l, senders, &places, &typed, wrong, stands)}
                </div>
            </Home>
        })
    })
}

/// What it would have caught, and the ways to keep it.
fn found(l: Locale, typed: &TypedRule, says: &RuleSays, found: Tried, now: OffsetDateTime) -> AnyView {
    let caught = found.caught;
    let letters = words::letters(l, caught);
    let kept = typed
        .fields()
        .map(|(name, value)| view! { <input type="hidden" name=format!("regel[{name}]") value=value.to_owned()/> });
    view! {
        {tried(l, says, found, now)}
        <form class="row-of" method="post" action=to(MakeRule::PATH)>
            {kept.collect_view()}
            <button class="btn" name="nu" value="">{td_string!(l, rules.make_on)}</button>
            {(caught > 0).then(|| view! {
                <button class="btn calm" name="nu" value="gor">{say!(l, rules.make_and_apply, letters = letters)}</button>
            })}
        </form>
    }
    .into_any()
}

/// Where the form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormStands {
    /// Under the rules that there are.
    UnderRules,
    /// Under what it would have caught.
    UnderTrial,
    /// Alone, under a heading that says it.
    Alone,
}

/// The form for a new rule, with what was chosen.
pub(super) fn form(
    l: Locale,
    senders: Vec<KnownSender>,
    places: &Places,
    typed: &TypedRule,
    wrong: Option<&'static str>,
    stands: FormStands,
) -> AnyView {
    let any = |words: &str| (String::new(), words.to_owned());
    let mut from = vec![any(td_string!(l, rules.any_sender))];
    from.extend(senders.into_iter().map(|sender| (sender.number, sender.name)));
    let mut with = vec![any(td_string!(l, rules.any_category))];
    with.extend(
        places
            .categories
            .iter()
            .map(|category| (category.id.0.clone(), category.name.clone())),
    );
    let mut then = vec![("arkiv".to_owned(), td_string!(l, rules.to_archive).to_owned())];
    then.extend(places.folders.iter().map(|folder| {
        (
            format!("mapp:{}", folder.id.0),
            say!(l, rules.to_folder, name = folder.name),
        )
    }));
    then.extend(places.categories.iter().map(|category| {
        (
            format!("kategori:{}", category.id.0),
            say!(l, rules.to_category, name = category.name),
        )
    }));
    let within = vec![
        ("brevet".to_owned(), td_string!(l, rules.in_letter).to_owned()),
        ("rubriken".to_owned(), td_string!(l, rules.in_subject).to_owned()),
    ];
    let chosen = match typed.within() {
        Within::Letter => "brevet",
        Within::Subject => "rubriken",
    };
    let change = stands == FormStands::UnderTrial;
    let heading = if change {
        td_string!(l, rules.change)
    } else {
        td_string!(l, rules.make)
    };
    let seen = (stands == FormStands::Alone).then_some("unseen");
    let described = if wrong.is_some() {
        "regel-fel ord-hjalp"
    } else {
        "ord-hjalp"
    };
    view! {
        <section class="group" id="ny" aria-labelledby="ny-h">
            <h2 id="ny-h" class=seen>{heading}</h2>
            {(!change).then(|| view! { <p class="muted">{td_string!(l, rules.make_text)}</p> })}
            <form class="stack" action=to(PAGE)>
                {wrong.map(|wrong| view! { <p class="wrong" id="regel-fel" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <div class="middle">{labelled_select(td_string!(l, rules.sender), "avsandare", "avsandare", from, &typed.avsandare)}</div>
                <div class="field">
                    <label for="ord">{td_string!(l, rules.words)}</label>
                    <p class="hint" id="ord-hjalp">{td_string!(l, rules.words_hint)}</p>
                    <input class="in middle" id="ord" name="ord" maxlength="100" autocomplete="off" aria-describedby=described value=typed.ord.clone()/>
                </div>
                <div class="middle">{labelled_select(td_string!(l, rules.within), "var", "var", within, chosen)}</div>
                <p class="hint">{td_string!(l, rules.within_hint)}</p>
                {(!places.categories.is_empty()).then(|| view! {
                    <div class="middle">{labelled_select(td_string!(l, rules.with_category), "kategori", "kategori", with, &typed.kategori)}</div>
                })}
                <div class="middle">{labelled_select(td_string!(l, rules.then), "gor", "gor", then, &typed.gor)}</div>
                <p><button class="btn" class:calm=change>{td_string!(l, rules.try_it)}</button></p>
            </form>
        </section>
    }
    .into_any()
}
