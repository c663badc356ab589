//! `/admin/ko`: what work waits, what has failed, what was given up; and having it tried again.

use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, small_icon, staff_loaded, staff_title};
use crate::ports::{QueueCount, QueueJob, QueuePage, QueueShow, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A look and its name in addresses.
const LOOKS: [(QueueShow, &str); 3] = [
    (QueueShow::GivenUp, ""),
    (QueueShow::Again, "igen"),
    (QueueShow::Waiting, "vantar"),
];

/// Has work tried again: one job, everything of a kind, or everything that was given up.
#[server(name = RetryJobs, prefix = "/api", endpoint = "admin/ko/igen")]
async fn retry_jobs(
    #[server(default)] jobb: String,
    #[server(default)] sort: String,
    #[server(default)] visa: String,
) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::RetryWhat;
    use crate::request::go;

    let what = match (jobb.as_str(), sort.as_str()) {
        ("", "") => RetryWhat::All,
        ("", _) => RetryWhat::Kind(sort),
        _ => RetryWhat::One(jobb),
    };
    let done = match staff() {
        Ok(staff) => staff.retry(what).await,
        Err(error) => Err(error),
    };
    let show = LOOKS.iter().find(|(_, name)| *name == visa && !name.is_empty());
    let page = show.map_or("/admin/ko".to_owned(), |(_, name)| format!("/admin/ko?visa={name}"));
    let said = done.as_ref().map_or(0, |count| *count).to_string();
    go(&after(&page, done.map(drop), &said));
    Ok(())
}

/// The queue.
#[component]
pub(crate) fn StaffQueue() -> impl IntoView {
    let show = asked("visa").unwrap_or_default();
    let show = LOOKS.into_iter().find(|(_, name)| *name == show).unwrap_or(LOOKS[0]);
    let (before, said, wrong) = (asked("fore"), asked("sag"), asked("fel"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.queue(show.0, before).await?;
        let l = locale();
        let note = match (wrong.as_deref(), said.as_deref()) {
            (Some("roll"), _) => Some((Tone::Wrong, td_string!(l, admin.not_allowed_text).to_owned())),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, admin.failed).to_owned())),
            (None, Some("0")) => Some((Tone::Done, td_string!(l, admin_queue.retried_none).to_owned())),
            (None, Some("1")) => Some((Tone::Done, td_string!(l, admin_queue.retried_one).to_owned())),
            (None, Some(n)) => n
                .parse::<u64>()
                .ok()
                .map(|n| (Tone::Done, say!(l, admin_queue.retried_many, n = n))),
            (None, None) => None,
        };
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Queue) title=staff_title(l, td_string!(l, admin.queue))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.queue)}</h1>
                    <p class="lead">{td_string!(l, admin_queue.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {kinds(l, &page, now)}
                    {jobs(l, show, page, now)}
                </div>
            </StaffPage>
        })
    })
}

/// What there is, by kind.
fn kinds(l: Locale, page: &QueuePage, now: OffsetDateTime) -> AnyView {
    let given_up: u64 = page.counts.iter().map(|of_kind| of_kind.given_up).sum();
    let may = page.may_retry;
    let content = if page.counts.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_queue.empty)}</p> }.into_any()
    } else {
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, admin_queue.by_kind)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, admin_queue.kind)}</th>
                    <th scope="col">{td_string!(l, admin_queue.waiting)}</th>
                    <th scope="col">{td_string!(l, admin_queue.oldest)}</th>
                    <th scope="col">{td_string!(l, admin_queue.given_up)}</th>
                </tr></thead>
                <tbody>{page.counts.iter().map(|of_kind| kind(l, of_kind, may, now)).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="group" aria-labelledby="sorter">
            <div class="title-line">
                <h2 id="sorter">{td_string!(l, admin_queue.by_kind)}</h2>
                {(may && given_up > 0).then(|| view! {
                    <form method="post" action=RetryJobs::PATH>
                        <button class="btn">{td_string!(l, admin_queue.retry_all)}</button>
                    </form>
                })}
            </div>
            {content}
        </section>
    }
    .into_any()
}

/// When a job is to be done, or was.
fn due(l: Locale, at: OffsetDateTime, now: OffsetDateTime) -> String {
    let moment = Moment::new(at, now);
    if at > now {
        moment.in_future(l)
    } else {
        moment.in_sentence(l)
    }
}

