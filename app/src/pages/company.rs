//! `/foretag/{nummer}`: one company: who signs for it, where its mailbox is, what waits for signatures, and signing.

use super::{asked, named};
use crate::i18n::Locale;
use crate::parts::{Icon, Note, SharedPage, Tone, icon, loaded};
use crate::ports::{CompanyKind, CompanyLook, CompanyPage as Firm, CompanyStanding, CompanyToSign, CompanyWaits};
#[cfg(feature = "ssr")]
use crate::request::Language;
use crate::request::{companies, locale};
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

const KINDS: [(CompanyKind, &str); 4] = [
    (CompanyKind::Opening, "oppna"),
    (CompanyKind::Moving, "flytta"),
    (CompanyKind::Ending, "avsluta"),
    (CompanyKind::Rules, "regler"),
];

fn word(kind: CompanyKind) -> &'static str {
    KINDS
        .iter()
        .find(|(known, _)| *known == kind)
        .map_or("", |(_, word)| word)
}

#[cfg(feature = "ssr")]
fn kind_named(word: &str) -> Option<CompanyKind> {
    KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}

/// Signs the text that was read.
#[server(name = SignForCompany, prefix = "/api", endpoint = "foretag/skriv-under")]
async fn sign_for_company(
    foretag: String,
    vad: String,
    #[server(default)] marke: String,
    #[server(default)] godkanner: Option<String>,
) -> Result<(), ServerFnError> {
    use crate::ports::{CompanySigned, PortError};
    use crate::request::go;
    use crate::words::segment;

    let page = format!("/foretag/{}", segment(&foretag));
    if godkanner.is_none() {
        go(&format!("{page}?fel=kryss&vad={}#{}", segment(&vad), segment(&vad)));
        return Ok(());
    }
    let outcome = match (companies(), kind_named(&vad)) {
        (Ok(companies), Some(kind)) => companies.sign(foretag, kind, marke).await,
        (Ok(_), None) => Err(PortError::NotFound),
        (Err(error), _) => Err(error),
    };
    go(&match outcome {
        Ok(CompanySigned::Done(Some(inbox))) => format!("{inbox}?sag=valkommen"),
        Ok(CompanySigned::Done(None)) => format!("{page}?sag=klart"),
        Ok(CompanySigned::MoreMustSign) => format!("{page}?sag=skrivet"),
        Ok(CompanySigned::ReadAgain) => format!("{page}?fel=igen"),
        Ok(CompanySigned::RuleNotSupported) => format!("{page}?fel=regel"),
        Ok(CompanySigned::Refused) => format!("{page}?fel=nekad"),
        Ok(CompanySigned::TryAgain) | Err(_) => format!("{page}?fel=nu"),
    });
    Ok(())
}

