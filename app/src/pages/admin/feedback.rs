//! `/admin/tyck-till`: what people think of the service, read, sorted and taken care of.

use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, select, staff_loaded, staff_title};
use crate::ports::{OpinionCount, OpinionPage, OpinionRow, OpinionTag, OpinionsWanted, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Every tag and its name in addresses.
pub(super) const TAGS: [(OpinionTag, &str); 5] = [
    (OpinionTag::Fault, "fel"),
    (OpinionTag::Hard, "svart"),
    (OpinionTag::Wish, "onskan"),
    (OpinionTag::Praise, "berom"),
    (OpinionTag::Other, "annat"),
];

/// Says what an opinion is about.
#[server(name = TagOpinion, prefix = "/api", endpoint = "admin/tyck-till/tagg")]
async fn tag_opinion(
    id: String,
    #[server(default)] tagg: String,
    #[server(default)] visa: String,
) -> Result<(), ServerFnError> {
    use super::after;
    use crate::request::go;

    let tag = TAGS.iter().find(|(_, name)| *name == tagg).map(|(tag, _)| *tag);
    let done = match staff() {
        Ok(staff) => staff.tag(id, tag).await,
        Err(error) => Err(error),
    };
    go(&after(&address(&visa), done, "tagg"));
    Ok(())
}

/// Says that an opinion is taken care of: it is forgotten.
#[server(name = CloseOpinion, prefix = "/api", endpoint = "admin/tyck-till/klar")]
async fn close_opinion(id: String, #[server(default)] visa: String) -> Result<(), ServerFnError> {
    use super::after;
    use crate::request::go;

    let done = match staff() {
        Ok(staff) => staff.close(id).await,
        Err(error) => Err(error),
    };
    go(&after(&address(&visa), done, "klar"));
    Ok(())
}

/// The address of a look, by its name.
fn address(show: &str) -> String {
    let known = show == "utan" || TAGS.iter().any(|(_, name)| *name == show);
    if known {
        format!("/admin/tyck-till?visa={show}")
    } else {
        "/admin/tyck-till".to_owned()
    }
}

/// The opinions.
#[component]
pub(crate) fn StaffFeedback() -> impl IntoView {
    let show = asked("visa").unwrap_or_default();
    let wanted = match show.as_str() {
        "utan" => OpinionsWanted::Untagged,
        name => TAGS
            .iter()
            .find(|(_, known)| *known == name)
            .map_or(OpinionsWanted::All, |(tag, _)| OpinionsWanted::Tag(*tag)),
    };
    let (after, said, wrong) = (asked("efter"), asked("sag"), asked("fel"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.opinions(wanted, after).await?;
        let l = locale();
        let note = match (wrong.as_deref(), said.as_deref()) {
            (Some("roll"), _) => Some((Tone::Wrong, td_string!(l, admin.not_allowed_text))),
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, admin_feedback.gone))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, admin.failed))),
            (None, Some("tagg")) => Some((Tone::Done, td_string!(l, admin_feedback.said_tag))),
            (None, Some("svar")) => Some((Tone::Done, td_string!(l, admin_feedback.said_answer))),
            (None, Some(_)) => Some((Tone::Done, td_string!(l, admin_feedback.said_done))),
            (None, None) => None,
        };
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Feedback) title=staff_title(l, td_string!(l, admin.feedback))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.feedback)}</h1>
                    <p class="lead">{td_string!(l, admin_feedback.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {list(l, &page, wanted, &show, now)}
                    {counts(l, &page.counts)}
                </div>
            </StaffPage>
        })
    })
}

