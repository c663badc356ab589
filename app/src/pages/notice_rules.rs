//! `/installningar/avisering`: when and how the person is told of letters.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{
    Home, Icon, Note, Place, Tone, check, choice, fold, icon, labelled_select, loaded, select, small_icon,
};
use crate::ports::{Channel, ContactRow, Letters, NoticePage, OwnRule, Preview, RulesForm, Says, Spare, When};
use crate::request::{contacts, locale, mailbox, notices, to};
use crate::words::{self, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use serde::{Deserialize, Serialize};

const PAGE: &str = "/installningar/avisering";

/// The form, as a browser sends it: what is not ticked is not there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct SentRules {
    #[serde(default)]
    epost: String,
    #[serde(default)]
    sms: String,
    #[serde(default)]
    webb: String,
    #[serde(default)]
    reserv: Option<String>,
    #[serde(default)]
    dagligen: u8,
    #[serde(default)]
    veckodag: u8,
    #[serde(default)]
    veckovis: u8,
    #[serde(default)]
    tyst: Option<String>,
    #[serde(default)]
    fran: u8,
    #[serde(default)]
    till: u8,
    #[serde(default)]
    helg: Option<String>,
    #[serde(default)]
    zon: String,
    #[serde(default)]
    ord: String,
    #[serde(default)]
    vad: String,
    #[serde(default)]
    p3: Option<String>,
    #[serde(default)]
    p7: Option<String>,
}

#[cfg(feature = "ssr")]
impl From<SentRules> for RulesForm {
    fn from(sent: SentRules) -> Self {
        Self {
            email: read_when(&sent.epost),
            sms: read_when(&sent.sms),
            push: read_when(&sent.webb),
            daily: sent.dagligen,
            weekday: sent.veckodag,
            weekly: sent.veckovis,
            quiet: sent.tyst.is_some(),
            quiet_from: sent.fran,
            quiet_to: sent.till,
            free_days: sent.helg.is_some(),
            zone: sent.zon,
            says: match sent.vad.as_str() {
                "avsandare" => Says::Sender,
                "rubrik" => Says::SenderAndSubject,
                _ => Says::Nothing,
            },
            word: sent.ord,
            first_reminder: sent.p3.is_some(),
            second_reminder: sent.p7.is_some(),
            second_way: sent.reserv.is_some(),
        }
    }
}

/// Saves the rules, or shows what notices would look like by them.
#[server(name = SaveRules, prefix = "/api", endpoint = "avisering/spara")]
async fn save_rules(regler: SentRules, #[server(default)] gor: String) -> Result<(), ServerFnError> {
    use crate::ports::Saved;
    use crate::request::go;

    let Ok(notices) = notices() else {
        go("/installningar/avisering?fel=tekniskt");
        return Ok(());
    };
    if gor == "visa" {
        let kept = notices.try_out(regler.into()).await;
        go(if kept.is_ok() {
            "/installningar/avisering?visa=1#forhandsvisning"
        } else {
            "/installningar/avisering?fel=tekniskt"
        });
        return Ok(());
    }
    go(match notices.save(regler.into()).await {
        Ok(Saved::Done) => "/installningar/avisering?sag=sparat",
        Ok(Saved::NotAWord) => "/installningar/avisering?fel=ord#falt-ord",
        Ok(Saved::Wrong) | Err(_) => "/installningar/avisering?fel=tekniskt",
    });
    Ok(())
}

/// Takes the last saving back.
#[server(name = UndoRules, prefix = "/api", endpoint = "avisering/angra")]
async fn undo_rules() -> Result<(), ServerFnError> {
    use crate::request::go;

    let undone = match notices() {
        Ok(notices) => notices.undo().await,
        Err(error) => Err(error),
    };
    go(if undone.is_ok() {
        "/installningar/avisering?sag=angrat"
    } else {
        "/installningar/avisering?fel=tekniskt"
    });
    Ok(())
}

/// Sends a notice to try out.
#[server(name = TestNotice, prefix = "/api", endpoint = "avisering/prov")]
async fn test_notice() -> Result<(), ServerFnError> {
    use crate::ports::Tested;
    use crate::request::go;

    let tested = match notices() {
        Ok(notices) => notices.test(None).await,
        Err(error) => Err(error),
    };
    match tested {
        Ok(Tested::Sent(to)) => go(&format!("/installningar/avisering?sag=prov&antal={to}")),
        Ok(Tested::Nowhere) => go("/installningar/avisering?fel=ingenstans"),
        Ok(Tested::NotWanted) => go("/installningar/avisering?fel=inte-alls"),
        Ok(Tested::TooMany) => go("/installningar/avisering?fel=manga"),
        Err(_) => go("/installningar/avisering?fel=tekniskt"),
    }
    Ok(())
}

