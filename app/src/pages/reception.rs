//! `/installningar/mottagning`: from whom letters come here, and from whom on paper.
//!
//! One form holds the page. Every button of it keeps the ticks first, so that a search or another letter of the alphabet loses none;
//! they are signed on the page after ([`super::reception_review`]).

use super::asked;
use super::operator::more_must_sign;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded, small_icon};
use crate::ports::{Rules, RulesPage, RulesQuery, SenderRow, ShowSenders};
use crate::request::{locale, mailbox, reception, to, visit};
use crate::words::{Moment, say, segment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Keeps the ticks of a page and does what the pressed button says.
#[server(name = KeepTicks, prefix = "/api", endpoint = "mottagning/val")]
async fn keep_ticks(
    #[server(default)] visad: Vec<String>,
    #[server(default)] digitalt: Vec<String>,
    #[server(default)] visa: String,
    #[server(default)] sok: String,
    #[server(default)] bokstav: String,
    #[server(default)] gor: String,
) -> Result<(), ServerFnError> {
    use crate::ports::{Kept, Tick};
    use crate::request::go;

    // Each sender on the page says which it is, and what the page said of it.
    let ticks = visad.iter().filter_map(|shown| {
        let (number, was) = shown.split_once('.')?;
        Some(Tick {
            number: number.to_owned(),
            was: was == "1",
            digital: digitalt.iter().any(|ticked| ticked == number),
        })
    });
    let (verb, object) = gor.split_once('-').unwrap_or((&gor, ""));
    let outcome = match reception() {
        Ok(reception) => match reception.keep(ticks.collect()).await {
            Ok(Kept::Done) if verb == "alla" => reception.keep_all(object == "digitalt").await,
            kept => kept,
        },
        Err(error) => Err(error),
    };
    let (visa, bokstav) = match verb {
        "visa" => (object, ""),
        "bokstav" => (visa.as_str(), object),
        "sok" => (visa.as_str(), ""),
        _ => (visa.as_str(), bokstav.as_str()),
    };
    match outcome {
        Ok(Kept::Done) if verb == "granska" => go("/installningar/mottagning/granska"),
        Ok(Kept::Done) => go(&address(visa, sok.trim(), bokstav, None)),
        Ok(Kept::NotNow) | Err(_) => go(&address(visa, sok.trim(), bokstav, Some("nu"))),
    }
    Ok(())
}

/// Forgets the ticks.
#[server(name = ForgetTicks, prefix = "/api", endpoint = "mottagning/glom")]
pub(super) async fn forget_ticks() -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match reception() {
        Ok(reception) => reception.forget().await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar/mottagning?sag=glomt"
    } else {
        "/installningar/mottagning?fel=nu"
    });
    Ok(())
}

/// The new senders have been seen.
#[server(name = SeeSenders, prefix = "/api", endpoint = "mottagning/sett")]
async fn see_senders() -> Result<(), ServerFnError> {
    use crate::ports::Kept;
    use crate::request::go;

    let outcome = match reception() {
        Ok(reception) => reception.see_all().await,
        Err(error) => Err(error),
    };
    go(if outcome == Ok(Kept::Done) {
        "/installningar/mottagning"
    } else {
        "/installningar/mottagning?fel=nu"
    });
    Ok(())
}

