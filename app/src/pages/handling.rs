//! Who of a company takes a letter, how far they have come, and notes for colleagues: on the letter's page, and `/tilldelat`, what somebody
//! has taken.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Still, Tone, loaded, small_icon};
use crate::ports::{ColleagueId, HandlingStep, LetterId, LetterNote, LetterWork, Taken, TakenPage, TakenRow};
use crate::request::{handling, locale, mailbox, to, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

const TAKEN: &str = "/tilldelat";

/// Decides who takes a letter, or how far they have come.
#[server(name = HandleLetter, prefix = "/api", endpoint = "brev/ta")]
async fn handle_letter(
    brev: String,
    gor: String,
    #[server(default)] till: String,
    #[server(default)] sett: i64,
    #[server(default)] lista: String,
) -> Result<(), ServerFnError> {
    use crate::ports::{HandlingDecision, PortError};

    let decision = match gor.as_str() {
        "jag" => Ok(HandlingDecision::Mine),
        "ge" => Ok(HandlingDecision::To(ColleagueId(till))),
        "ingen" => Ok(HandlingDecision::Nobody),
        "borjat" => Ok(HandlingDecision::Step(HandlingStep::Begun)),
        "klart" => Ok(HandlingDecision::Step(HandlingStep::Done)),
        "igen" => Ok(HandlingDecision::Step(HandlingStep::Given)),
        _ => Err(PortError::NotFound),
    };
    let outcome = match (handling(), decision) {
        (Ok(handling), Ok(decision)) => handling.decide(LetterId(brev), decision, sett).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    back(&lista, outcome);
    Ok(())
}

/// Writes a note for colleagues, or takes one of one's own away.
#[server(name = NoteOnLetter, prefix = "/api", endpoint = "brev/anteckna")]
async fn note_on_letter(
    brev: String,
    #[server(default)] text: String,
    #[server(default)] bort: String,
    #[server(default)] lista: String,
) -> Result<(), ServerFnError> {
    use crate::ports::NoteId;

    let outcome = match handling() {
        Ok(handling) if bort.is_empty() => handling.write_note(LetterId(brev), text).await,
        Ok(handling) => handling.remove_note(LetterId(brev), NoteId(bort)).await,
        Err(error) => Err(error),
    };
    back(&lista, outcome);
    Ok(())
}

/// Leads back to the letter, and says there what came of it.
#[cfg(feature = "ssr")]
fn back(letter: &str, outcome: Result<crate::ports::HandlingChanged, crate::ports::PortError>) {
    use super::back::Back;
    use crate::ports::HandlingChanged;
    use crate::request::go;

    let said = match outcome {
        Ok(HandlingChanged::Done) => "sparat",
        Ok(HandlingChanged::Meanwhile) => "hann-fore",
        Ok(HandlingChanged::NotTaken) => "anteckning",
        Err(_) => "fel",
    };
    go(&format!(
        "{}#arbete",
        Back::named(letter).with(&format!("arbete={said}"))
    ));
}

/// The work on a letter, in a company's mailbox; `here` is the letter's address.
pub(super) fn work_on(
    l: Locale,
    letter: &LetterId,
    work: LetterWork,
    here: &str,
    said: Option<&str>,
    now: OffsetDateTime,
) -> AnyView {
    let said = said.map(|said| match said {
        "sparat" => (Tone::Done, td_string!(l, handling.saved)),
        "hann-fore" => (Tone::Wrong, td_string!(l, handling.meanwhile)),
        "anteckning" => (Tone::Wrong, td_string!(l, handling.not_taken)),
        _ => (Tone::Wrong, td_string!(l, handling.failed)),
    });
    let stands = match &work.taken {
        None => view! { <p>{td_string!(l, handling.nobody)}</p> }.into_any(),
        Some(taken) => stands(l, taken, now),
    };
    let form = Form {
        letter,
        here,
        seen: work.seen,
    };
    view! {
        <section class="group stack no-print" id="arbete" aria-labelledby="arbete-h">
            <h2 id="arbete-h">{td_string!(l, handling.title)}</h2>
            {said.map(|(tone, text)| view! { <Note tone text/> })}
            {stands}
            {work.may_change.then(|| form.steps(l, work.taken.as_ref()))}
            {(work.may_change && !work.colleagues.is_empty()).then(|| form.give(l, work.colleagues))}
            <p><a href=to(TAKEN)>{td_string!(l, handling.taken_link)}</a></p>
            <h3>{td_string!(l, handling.notes)}</h3>
            <p class="small muted">{td_string!(l, handling.notes_text)}</p>
            {(!work.notes.is_empty()).then(|| view! {
                <ul class="askers">{work.notes.into_iter().map(|note| form.note(l, note, now)).collect_view()}</ul>
            })}
            {work.may_change.then(|| form.new_note(l))}
        </section>
    }
    .into_any()
}

fn stands(l: Locale, taken: &Taken, now: OffsetDateTime) -> AnyView {
    let who = taken.taker.clone();
    let text = match (taken.step, taken.mine) {
        (HandlingStep::Given, true) => td_string!(l, handling.given_mine).to_owned(),
        (HandlingStep::Given, false) => say!(l, handling.given, who = who),
        (HandlingStep::Begun, true) => td_string!(l, handling.begun_mine).to_owned(),
        (HandlingStep::Begun, false) => say!(l, handling.begun, who = who),
        (HandlingStep::Done, _) => say!(l, handling.done, who = who),
    };
    let at = Moment::new(taken.at, now).in_sentence(l);
    view! {
        <p><strong>{text}</strong><small class="muted">" "{say!(l, handling.said, by = taken.by.clone(), at = at)}</small></p>
    }
    .into_any()
}

/// The forms of one letter.
struct Form<'a> {
    letter: &'a LetterId,
    here: &'a str,
    seen: i64,
}

impl Form<'_> {
    fn hidden(&self) -> AnyView {
        view! {
            <input type="hidden" name="brev" value=self.letter.0.clone()/>
            <input type="hidden" name="lista" value=self.here.to_owned()/>
        }
        .into_any()
    }

    fn steps(&self, l: Locale, taken: Option<&Taken>) -> AnyView {
        let take = ("jag", td_string!(l, handling.take));
        let begin = ("borjat", td_string!(l, handling.begin));
        let done = ("klart", td_string!(l, handling.done_now));
        let leave = ("ingen", td_string!(l, handling.leave));
        let steps: &[(&str, &str)] = match taken.map(|taken| (taken.step, taken.mine)) {
            Some((HandlingStep::Given, true)) => &[begin, done, leave],
            Some((HandlingStep::Begun, true)) => &[done, leave],
            None | Some((HandlingStep::Given | HandlingStep::Begun, false)) => &[take, done],
            Some((HandlingStep::Done, _)) => &[("igen", td_string!(l, handling.again))],
        };
        let buttons = steps.iter().enumerate().map(|(place, (act, name))| {
            let class = if place == 0 { "btn" } else { "btn calm" };
            view! { <button class=class name="gor" value=(*act).to_owned()>{(*name).to_owned()}</button> }
        });
        view! {
            <form class="row-of" method="post" action=to(HandleLetter::PATH)>
                {self.hidden()}
                <input type="hidden" name="sett" value=self.seen.to_string()/>
                {buttons.collect_view()}
            </form>
        }
        .into_any()
    }

    fn give(&self, l: Locale, colleagues: Vec<(ColleagueId, String)>) -> AnyView {
        let one = |(id, name): (ColleagueId, String)| view! { <option value=id.0>{name}</option> };
        view! {
            <form class="field" method="post" action=to(HandleLetter::PATH)>
                {self.hidden()}
                <input type="hidden" name="sett" value=self.seen.to_string()/>
                <label for="ge-till">{td_string!(l, handling.give_to)}</label>
                <div class="row-of">
                    <select class="in" id="ge-till" name="till">{colleagues.into_iter().map(one).collect_view()}</select>
                    <button class="btn calm" name="gor" value="ge">{td_string!(l, handling.give)}</button>
                </div>
            </form>
        }
        .into_any()
    }

    fn note(&self, l: Locale, note: LetterNote, now: OffsetDateTime) -> AnyView {
        let at = Moment::new(note.at, now);
        let remove = note.mine.then(|| {
            let label = say!(l, handling.remove_whose, at = at.in_sentence(l));
            view! {
                <form method="post" action=to(NoteOnLetter::PATH)>
                    {self.hidden()}
                    <button class="btn bare" name="bort" value=note.id.0 aria-label=label>{td_string!(l, handling.remove)}</button>
                </form>
            }
        });
        view! {
            <li>
                <p><strong>{note.author}</strong><small class="muted"><time datetime=at.machine()>{at.in_letter(l)}</time></small></p>
                <p class="as-written">{note.text}</p>
                {remove}
            </li>
        }
        .into_any()
    }

    fn new_note(&self, l: Locale) -> AnyView {
        view! {
            <form class="field" method="post" action=to(NoteOnLetter::PATH)>
                {self.hidden()}
                <label for="anteckning">{td_string!(l, handling.write)}</label>
                <textarea class="in" id="anteckning" name="text" rows="3" maxlength="2000" required></textarea>
                <p><button class="btn calm">{td_string!(l, handling.keep)}</button></p>
            </form>
        }
        .into_any()
    }
}