/// Takes back what waits for signatures.
#[server(name = TakeBackForCompany, prefix = "/api", endpoint = "foretag/ta-tillbaka")]
async fn take_back_for_company(foretag: String, vad: String) -> Result<(), ServerFnError> {
    use crate::request::go;
    use crate::words::segment;

    let page = format!("/foretag/{}", segment(&foretag));
    let done = match (companies(), kind_named(&vad)) {
        (Ok(companies), Some(kind)) => companies.take_back(foretag, kind).await,
        _ => Ok(false),
    };
    go(&if done == Ok(true) {
        format!("{page}?sag=tillbaka")
    } else {
        format!("{page}?fel=nu")
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn CompanyPage() -> impl IntoView {
    let (number, wrong, said, what) = (named("number"), asked("fel"), asked("sag"), asked("vad"));
    loaded(async move {
        let look = companies()?.look(number?).await?;
        let l = locale();
        let name = match &look {
            CompanyLook::Page(firm) => firm.name.clone(),
            _ => td_string!(l, companies.company).to_owned(),
        };
        let title = format!(
            "{name} – {} – {}",
            td_string!(l, companies.title),
            td_string!(l, brand.name)
        );
        let content = match look {
            CompanyLook::Page(firm) => firm_view(l, *firm, wrong.as_deref(), what.as_deref()),
            CompanyLook::NotSignatory => cannot(td_string!(l, companies.not_signatory)),
            CompanyLook::Form => cannot(td_string!(l, companies.form)),
            CompanyLook::Unknown => cannot(td_string!(l, companies.unknown)),
            CompanyLook::TryAgain => view! {
                <Note tone=Tone::Wrong heading=td_string!(l, companies.down) text=td_string!(l, companies.down_text)>
                    <a class="btn calm" href="">{td_string!(l, fault.retry)}</a>
                </Note>
            }
            .into_any(),
        };
        Ok(view! {
            <SharedPage title>
                <a class="crumb" href="/foretag">{icon(Icon::Left)}{td_string!(l, companies.title)}</a>
                <div class="page-head"><h1>{name}</h1></div>
                <div class="stack">
                    {note(l, wrong.as_deref(), said.as_deref())}
                    {content}
                </div>
            </SharedPage>
        })
    })
}

fn note(l: Locale, wrong: Option<&str>, said: Option<&str>) -> AnyView {
    let (tone, text) = match (wrong, said) {
        (Some("kryss"), _) | (None, None) => return ().into_any(),
        (Some("igen"), _) => (Tone::Wrong, td_string!(l, companies.read_again)),
        (Some("regel"), _) => (Tone::Wrong, td_string!(l, companies.rule_not_supported)),
        (Some("nekad"), _) => (Tone::Wrong, td_string!(l, companies.refused)),
        (Some(_), _) => (Tone::Wrong, td_string!(l, companies.not_now)),
        (None, Some("skrivet")) => (Tone::Done, td_string!(l, companies.counted_text)),
        (None, Some("tillbaka")) => (Tone::Done, td_string!(l, companies.taken_back)),
        (None, Some(_)) => (Tone::Done, td_string!(l, companies.done)),
    };
    view! { <Note tone text/> }.into_any()
}

fn cannot(text: &'static str) -> AnyView {
    view! { <p class="lead">{text}</p> }.into_any()
}

fn firm_view(l: Locale, firm: Firm, wrong: Option<&str>, what: Option<&str>) -> AnyView {
    let (standing, inbox) = match &firm.standing {
        CompanyStanding::Nowhere => (td_string!(l, companies.nowhere).to_owned(), None),
        CompanyStanding::Here(inbox) => (td_string!(l, companies.here).to_owned(), Some(inbox.clone())),
        CompanyStanding::Unopened => (td_string!(l, companies.unopened).to_owned(), None),
        CompanyStanding::Elsewhere(operator) => (say!(l, companies.elsewhere, operator = operator.clone()), None),
        CompanyStanding::WaitsElsewhere => (td_string!(l, companies.waits_elsewhere).to_owned(), None),
    };
    let unopened = firm.standing == CompanyStanding::Unopened;
    let nothing = firm.to_sign.is_empty() && inbox.is_some();
    let unticked = wrong == Some("kryss");
    let number = firm.number.clone();
    let asked_for: Vec<_> = firm
        .to_sign
        .into_iter()
        .map(|to_sign| {
            let unticked = unticked && what == Some(word(to_sign.kind));
            signing(l, &number, to_sign, unticked)
        })
        .collect();
    view! {
        <section class="group" aria-labelledby="var">
            <h2 id="var">{standing}</h2>
            <p>{say!(l, companies.number_is, number = firm.written)}</p>
            {inbox.map(|inbox| view! { <p><a class="btn" href=inbox>{icon(Icon::Inbox)}{td_string!(l, helping.open)}</a></p> })}
            {unopened.then(|| open_now(l, &firm.number))}
            {nothing.then(|| view! { <p class="muted">{td_string!(l, companies.nothing_waits)}</p> })}
        </section>
        <section class="group" aria-labelledby="vem">
            <h2 id="vem">{td_string!(l, companies.who_signs)}</h2>
            <p>{firm.rule}</p>
            {(!firm.others.is_empty()).then(|| view! { <p>{say!(l, companies.others, names = firm.others.join(", "))}</p> })}
        </section>
        {asked_for}
    }
    .into_any()
}

/// All have signed, and the last step was lost: it is taken now.
fn open_now(l: Locale, number: &str) -> AnyView {
    view! {
        <form method="post" action=SignForCompany::PATH>
            <input type="hidden" name="foretag" value=number.to_owned()/>
            <input type="hidden" name="vad" value=word(CompanyKind::Opening)/>
            <input type="hidden" name="godkanner" value="ja"/>
            <button class="btn">{td_string!(l, companies.open_now)}</button>
        </form>
    }
    .into_any()
}

fn signing(l: Locale, number: &str, to_sign: CompanyToSign, unticked: bool) -> AnyView {
    let CompanyToSign {
        kind,
        text,
        mark,
        waits,
        is_signed,
    } = to_sign;
    let (heading, verb) = match kind {
        CompanyKind::Opening => (td_string!(l, companies.opening), td_string!(l, companies.sign_opening)),
        CompanyKind::Moving => (td_string!(l, companies.moving), td_string!(l, companies.sign_moving)),
        CompanyKind::Ending => (td_string!(l, companies.ending), td_string!(l, companies.sign_ending)),
        CompanyKind::Rules => (td_string!(l, companies.rules), td_string!(l, companies.sign_rules)),
    };
    let id = word(kind);
    let heading_id = format!("{id}-h");
    let take_back = waits.is_some().then(|| take_back(l, number, kind));
    let form = (!is_signed).then(|| {
        view! {
            <form class="agree stack" method="post" action=SignForCompany::PATH>
                <input type="hidden" name="foretag" value=number.to_owned()/>
                <input type="hidden" name="vad" value=id/>
                <input type="hidden" name="marke" value=mark/>
                <div class="field">
                    {unticked.then(|| view! { <p class="wrong" id=format!("{id}-fel") role="alert">{icon(Icon::Alert)}{td_string!(l, companies.tick)}</p> })}
                    <label class="check">
                        <input class="box" type="checkbox" name="godkanner" value="ja" required
                            aria-invalid=unticked.then_some("true") aria-describedby=unticked.then(|| format!("{id}-fel"))/>
                        <span>{td_string!(l, companies.have_read)}</span>
                    </label>
                </div>
                <p><button class="btn">{verb}</button></p>
            </form>
        }
    });
    view! {
        <section class="group" id=id aria-labelledby=heading_id>
            <h2 id=heading_id.clone()>{heading}</h2>
            {waits.map(|waits| who(l, waits, is_signed))}
            <details class="unfold" open=!is_signed>
                <summary>{td_string!(l, reception.agreement)}{icon(Icon::Down)}</summary>
                <p class="small muted">{td_string!(l, reception.agreement_hint)}</p>
                <blockquote class="agreement">{text.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()}</blockquote>
            </details>
            {form}
            {take_back}
        </section>
    }
    .into_any()
}

/// Who has signed, and who may.
fn who(l: Locale, waits: CompanyWaits, is_signed: bool) -> AnyView {
    let CompanyWaits { signed, may_sign } = waits;
    view! {
        <p class="tag due">{icon(Icon::Info)}{if is_signed {
            td_string!(l, companies.waits_for_others)
        } else {
            td_string!(l, companies.waits_for_you)
        }}</p>
        {(!signed.is_empty()).then(|| view! { <p>{say!(l, companies.signed_by, names = signed.join(", "))}</p> })}
        {(!may_sign.is_empty()).then(|| view! { <p>{say!(l, companies.may_sign, names = may_sign.join(", "))}</p> })}
    }
    .into_any()
}

fn take_back(l: Locale, number: &str, kind: CompanyKind) -> AnyView {
    view! {
        <form method="post" action=TakeBackForCompany::PATH>
            <input type="hidden" name="foretag" value=number.to_owned()/>
            <input type="hidden" name="vad" value=word(kind)/>
            <button class="btn bare">{td_string!(l, companies.take_back)}</button>
        </form>
    }
    .into_any()
}

/// The line that says for which company a text is signed.
#[cfg(feature = "ssr")]
pub fn company_line(language: Language, company: &str, number: &str) -> String {
    say!(
        Locale::from(language),
        companies.sign_for,
        company = company,
        number = number
    )
}

/// The whole text that is signed to open a mailbox for a company.
#[cfg(feature = "ssr")]
pub fn company_opening_text(language: Language, company: &str, number: &str) -> String {
    let l = Locale::from(language);
    format!(
        "{}\n\n{}\n\n{}",
        company_line(language, company, number),
        td_string!(l, companies.sign_opening_text),
        super::terms_text(language)
    )
}

/// The whole text that is signed to move a company's mailbox here.
#[cfg(feature = "ssr")]
pub fn company_moving_text(language: Language, company: &str, number: &str, from: &str) -> String {
    format!(
        "{}\n\n{}",
        company_line(language, company, number),
        super::moving_text(language, from)
    )
}