/// The address of a page of senders.
#[cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "only a server redirects"))]
fn address(show: &str, search: &str, letter: &str, wrong: Option<&str>) -> String {
    let query: Vec<_> = [
        ("visa", show),
        ("sok", search),
        ("bokstav", letter),
        ("fel", wrong.unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", segment(value)))
    .collect();
    if query.is_empty() {
        "/installningar/mottagning".to_owned()
    } else {
        format!("/installningar/mottagning?{}", query.join("&"))
    }
}

/// A filter and its name in addresses and forms.
const FILTERS: [(ShowSenders, &str); 4] = [
    (ShowSenders::All, ""),
    (ShowSenders::Written, "skrivit"),
    (ShowSenders::Paper, "papper"),
    (ShowSenders::New, "nya"),
];

fn filter_named(name: &str) -> ShowSenders {
    FILTERS
        .into_iter()
        .find(|(_, known)| *known == name)
        .map_or(ShowSenders::All, |(show, _)| show)
}

fn name_of(show: ShowSenders) -> &'static str {
    FILTERS
        .into_iter()
        .find(|(known, _)| *known == show)
        .map_or("", |(_, name)| name)
}

/// The page.
#[component]
pub(crate) fn ReceptionPage() -> impl IntoView {
    let query = RulesQuery {
        show: filter_named(&asked("visa").unwrap_or_default()),
        search: asked("sok").unwrap_or_default(),
        letter: asked("bokstav"),
    };
    let (said, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let (mailbox, reception) = (mailbox()?, reception()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let page = reception.rules(query.clone()).await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, reception.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let note = match (said.as_deref(), wrong.as_deref()) {
            (_, Some(_)) => Some((Tone::Wrong, td_string!(l, reception.not_now))),
            (Some("sparat"), _) => Some((Tone::Done, td_string!(l, reception.stored))),
            (Some("glomt"), _) => Some((Tone::Done, td_string!(l, reception.forgotten))),
            _ => None,
        };
        let counted = (said.as_deref() == Some("fler")).then(|| more_must_sign(l));
        let content = match page {
            RulesPage::Rules(rules) => senders(l, rules, &query, now),
            RulesPage::TryAgain => view! {
                <Note tone=Tone::Wrong heading=td_string!(l, reception.down) text=td_string!(l, reception.down_text)>
                    <a class="btn calm" href=to("/installningar/mottagning")>{td_string!(l, fault.retry)}</a>
                </Note>
            }
            .into_any(),
            RulesPage::NotHere => view! {
                <Note tone=Tone::Wrong heading=td_string!(l, reception.not_here) text=td_string!(l, reception.not_here_text)/>
            }
            .into_any(),
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, reception.title)}</h1>
                    <p class="lead">{td_string!(l, reception.lead)}</p>
                </div>
                <div class="stack">
                    {counted}
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {content}
                </div>
            </Home>
        })
    })
}

fn senders(l: Locale, rules: Rules, query: &RulesQuery, now: OffsetDateTime) -> AnyView {
    let changes = rules.changes;
    view! {
        {joining(l, rules.new)}
        <form class="stack" method="post" action=to(KeepTicks::PATH)>
            <input type="hidden" name="visa" value=name_of(query.show)/>
            <input type="hidden" name="bokstav" value=rules.letter.clone().unwrap_or_default()/>
            <section class="group" aria-labelledby="avsandare">
                <div class="title-line">
                    <h2 id="avsandare">{td_string!(l, reception.senders)}</h2>
                    <p class="small muted">{say!(l, reception.shown, n = rules.senders.len(), total = rules.total)}</p>
                </div>
                <div class="find">
                    {icon(Icon::Search)}
                    <label class="unseen" for="sok">{td_string!(l, reception.search)}</label>
                    <input class="in" id="sok" name="sok" type="search" value=query.search.clone() placeholder=td_string!(l, reception.search_hint) maxlength="80"/>
                    <button class="btn" name="gor" value="sok">{td_string!(l, reception.find)}</button>
                </div>
                {filters(l, &rules, query.show)}
                {alphabet(l, &rules)}
                {list(l, rules.senders, query, now)}
                <div class="row-of every">
                    <span class="small muted">{say!(l, reception.every, n = rules.total)}</span>
                    <button class="btn bare" name="gor" value="alla-digitalt">{td_string!(l, reception.all_digital)}</button>
                    <button class="btn bare" name="gor" value="alla-papper">{td_string!(l, reception.all_paper)}</button>
                </div>
            </section>
            <div class="note">
                {icon(Icon::Info)}
                <div class="note-text">
                    <h2>{td_string!(l, reception.when)}</h2>
                    <p>{td_string!(l, reception.when_text)}</p>
                </div>
            </div>
            <div class="row-of">
                <button class="btn" name="gor" value="granska">{td_string!(l, reception.review)}</button>
                {(changes > 0).then(|| view! {
                    <span class="small">{if changes == 1 { td_string!(l, reception.waiting_one).to_owned() } else { say!(l, reception.waiting_many, n = changes) }}</span>
                })}
            </div>
        </form>
        {(changes > 0).then(|| view! {
            <form method="post" action=to(ForgetTicks::PATH)>
                <button class="btn bare">{td_string!(l, reception.forget)}</button>
            </form>
        })}
    }
    .into_any()
}

/// How it is with senders that join later, and which have.
fn joining(l: Locale, new: usize) -> AnyView {
    view! {
        <section class="group joining" aria-labelledby="nya">
            <div class="setting">
                <div>
                    <h2 id="nya">{td_string!(l, reception.joining)}</h2>
                    <small>{td_string!(l, reception.joining_text)}</small>
                    {(new > 0).then(|| view! {
                        <p class="tag due">
                            {small_icon(Icon::Info)}
                            {if new == 1 { td_string!(l, reception.joined_one).to_owned() } else { say!(l, reception.joined_many, n = new) }}
                        </p>
                    })}
                </div>
                <strong>{td_string!(l, reception.digital)}</strong>
            </div>
            {(new > 0).then(|| view! {
                <div class="row-of">
                    <a class="btn calm" href=to("/installningar/mottagning?visa=nya")>{td_string!(l, reception.show_joined)}</a>
                    <form method="post" action=to(SeeSenders::PATH)>
                        <button class="btn bare">{td_string!(l, reception.seen)}</button>
                    </form>
                </div>
            })}
        </section>
    }
    .into_any()
}

