//! `/admin/granskning`: the audit log, by act, by person, by mailbox or by day; as files; and whether it is whole.

use super::reason::reason_told;
use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{
    Icon, Note, StaffPage, StaffPlace, Tone, day_field, icon, labelled_select, staff_loaded, staff_title,
};
use crate::ports::{AuditBreak, AuditPage, AuditQuery, AuditRight, AuditRow, AuditWalk, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, TypedDay, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The audit log.
#[component]
pub(crate) fn StaffAudit() -> impl IntoView {
    let given = |name: &str| asked(name).filter(|value| !value.is_empty());
    let (act, who, account) = (given("akt"), given("vem"), given("konto"));
    let (before, day, walk) = (given("fore"), TypedDay::of(asked("dag")), given("kontroll").is_some());
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let query = AuditQuery {
            act,
            staff: who,
            account,
            until_day: day.day(),
            before,
            walk,
        };
        let page = staff.audit(query.clone()).await?;
        let l = locale();
        let older = page
            .next
            .as_deref()
            .map(|next| address("/admin/granskning", &query, &[("fore", next)]));
        let [csv, lines] = ["csv", "jsonl"].map(|form| address("/admin/granskning/fil", &query, &[("form", form)]));
        let filters = filters(l, &query, &page, &day);
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Audit) title=staff_title(l, td_string!(l, admin.audit))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.audit)}</h1>
                    <p class="lead">{td_string!(l, admin_audit.lead)}</p>
                </div>
                <div class="stack">
                    {page.walk.clone().map(|walk| walked(l, walk))}
                    {filters}
                    <section class="group" aria-label=td_string!(l, admin.audit)>
                        {table(l, &page.rows, now)}
                        {older.map(|older| view! { <p><a class="btn calm" rel="next" href=older>{td_string!(l, admin.older)}{icon(Icon::Right)}</a></p> })}
                    </section>
                    <section class="group" aria-labelledby="filer">
                        <h2 id="filer">{td_string!(l, admin_audit.files)}</h2>
                        <p>{td_string!(l, admin_audit.files_text)}</p>
                        <p class="row-of">
                            <a class="btn calm" href=csv download="granskning.csv">{icon(Icon::Download)}{td_string!(l, admin_audit.csv)}</a>
                            <a class="btn calm" href=lines download="granskning.jsonl">{icon(Icon::Download)}{td_string!(l, admin_audit.lines)}</a>
                        </p>
                    </section>
                    <form class="group stack" method="get" action="/admin/granskning">
                        <h2>{td_string!(l, admin_audit.whole_heading)}</h2>
                        <p>{td_string!(l, admin_audit.whole_text)}</p>
                        <p><button class="btn calm" name="kontroll" value="ja">{td_string!(l, admin_audit.walk)}</button></p>
                    </form>
                </div>
            </StaffPage>
        })
    })
}