/// What a form came to, read from the codes in the address.
#[derive(Clone, Debug, Default)]
struct Outcome {
    done: Option<String>,
    wrong: Option<String>,
    count: Option<u32>,
    shown: bool,
}

impl Outcome {
    /// The page is about what was typed and is not saved.
    fn is_about_typed(&self) -> bool {
        self.shown || self.wrong.as_deref() == Some("ord")
    }
}

/// The rules.
#[component]
pub(crate) fn NoticeRules() -> impl IntoView {
    let outcome = Outcome {
        done: asked("sag"),
        wrong: asked("fel"),
        count: asked("antal").and_then(|count| count.parse().ok()),
        shown: asked("visa").is_some(),
    };
    loaded(async move {
        let (mailbox, contacts, notices) = (mailbox()?, contacts()?, notices()?);
        let viewer = mailbox.viewer().await?;
        let addresses = contacts.contacts().await?.addresses;
        let page = notices.rules(outcome.is_about_typed()).await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, notice_rules.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, notice_rules.title)}</h1>
                    <p class="lead">{td_string!(l, notice_rules.lead)}</p>
                </div>
                {note(l, &outcome, page.undoable)}
                <div class="two">
                    <div class="stack">
                        {form(l, &page, &addresses, &outcome)}
                        {own_rules(l, &page.own)}
                    </div>
                    {beside(l, &page.previews)}
                </div>
            </Home>
        })
    })
}

/// What is done, or what failed without being the fault of a field.
fn note(l: Locale, outcome: &Outcome, undoable: bool) -> AnyView {
    let wrong = match outcome.wrong.as_deref() {
        Some("tekniskt") => Some(td_string!(l, notice_rules.failed)),
        Some("ingenstans") => Some(td_string!(l, notice_rules.test_nowhere)),
        Some("inte-alls") => Some(td_string!(l, notice_rules.test_not_wanted)),
        Some("manga") => Some(td_string!(l, notice_rules.test_many)),
        _ => None,
    };
    if let Some(text) = wrong {
        return view! { <div class="said-above"><Note tone=Tone::Wrong text/></div> }.into_any();
    }
    let done = match outcome.done.as_deref() {
        _ if outcome.shown => td_string!(l, notice_rules.shown).to_owned(),
        Some("sparat") => td_string!(l, notice_rules.saved).to_owned(),
        Some("angrat") => td_string!(l, notice_rules.undone).to_owned(),
        Some("regel-sparad") => td_string!(l, own_rule.saved).to_owned(),
        Some("regel-borta") => td_string!(l, own_rule.removed).to_owned(),
        Some("prov") => match outcome.count {
            Some(1) | None => td_string!(l, notice_rules.test_sent_one).to_owned(),
            Some(n) => say!(l, notice_rules.test_sent_many, n = n),
        },
        _ => return ().into_any(),
    };
    let can_be_undone = matches!(outcome.done.as_deref(), Some("sparat" | "regel-sparad" | "regel-borta"));
    if undoable && can_be_undone {
        return view! {
            <div class="said-above">
                <Note tone=Tone::Done text=done>
                    <form method="post" action=to(UndoRules::PATH)>
                        <button class="btn bare">{td_string!(l, notice_rules.undo)}</button>
                    </form>
                </Note>
            </div>
        }
        .into_any();
    }
    view! { <div class="said-above"><Note tone=Tone::Done text=done/></div> }.into_any()
}

fn form(l: Locale, page: &NoticePage, addresses: &[ContactRow], outcome: &Outcome) -> AnyView {
    let rules = &page.form;
    view! {
        <form class="stack" method="post" action=to(SaveRules::PATH)>
            {ways(l, page, addresses)}
            {gathered(l, rules)}
            {quiet(l, rules, &page.zones)}
            {word(l, rules, outcome)}
            {says(l, rules.says)}
            {reminders(l, rules)}
            <p class="row-of">
                <button class="btn" name="gor" value="spara">{td_string!(l, notice_rules.save)}</button>
                <button class="btn calm" name="gor" value="visa">{td_string!(l, notice_rules.show)}</button>
                {page.unsaved.then(|| view! { <a class="btn bare" href=to(PAGE)>{td_string!(l, notice_rules.discard)}</a> })}
            </p>
        </form>
    }
    .into_any()
}