fn filters(l: Locale, rules: &Rules, current: ShowSenders) -> AnyView {
    let filter = |show: ShowSenders, name: &'static str, count: usize| {
        view! {
            <li><button class="chip" name="gor" value=format!("visa-{}", name_of(show)) aria-current=(show == current).then_some("true")>
                {name}" "<span class="number">{count}</span>
            </button></li>
        }
    };
    let new = (rules.new > 0 || current == ShowSenders::New).then_some(rules.new);
    view! {
        <ul class="chips" aria-label=td_string!(l, reception.show)>
            {filter(ShowSenders::All, td_string!(l, reception.all), rules.total)}
            {filter(ShowSenders::Written, td_string!(l, reception.written), rules.written)}
            {filter(ShowSenders::Paper, td_string!(l, reception.on_paper), rules.paper)}
            {new.map(|new| filter(ShowSenders::New, td_string!(l, reception.new), new))}
        </ul>
    }
    .into_any()
}

fn alphabet(l: Locale, rules: &Rules) -> AnyView {
    if rules.letters.is_empty() {
        return ().into_any();
    }
    let current = rules.letter.clone();
    view! {
        <ul class="chips alphabet" aria-label=td_string!(l, reception.alphabet)>
            {rules.letters.iter().map(|letter| {
                let marked = Some(letter) == current.as_ref();
                view! {
                    <li><button class="chip" name="gor" value=format!("bokstav-{letter}") aria-current=marked.then_some("true")>{letter.clone()}</button></li>
                }
            }).collect_view()}
        </ul>
    }
    .into_any()
}

fn list(l: Locale, senders: Vec<SenderRow>, query: &RulesQuery, now: OffsetDateTime) -> AnyView {
    if senders.is_empty() {
        let text = if query.search.trim().is_empty() {
            td_string!(l, reception.none).to_owned()
        } else {
            say!(l, reception.not_found, search = query.search.trim())
        };
        return view! { <p class="muted" role="status">{text}</p> }.into_any();
    }
    view! { <ul class="rules">{senders.into_iter().map(|sender| rule(l, sender, now)).collect_view()}</ul> }.into_any()
}

fn rule(l: Locale, sender: SenderRow, now: OffsetDateTime) -> AnyView {
    let id = format!("a{}", sender.number);
    let about = match sender.last_letter {
        Some(at) => say!(l, reception.last_letter, at = Moment::new(at, now).in_sentence(l)),
        None => td_string!(l, reception.no_letter).to_owned(),
    };
    let waits = match (sender.in_register, sender.digital) {
        (true, false) => Some(td_string!(l, reception.becomes_paper)),
        (false, true) => Some(td_string!(l, reception.becomes_digital)),
        (false, false) => Some(td_string!(l, reception.is_paper)),
        (true, true) => None,
    };
    view! {
        <li class="setting">
            <div>
                <strong id=id.clone()>{sender.name}</strong>
                {sender.new.then(|| view! { " "<span class="new">{td_string!(l, reception.new_mark)}</span> })}
                <small>{sender.organisation}" · "{about}</small>
                {waits.map(|text| view! { <span class="tag due">{small_icon(Icon::Info)}{text}</span> })}
            </div>
            <input type="hidden" name="visad[]" value=format!("{}.{}", sender.number, u8::from(sender.in_register))/>
            <label class="toggle">
                <input class="switch" type="checkbox" role="switch" name="digitalt[]" value=sender.number checked=sender.digital aria-labelledby=id/>
                <span class="state" aria-hidden="true" data-on=td_string!(l, reception.digital) data-off=td_string!(l, reception.paper)></span>
            </label>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_was_asked_for_and_no_more() {
        assert_eq!(address("", "", "", None), "/installningar/mottagning");
        assert_eq!(
            address("papper", "Åre kommun", "Å", Some("nu")),
            "/installningar/mottagning?visa=papper&sok=%C3%85re%20kommun&bokstav=%C3%85&fel=nu"
        );
    }

    #[test]
    fn filters_are_read_as_they_were_written() {
        for (show, name) in FILTERS {
            assert_eq!((filter_named(name), name_of(show)), (show, name));
        }
        assert_eq!(filter_named("nonsens"), ShowSenders::All);
    }
}