fn kind(l: Locale, of_kind: &QueueCount, may: bool, now: OffsetDateTime) -> AnyView {
    let name = job_kind(l, &of_kind.kind);
    let oldest = of_kind.oldest.map(|at| {
        let due = due(l, at, now);
        view! { <time datetime=Moment::new(at, now).machine()>{due}</time> }
    });
    let sort = of_kind.kind.clone();
    let label = say!(l, admin_queue.retry_kind, kind = name);
    view! {
        <tr>
            <td data-label=td_string!(l, admin_queue.kind)><strong>{name.clone()}</strong></td>
            <td data-label=td_string!(l, admin_queue.waiting) class="number">{of_kind.waiting}</td>
            <td data-label=td_string!(l, admin_queue.oldest)>{oldest}</td>
            <td data-label=td_string!(l, admin_queue.given_up)>
                <span class="row-of">
                    <span class="number" class:due={of_kind.given_up > 0}>{of_kind.given_up}</span>
                    {(may && of_kind.given_up > 0).then(|| view! {
                        <form method="post" action=RetryJobs::PATH>
                            <input type="hidden" name="sort" value=sort/>
                            <button class="btn bare" aria-label=label>{small_icon(Icon::Undo)}{td_string!(l, admin_queue.retry)}</button>
                        </form>
                    })}
                </span>
            </td>
        </tr>
    }
    .into_any()
}

/// The jobs one by one.
fn jobs(l: Locale, show: (QueueShow, &'static str), page: QueuePage, now: OffsetDateTime) -> AnyView {
    let name = |show: QueueShow| match show {
        QueueShow::GivenUp => td_string!(l, admin_queue.given_up),
        QueueShow::Again => td_string!(l, admin_queue.again),
        QueueShow::Waiting => td_string!(l, admin_queue.all_waiting),
    };
    let address = |word: &str| match word {
        "" => "/admin/ko".to_owned(),
        word => format!("/admin/ko?visa={word}"),
    };
    let next = page.next.as_deref().map(|next| {
        let visa = if show.1.is_empty() {
            String::new()
        } else {
            format!("visa={}&", show.1)
        };
        format!("/admin/ko?{visa}fore={}", words::segment(next))
    });
    let can = page.may_retry && show.0 != QueueShow::Waiting;
    let content = if page.jobs.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_queue.none)}</p> }.into_any()
    } else {
        view! { <ul class="jobs">{page.jobs.into_iter().map(|job| one(l, job, show.1, can, now)).collect_view()}</ul> }
            .into_any()
    };
    view! {
        <section class="group" aria-labelledby="jobb">
            <h2 id="jobb">{td_string!(l, admin_queue.one_by_one)}</h2>
            <ul class="chips" aria-label=td_string!(l, admin_queue.show)>
                {LOOKS.into_iter().map(|(look, word)| view! {
                    <li><a class="chip" href=address(word) aria-current=(look == show.0).then_some("true")>{name(look)}</a></li>
                }).collect_view()}
            </ul>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin.older)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn one(l: Locale, job: QueueJob, show: &'static str, can: bool, now: OffsetDateTime) -> AnyView {
    let run_at = due(l, job.run_at, now);
    let at = Moment::new(job.run_at, now);
    let name = job_kind(l, &job.kind);
    let tries = match job.attempts {
        0 => td_string!(l, admin_queue.tries_none).to_owned(),
        1 => td_string!(l, admin_queue.tries_one).to_owned(),
        n => say!(l, admin_queue.tries_many, n = n),
    };
    let label = say!(l, admin_queue.retry_one, kind = name);
    view! {
        <li>
            <div class="title-line">
                <p>
                    <strong>{name.clone()}</strong>
                    <small class="muted">{tries}" · "<time datetime=at.machine()>{run_at}</time>" · "<span class="id">{job.id.clone()}</span></small>
                </p>
                {can.then(|| view! {
                    <form method="post" action=RetryJobs::PATH>
                        <input type="hidden" name="jobb" value=job.id/>
                        <input type="hidden" name="visa" value=show/>
                        <button class="btn bare" aria-label=label>{small_icon(Icon::Undo)}{td_string!(l, admin_queue.retry)}</button>
                    </form>
                })}
            </div>
            {job.error.map(|error| view! { <p class="why" lang="en">{error}</p> })}
        </li>
    }
    .into_any()
}

/// A kind of work as people say it; by its own name when we have none.
fn job_kind(l: Locale, kind: &str) -> String {
    match kind {
        "notice" => td_string!(l, admin_queue.kind_notice),
        "notice-round" => td_string!(l, admin_queue.kind_round),
        "notice-send" => td_string!(l, admin_queue.kind_send),
        "reminder" => td_string!(l, admin_queue.kind_reminder),
        "code" => td_string!(l, admin_queue.kind_code),
        "sort" => td_string!(l, admin_queue.kind_sort),
        "empty-bin" => td_string!(l, admin_queue.kind_empty_bin),
        "export" => td_string!(l, admin_queue.kind_export),
        "export-removal" => td_string!(l, admin_queue.kind_export_removal),
        "forward" => td_string!(l, admin_queue.kind_forward),
        "feedback-answer" => td_string!(l, admin_queue.kind_answer),
        "helper-ends" => td_string!(l, admin_queue.kind_helper_ends),
        "destroy-mailbox" => td_string!(l, admin_queue.kind_destroy),
        other => return other.to_owned(),
    }
    .to_owned()
}