fn ways(l: Locale, page: &NoticePage, addresses: &[ContactRow]) -> AnyView {
    let rules = &page.form;
    let of = |channel| {
        let all: Vec<String> = addresses
            .iter()
            .filter(|row| row.channel == channel && row.is_in_use())
            .map(|row| words::reached(l, &row.shown))
            .collect();
        all.join(", ")
    };
    let way = |channel, id: &'static str, heading: &'static str, none: &'static str, when| {
        let to = of(channel);
        let to = if to.is_empty() { none.to_owned() } else { to };
        let spare = page.spare.iter().find(|(spare, _)| *spare == channel);
        let anyway = spare.map(|(_, spare)| anyway(l, *spare));
        let described = anyway.map(|_| format!("{id}-anda"));
        view! {
            <div class="setting way">
                <div><label for=id><strong>{heading}</strong></label><small class="to">{to}</small></div>
                {select(id, &format!("regler[{id}]"), whens(l), write_when(when), described.clone())}
                {anyway.map(|text| view! { <p class="anyway small" id=described>{text}</p> })}
            </div>
        }
        .into_any()
    };
    view! {
        <section class="group" aria-labelledby="kanaler">
            <h2 id="kanaler">{td_string!(l, notice_rules.ways)}</h2>
            <div>
                {way(Channel::Email, "epost", td_string!(l, notice_rules.email), td_string!(l, notice_rules.no_email), rules.email)}
                {way(Channel::Sms, "sms", td_string!(l, notice_rules.sms), td_string!(l, notice_rules.no_mobile), rules.sms)}
                {way(Channel::Push, "webb", td_string!(l, notice_rules.push), td_string!(l, notice_rules.no_browser), rules.push)}
            </div>
            {check("regler[reserv]", rules.second_way, td_string!(l, notice_rules.second_way), Some(td_string!(l, notice_rules.second_way_text)))}
            <p><a href=to("/installningar/kontakt")>{td_string!(l, notice_rules.change_contacts)}</a></p>
        </section>
    }
    .into_any()
}

/// What a way is used for although the rules say "not at all".
fn anyway(l: Locale, spare: Spare) -> &'static str {
    match spare {
        Spare::Everything => td_string!(l, notice_rules.anyway_all),
        Spare::WhenOthersFail => td_string!(l, notice_rules.anyway_failed),
        Spare::Reminders => td_string!(l, notice_rules.anyway_reminders),
    }
}

fn gathered(l: Locale, rules: &RulesForm) -> AnyView {
    let days = (1..=7_u8)
        .map(|day| (day.to_string(), words::weekday_named(l, day).to_owned()))
        .collect();
    let now = say!(
        l,
        notice_rules.gathered_now,
        daily = clock(l, rules.daily),
        weekday = words::weekday_named(l, rules.weekday),
        weekly = clock(l, rules.weekly),
    );
    let fields = view! {
        <p class="hint">{td_string!(l, notice_rules.gathered_text)}</p>
        <div class="pair">
            {labelled_select(td_string!(l, notice_rules.every_day), "dagligen", "regler[dagligen]", hours(l), &rules.daily.to_string())}
        </div>
        <div class="pair">
            {labelled_select(td_string!(l, notice_rules.every_week), "veckodag", "regler[veckodag]", days, &rules.weekday.to_string())}
            {labelled_select(td_string!(l, notice_rules.week_hour), "veckovis", "regler[veckovis]", hours(l), &rules.weekly.to_string())}
        </div>
    };
    fold(
        "samlat",
        td_string!(l, notice_rules.gathered),
        now,
        false,
        fields.into_any(),
    )
}

fn quiet(l: Locale, rules: &RulesForm, zones: &[String]) -> AnyView {
    let zones = zones.iter().map(|zone| (zone.clone(), zone_in_words(zone))).collect();
    let mut now = if rules.quiet {
        say!(
            l,
            notice_rules.quiet_now,
            from = clock(l, rules.quiet_from),
            to = clock(l, rules.quiet_to),
        )
    } else {
        td_string!(l, notice_rules.quiet_never).to_owned()
    };
    if rules.free_days {
        now = format!("{now}. {}", td_string!(l, notice_rules.free_days_now));
    }
    let fields = view! {
        {check("regler[tyst]", rules.quiet, td_string!(l, notice_rules.quiet_on), None)}
        <div class="pair under-check">
            {labelled_select(td_string!(l, notice_rules.from), "fran", "regler[fran]", hours(l), &rules.quiet_from.to_string())}
            {labelled_select(td_string!(l, notice_rules.to), "till", "regler[till]", hours(l), &rules.quiet_to.to_string())}
        </div>
        {check("regler[helg]", rules.free_days, td_string!(l, notice_rules.free_days), Some(td_string!(l, notice_rules.free_days_text)))}
        <div class="middle">
            {labelled_select(td_string!(l, notice_rules.zone), "zon", "regler[zon]", zones, &rules.zone)}
        </div>
    };
    fold("tyst", td_string!(l, notice_rules.quiet), now, false, fields.into_any())
}

