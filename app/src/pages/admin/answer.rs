//! `/admin/tyck-till/{id}`: answering what somebody thinks, by e-mail.

use super::feedback::said;
use crate::pages::{asked, named};
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::StaffRoom;
use crate::request::{locale, staff, visit};
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Answers, and forgets what was said and the address.
#[server(name = AnswerOpinion, prefix = "/api", endpoint = "admin/tyck-till/svara")]
async fn answer_opinion(id: String, #[server(default)] svar: String) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::AnswerSent;
    use crate::request::go;
    use crate::words::segment;

    let here = format!("/admin/tyck-till/{}", segment(&id));
    let sent = match staff() {
        Ok(staff) => staff.answer(id, svar).await,
        Err(error) => Err(error),
    };
    go(&match sent {
        Ok(AnswerSent::Done) => after("/admin/tyck-till", Ok(()), "svar"),
        Ok(AnswerSent::Wrong(draft)) => format!("{here}?fel=ord&utkast={}", segment(&draft)),
        Err(error) => after("/admin/tyck-till", Err(error), ""),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffAnswer() -> impl IntoView {
    let (id, draft, wrong) = (named("id"), asked("utkast"), asked("fel").is_some());
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let (opinion, words) = staff.to_answer(id?, draft).await?;
        let l = locale();
        let to = opinion.answer_to.clone().unwrap_or_default();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Feedback) title=staff_title(l, td_string!(l, admin_feedback.answer_heading))>
                <a class="crumb" href="/admin/tyck-till">{icon(Icon::Left)}{td_string!(l, admin.feedback)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, admin_feedback.answer_heading)}</h1>
                    <p class="lead">{say!(l, admin_feedback.answer_lead, address = to)}</p>
                </div>
                <div class="stack">
                    {wrong.then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, admin_feedback.wrong_answer)/> })}
                    <section class="group" aria-labelledby="sagt">
                        <h2 id="sagt">{td_string!(l, admin_feedback.said)}</h2>
                        {said(l, &opinion, now)}
                    </section>
                    <form class="group stack" method="post" action=AnswerOpinion::PATH>
                        <input type="hidden" name="id" value=opinion.id.clone()/>
                        <div class="field">
                            <label for="svar">{td_string!(l, admin_feedback.your_answer)}</label>
                            <p class="hint" id="svar-tips">{td_string!(l, admin_feedback.answer_hint)}</p>
                            <textarea class="in words" id="svar" name="svar" rows="10" maxlength="8000" lang=opinion.language.clone()
                                aria-invalid=wrong.then_some("true") aria-describedby="svar-tips">{words}</textarea>
                        </div>
                        <p><button class="btn">{td_string!(l, admin_feedback.send)}</button></p>
                    </form>
                </div>
            </StaffPage>
        })
    })
}