/// What whoever is logged in has taken of a company's letters, and not done.
#[component]
pub(crate) fn TakenLetters() -> impl IntoView {
    let before = asked("fore").map(LetterId);
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let page = handling()?.taken(before).await?;
        let l = locale();
        let title = format!(
            "{} – {}",
            td_string!(l, handling.taken_title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::Taken title>
                <div class="page-head">
                    <h1>{td_string!(l, handling.taken_title)}</h1>
                    <p class="lead">{td_string!(l, handling.taken_lead)}</p>
                </div>
                {if page.rows.is_empty() {
                    nothing_taken(l)
                } else {
                    list(l, page, now)
                }}
            </Home>
        })
    })
}

fn nothing_taken(l: Locale) -> AnyView {
    view! {
        <section class="group" aria-labelledby="tom">
            <Still askew=false/>
            <h2 id="tom">{td_string!(l, handling.taken_none)}</h2>
            <p>{td_string!(l, handling.taken_none_text)}</p>
        </section>
    }
    .into_any()
}

fn list(l: Locale, page: TakenPage, now: OffsetDateTime) -> AnyView {
    let one = |row: TakenRow| {
        let step = match row.step {
            HandlingStep::Begun => td_string!(l, handling.begun_mine),
            HandlingStep::Given | HandlingStep::Done => td_string!(l, handling.given_mine),
        };
        let came = Moment::new(row.received_at, now);
        view! {
            <li>
                <p><strong><a href=to(format!("/brev/{}", words::segment(&row.letter.0)))>{words::subject(l, &row.subject)}</a></strong></p>
                <p class="small muted">
                    {row.sender}" · "<time datetime=came.machine()>{came.in_letter(l)}</time>" · "{step}
                    {row.is_binned.then(|| format!(" {}", td_string!(l, handling.in_bin)))}
                </p>
            </li>
        }
    };
    let next = page.next.map(|next| {
        view! {
            <p><a class="btn calm" href=to(format!("{TAKEN}?fore={}", words::segment(&next.0)))>{td_string!(l, inbox.older)}{small_icon(Icon::Right)}</a></p>
        }
    });
    view! {
        <section class="group" aria-label=td_string!(l, handling.taken_title)>
            <ul class="askers">{page.rows.into_iter().map(one).collect_view()}</ul>
            {next}
        </section>
    }
    .into_any()
}