fn word(l: Locale, rules: &RulesForm, outcome: &Outcome) -> AnyView {
    let wrong = (outcome.wrong.as_deref() == Some("ord")).then(|| td_string!(l, notice_rules.word_wrong));
    let now = if rules.word.is_empty() {
        td_string!(l, notice_rules.no_word).to_owned()
    } else {
        format!("”{}”", rules.word)
    };
    let fields = view! {
        <p>{td_string!(l, notice_rules.word_text)}</p>
        <div class="field">
            <label for="falt-ord">{td_string!(l, notice_rules.word_field)}</label>
            <p class="hint" id="ord-hjalp">{td_string!(l, notice_rules.word_hint)}</p>
            {wrong.map(|wrong| view! { <p class="wrong" id="ord-fel" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
            <input
                class="in middle" id="falt-ord" name="regler[ord]" maxlength="20" autocomplete="off" spellcheck="false"
                value=rules.word.clone()
                aria-invalid=wrong.map(|_| "true")
                aria-describedby=if wrong.is_some() { "ord-fel ord-hjalp" } else { "ord-hjalp" }
            />
        </div>
    };
    fold(
        "eget-ord",
        td_string!(l, notice_rules.word),
        now,
        wrong.is_some(),
        fields.into_any(),
    )
}

fn says(l: Locale, says: Says) -> AnyView {
    let name = "regler[vad]";
    let now = match says {
        Says::Nothing => td_string!(l, notice_rules.says_nothing),
        Says::Sender => td_string!(l, notice_rules.says_sender),
        Says::SenderAndSubject => td_string!(l, notice_rules.says_subject),
    };
    let fields = view! {
        <fieldset class="choices">
            <legend class="unseen">{td_string!(l, notice_rules.says)}</legend>
            {choice(name, "inget", says == Says::Nothing, td_string!(l, notice_rules.says_nothing), Some(td_string!(l, notice_rules.says_nothing_text)))}
            {choice(name, "avsandare", says == Says::Sender, td_string!(l, notice_rules.says_sender), None)}
            {choice(name, "rubrik", says == Says::SenderAndSubject, td_string!(l, notice_rules.says_subject), None)}
        </fieldset>
    };
    fold(
        "vad",
        td_string!(l, notice_rules.says),
        now.to_owned(),
        false,
        fields.into_any(),
    )
}

fn reminders(l: Locale, rules: &RulesForm) -> AnyView {
    let now = match (rules.first_reminder, rules.second_reminder) {
        (true, true) => td_string!(l, notice_rules.both_now),
        (true, false) => td_string!(l, notice_rules.first),
        (false, true) => td_string!(l, notice_rules.second_now),
        (false, false) => td_string!(l, notice_rules.no_reminders),
    };
    let fields = view! {
        {check("regler[p3]", rules.first_reminder, td_string!(l, notice_rules.first), None)}
        {check("regler[p7]", rules.second_reminder, td_string!(l, notice_rules.second), None)}
    };
    fold(
        "paminnelser",
        td_string!(l, notice_rules.reminders),
        now.to_owned(),
        false,
        fields.into_any(),
    )
}

fn own_rules(l: Locale, own: &[OwnRule]) -> AnyView {
    let rows = own
        .iter()
        .map(|rule| {
            let letters = letters_in_words(l, &rule.letters);
            view! {
                <li class="setting">
                    <div><strong>{letters.clone()}</strong><small>{rule_in_words(l, rule)}</small></div>
                    <a class="btn bare" href=to(format!("/installningar/avisering/regel?id={}", words::segment(&rule.id)))
                        aria-label=say!(l, notice_rules.change_which, letters = letters)>{td_string!(l, notice_rules.change)}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="group" aria-labelledby="egna">
            <h2 id="egna">{td_string!(l, notice_rules.own)}</h2>
            <p class="muted">{td_string!(l, notice_rules.own_text)}</p>
            {(!own.is_empty()).then(|| view! { <ul>{rows}</ul> })}
            <p><a class="btn calm" href=to("/installningar/avisering/regel")>{td_string!(l, notice_rules.new_rule)}</a></p>
        </section>
    }
    .into_any()
}

/// What notices look like, and the way to try and to look back.
fn beside(l: Locale, previews: &[Preview]) -> AnyView {
    let shown = previews
        .iter()
        .map(|preview| {
            let (sign, name) = match preview.channel {
                Channel::Sms => (Icon::Mobile, td_string!(l, notice_rules.sms)),
                Channel::Email => (Icon::Mail, td_string!(l, notice_rules.email)),
                Channel::Push => (Icon::Bell, td_string!(l, notice_rules.push)),
            };
            let bubble = preview.channel == Channel::Sms;
            let paragraphs = preview
                .text
                .split("\n\n")
                .map(|paragraph| view! { <p class:bubble=bubble>{paragraph.trim().to_owned()}</p> })
                .collect_view();
            view! {
                <div class="group preview">
                    <h3 class="tag">{small_icon(sign)}{name}</h3>
                    {preview.subject.clone().map(|subject| view! { <p><strong>{subject}</strong></p> })}
                    {paragraphs}
                </div>
            }
        })
        .collect_view();
    view! {
        <aside class="stack stay" id="forhandsvisning" aria-labelledby="sa-har">
            <h2 id="sa-har">{td_string!(l, notice_rules.preview)}</h2>
            {shown}
            <div class="row-of">
                <form method="post" action=to(TestNotice::PATH)>
                    <button class="btn calm">{td_string!(l, notice_rules.test)}</button>
                </form>
                <a class="btn bare" href=to("/installningar/avisering/logg")>{td_string!(l, notice_rules.log)}</a>
            </div>
        </aside>
    }
    .into_any()
}

/// How soon, to choose.
pub(super) fn whens(l: Locale) -> Vec<(String, String)> {
    [When::AtOnce, When::Daily, When::Weekly, When::Never]
        .into_iter()
        .map(|when| (write_when(when).to_owned(), when_in_words(l, when).to_owned()))
        .collect()
}

/// How soon, as a form sends it.
pub(super) fn write_when(when: When) -> &'static str {
    match when {
        When::Never => "inte",
        When::AtOnce => "direkt",
        When::Daily => "dagligen",
        When::Weekly => "veckovis",
    }
}

/// The same, read.
#[cfg(feature = "ssr")]
pub(super) fn read_when(sent: &str) -> When {
    [When::AtOnce, When::Daily, When::Weekly]
        .into_iter()
        .find(|when| write_when(*when) == sent)
        .unwrap_or_default()
}

fn when_in_words(l: Locale, when: When) -> &'static str {
    match when {
        When::Never => td_string!(l, notice_rules.never),
        When::AtOnce => td_string!(l, notice_rules.at_once),
        When::Daily => td_string!(l, notice_rules.daily),
        When::Weekly => td_string!(l, notice_rules.weekly),
    }
}

/// Which letters a rule is for.
pub(super) fn letters_in_words(l: Locale, letters: &Letters) -> String {
    match letters {
        Letters::From(sender) => sender.name.clone(),
        Letters::ToPay => td_string!(l, notice_rules.to_pay).to_owned(),
        Letters::InMatter => td_string!(l, notice_rules.in_matter).to_owned(),
    }
}

/// What a rule does: “E-post: direkt. Sms: samlat varje vecka, även under tysta timmar”.
fn rule_in_words(l: Locale, rule: &OwnRule) -> String {
    let ways = [
        (td_string!(l, notice_rules.email), rule.email),
        (td_string!(l, notice_rules.sms), rule.sms),
        (td_string!(l, notice_rules.push), rule.push),
    ];
    let told: Vec<String> = ways
        .iter()
        .filter(|(_, when)| *when != When::Never)
        .map(|(way, when)| format!("{way}: {}", when_in_words(l, *when).to_lowercase()))
        .collect();
    if told.is_empty() {
        return td_string!(l, notice_rules.not_told).to_owned();
    }
    let told = told.join(". ");
    if rule.always {
        format!("{told}, {}", td_string!(l, notice_rules.always))
    } else {
        told
    }
}

/// Hours of the day, as a list has them.
fn hours(l: Locale) -> Vec<(String, String)> {
    (0..24).map(|hour| (hour.to_string(), clock(l, hour))).collect()
}

/// “08.00”.
fn clock(l: Locale, hour: u8) -> String {
    let mark = match l {
        Locale::sv => '.',
        Locale::en => ':',
    };
    format!("{hour:02}{mark}00")
}

/// “Stockholm (Europe)” for `Europe/Stockholm`.
fn zone_in_words(zone: &str) -> String {
    match zone.split_once('/') {
        Some((part, city)) => format!("{} ({})", city.replace('_', " "), part.replace('_', " ")),
        None => zone.to_owned(),
    }
}