fn list(l: Locale, page: &OpinionPage, wanted: OpinionsWanted, show: &str, now: OffsetDateTime) -> AnyView {
    let looks = [(OpinionsWanted::All, ""), (OpinionsWanted::Untagged, "utan")]
        .into_iter()
        .chain(TAGS.map(|(tag, name)| (OpinionsWanted::Tag(tag), name)));
    let name = |look: OpinionsWanted| match look {
        OpinionsWanted::All => td_string!(l, admin_feedback.all),
        OpinionsWanted::Untagged => td_string!(l, admin_feedback.untagged),
        OpinionsWanted::Tag(tag) => tag_name(l, tag),
    };
    let next = page.next.as_deref().map(|next| {
        let here = address(show);
        let joint = if here.contains('?') { '&' } else { '?' };
        format!("{here}{joint}efter={}", words::segment(next))
    });
    let content = if page.rows.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_feedback.none)}</p> }.into_any()
    } else {
        view! { <ul class="opinions">{page.rows.iter().map(|row| one(l, row, show, now)).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="group" aria-label=td_string!(l, admin.feedback)>
            <ul class="chips" aria-label=td_string!(l, admin_feedback.show)>
                {looks.map(|(look, word)| view! {
                    <li><a class="chip" href=address(word) aria-current=(look == wanted).then_some("true")>{name(look)}</a></li>
                }).collect_view()}
            </ul>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin_feedback.newer)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn one(l: Locale, row: &OpinionRow, show: &str, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(row.at, now);
    let field = format!("tagg-{}", row.id);
    let options = std::iter::once((String::new(), td_string!(l, admin_feedback.untagged).to_owned()))
        .chain(TAGS.map(|(tag, name)| (name.to_owned(), tag_name(l, tag).to_owned())))
        .collect();
    let chosen = row
        .tag
        .and_then(|tag| TAGS.iter().find(|(known, _)| *known == tag))
        .map_or("", |(_, name)| name);
    let which = at.in_letter(l);
    let label = |what: &str| format!("{what}: {which}");
    view! {
        <li>
            {said(l, row, now)}
            <form class="row-of" method="post" action=TagOpinion::PATH>
                <input type="hidden" name="id" value=row.id.clone()/>
                <input type="hidden" name="visa" value=show.to_owned()/>
                <label class="unseen" for=field.clone()>{label(td_string!(l, admin_feedback.about))}</label>
                {select(&field, "tagg", options, chosen, None)}
                <button class="btn calm" aria-label=label(td_string!(l, admin_feedback.save_tag))>{td_string!(l, admin_feedback.save_tag)}</button>
            </form>
            <div class="row-of">
                {row.answer_to.is_some().then(|| view! {
                    <a class="btn calm" href=format!("/admin/tyck-till/{}", words::segment(&row.id)) aria-label=label(td_string!(l, admin_feedback.answer))>
                        {td_string!(l, admin_feedback.answer)}
                    </a>
                })}
                <form method="post" action=CloseOpinion::PATH>
                    <input type="hidden" name="id" value=row.id.clone()/>
                    <input type="hidden" name="visa" value=show.to_owned()/>
                    <button class="btn bare" aria-label=label(td_string!(l, admin_feedback.done))>{td_string!(l, admin_feedback.done)}</button>
                </form>
            </div>
        </li>
    }
    .into_any()
}

/// What somebody said, when, and from where.
pub(super) fn said(l: Locale, row: &OpinionRow, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(row.at, now);
    let from = say!(l, admin_feedback.from, page = row.page.clone());
    let wants = match &row.answer_to {
        Some(address) => say!(l, admin_feedback.wants_answer, address = address),
        None => td_string!(l, admin_feedback.wants_none).to_owned(),
    };
    view! {
        <blockquote class="said" lang=row.language.clone()>{row.words.clone()}</blockquote>
        <p class="small muted"><time datetime=at.machine()>{at.in_letter(l)}</time>" · "{from}" · "{wants}</p>
    }
    .into_any()
}

fn counts(l: Locale, counts: &[OpinionCount]) -> AnyView {
    view! {
        <section class="group" aria-labelledby="antal">
            <h2 id="antal">{td_string!(l, admin_feedback.counts)}</h2>
            <table class="table">
                <thead><tr>
                    <th scope="col">{td_string!(l, admin_feedback.about)}</th>
                    <th scope="col">{td_string!(l, admin_feedback.open)}</th>
                    <th scope="col">{td_string!(l, admin_feedback.lately)}</th>
                    <th scope="col">{td_string!(l, admin_feedback.ever)}</th>
                </tr></thead>
                <tbody>
                    {counts.iter().map(|of_tag| {
                        let name = of_tag.tag.map_or_else(|| td_string!(l, admin_feedback.untagged), |tag| tag_name(l, tag));
                        view! {
                            <tr>
                                <td data-label=td_string!(l, admin_feedback.about)>{name}</td>
                                <td data-label=td_string!(l, admin_feedback.open) class="number">{of_tag.open}</td>
                                <td data-label=td_string!(l, admin_feedback.lately) class="number">{of_tag.lately}</td>
                                <td data-label=td_string!(l, admin_feedback.ever) class="number">{of_tag.all}</td>
                            </tr>
                        }
                    }).collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}

fn tag_name(l: Locale, tag: OpinionTag) -> &'static str {
    match tag {
        OpinionTag::Fault => td_string!(l, admin_feedback.tag_fault),
        OpinionTag::Hard => td_string!(l, admin_feedback.tag_hard),
        OpinionTag::Wish => td_string!(l, admin_feedback.tag_wish),
        OpinionTag::Praise => td_string!(l, admin_feedback.tag_praise),
        OpinionTag::Other => td_string!(l, admin_feedback.tag_other),
    }
}