/// The address of a page of the log, or of a file of it.
fn address(path: &str, query: &AuditQuery, more: &[(&str, &str)]) -> String {
    let parts = [
        ("akt", query.act.as_deref()),
        ("vem", query.staff.as_deref()),
        ("konto", query.account.as_deref()),
        ("dag", query.until_day.as_deref()),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .chain(more.iter().copied())
        .map(|(name, value)| format!("{name}={}", words::segment(value)))
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

fn filters(l: Locale, query: &AuditQuery, page: &AuditPage, day: &TypedDay) -> AnyView {
    let everything = || (String::new(), td_string!(l, admin_audit.every).to_owned());
    let acts = std::iter::once(everything())
        .chain(page.acts.iter().map(|act| ((*act).to_owned(), act_name(l, act))))
        .collect();
    let people = std::iter::once((String::new(), td_string!(l, admin_audit.everybody).to_owned()))
        .chain(page.staff.iter().cloned())
        .collect();
    let account = query.account.clone().unwrap_or_default();
    view! {
        <form class="group audit-filters" method="get" action="/admin/granskning">
            {labelled_select(td_string!(l, admin_audit.act), "akt", "akt", acts, query.act.as_deref().unwrap_or_default())}
            {labelled_select(td_string!(l, admin_audit.by), "vem", "vem", people, query.staff.as_deref().unwrap_or_default())}
            <div class="field">
                <label for="konto">{td_string!(l, admin_audit.account)}</label>
                <input class="in" id="konto" name="konto" value=account maxlength="40" autocomplete="off" spellcheck="false"/>
            </div>
            {day_field(l, td_string!(l, access.until), "dag", "dag", day, day.wrong())}
            <p class="hint">{td_string!(l, admin_audit.one_filter)}</p>
            <p><button class="btn">{td_string!(l, access.go)}</button></p>
        </form>
    }
    .into_any()
}

fn table(l: Locale, rows: &[AuditRow], now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted" role="status">{td_string!(l, admin_audit.none)}</p> }.into_any();
    }
    view! {
        <table class="table log">
            <caption class="unseen">{td_string!(l, admin.audit)}</caption>
            <thead><tr>
                <th scope="col">{td_string!(l, admin_audit.number)}</th>
                <th scope="col">{td_string!(l, access.when)}</th>
                <th scope="col">{td_string!(l, admin_audit.by)}</th>
                <th scope="col">{td_string!(l, access.act)}</th>
            </tr></thead>
            <tbody>{rows.iter().map(|row| one(l, row, now)).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn one(l: Locale, row: &AuditRow, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(row.at, now);
    let right = right_name(l, row.right);
    let who = match &row.who {
        Some(who) => format!("{who}, {right}"),
        None => right.to_owned(),
    };
    let account = row.account.clone().map(|account| {
        let only = format!("/admin/granskning?konto={}", words::segment(&account));
        view! { <small>{td_string!(l, admin_audit.mailbox)}" "<a class="id" href=only>{account}</a></small> }
    });
    view! {
        <tr>
            <td data-label=td_string!(l, admin_audit.number) class="number">{row.number}</td>
            <td data-label=td_string!(l, access.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
            <td data-label=td_string!(l, admin_audit.by)>{who}</td>
            <td class="what" data-label=td_string!(l, access.act)>
                <span>
                    {act_name(l, &row.act)}
                    {row.about.clone().map(|about| view! { <small>{about}</small> })}
                    {row.reason.as_ref().map(|reason| view! { <small>{reason_told(l, reason)}</small> })}
                    {row.object.clone().map(|object| view! { <small class="id">{object}</small> })}
                    {account}
                </span>
            </td>
        </tr>
    }
    .into_any()
}

fn walked(l: Locale, walk: AuditWalk) -> AnyView {
    match walk {
        AuditWalk::Whole(rows, mark) => view! {
            <Note tone=Tone::Done heading=td_string!(l, admin_audit.whole) text=say!(l, admin_audit.whole_rows, n = rows)/>
            <p class="small">{td_string!(l, admin_audit.mark)}" "<span class="id">{mark}</span></p>
        }
        .into_any(),
        AuditWalk::Broken(broken) => {
            let text = match broken {
                AuditBreak::Missing(n) => say!(l, admin_audit.missing, n = n),
                AuditBreak::Changed(n) => say!(l, admin_audit.changed, n = n),
                AuditBreak::Forged(n) => say!(l, admin_audit.forged, n = n),
                AuditBreak::Cut(n) => say!(l, admin_audit.cut, n = n),
                AuditBreak::Head => td_string!(l, admin_audit.head).to_owned(),
            };
            view! { <Note tone=Tone::Wrong heading=td_string!(l, admin_audit.broken) text/> }.into_any()
        }
    }
}

fn right_name(l: Locale, right: AuditRight) -> &'static str {
    match right {
        AuditRight::Holder => td_string!(l, admin_audit.as_holder),
        AuditRight::Another => td_string!(l, admin_audit.as_another),
        AuditRight::Helper => td_string!(l, access.as_helper),
        AuditRight::Signatory => td_string!(l, access.as_signatory),
        AuditRight::Role => td_string!(l, access.as_role),
        AuditRight::Staff => td_string!(l, admin_audit.as_staff),
        AuditRight::System => td_string!(l, admin_audit.as_system),
        AuditRight::Command => td_string!(l, admin_audit.as_command),
        AuditRight::Unknown => td_string!(l, admin_audit.as_unknown),
    }
}

/// What was done, in words; by its stored name when we know none.
fn act_name(l: Locale, act: &str) -> String {
    match act {
        "opened-mailbox" => td_string!(l, admin_acts.opened_mailbox),
        "ended-mailbox" => td_string!(l, admin_acts.ended_mailbox),
        "moved-away" => td_string!(l, admin_acts.moved_away),
        "destroyed-mailbox" => td_string!(l, admin_acts.destroyed_mailbox),
        "answered-asker" => td_string!(l, admin_acts.answered_asker),
        "changed-consent" => td_string!(l, admin_acts.changed_consent),
        "protected-holder" => td_string!(l, admin_acts.protected_holder),
        "unprotected-holder" => td_string!(l, admin_acts.unprotected_holder),
        "rotated-keys" => td_string!(l, admin_acts.rotated_keys),
        "wrote-text" => td_string!(l, admin_acts.wrote_text),
        "withdrew-text" => td_string!(l, admin_acts.withdrew_text),
        "retried-jobs" => td_string!(l, admin_acts.retried_jobs),
        "closed-feedback" => td_string!(l, admin_acts.closed_feedback),
        "added-staff" => td_string!(l, admin_acts.added_staff),
        "locked-staff" => td_string!(l, admin_acts.locked_staff),
        "unlocked-staff" => td_string!(l, admin_acts.unlocked_staff),
        "changed-roles" => td_string!(l, admin_acts.changed_roles),
        "reset-staff" => td_string!(l, admin_acts.reset_staff),
        "local-login" => td_string!(l, admin_acts.local_login),
        "local-login-refused" => td_string!(l, admin_acts.local_login_refused),
        "staff-login" => td_string!(l, admin_acts.staff_login),
        "staff-login-refused" => td_string!(l, admin_acts.staff_login_refused),
        "staff-logout" => td_string!(l, admin_acts.staff_logout),
        "denied-staff" => td_string!(l, admin_acts.denied_staff),
        "saw-queue" => td_string!(l, admin_acts.saw_queue),
        "read-feedback" => td_string!(l, admin_acts.read_feedback),
        "tagged-feedback" => td_string!(l, admin_acts.tagged_feedback),
        "answered-feedback" => td_string!(l, admin_acts.answered_feedback),
        "saw-texts" => td_string!(l, admin_acts.saw_texts),
        "read-audit" => td_string!(l, admin_acts.read_audit),
        "exported-audit" => td_string!(l, admin_acts.exported_audit),
        "opened-look" => td_string!(l, admin_acts.opened_look),
        "saw-account" => td_string!(l, admin_acts.saw_account),
        "saw-waiting-looks" => td_string!(l, admin_acts.saw_waiting_looks),
        "allowed-look" => td_string!(l, admin_acts.allowed_look),
        "refused-look" => td_string!(l, admin_acts.refused_look),
        "closed-look" => td_string!(l, admin_acts.closed_look),
        "resent-notice" => td_string!(l, admin_acts.resent_notice),
        "ended-sessions" => td_string!(l, admin_acts.ended_sessions),
        "locked-mailbox" => td_string!(l, admin_acts.locked_mailbox),
        "unlocked-mailbox" => td_string!(l, admin_acts.unlocked_mailbox),
        "asked-again" => td_string!(l, admin_acts.asked_again),
        "traced-delivery" => td_string!(l, admin_acts.traced_delivery),
        "saw-numbers" => td_string!(l, admin_acts.saw_numbers),
        "exported-numbers" => td_string!(l, admin_acts.exported_numbers),
        "saw-senders" => td_string!(l, admin_acts.saw_senders),
        "exported-sender" => td_string!(l, admin_acts.exported_sender),
        other => return other.to_owned(),
    }
    .to_owned()
}
