//! `/admin/texter/{kind}/{name}`: every version of a text, and taking it away.

use super::texts::standing;
use super::{kind_name, kind_named};
use crate::pages::{asked, named};
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{PortError, StaffRoom, TextWhen};
use crate::request::{locale, staff, visit};
use crate::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Takes a text away in both languages.
#[server(name = WithdrawText, prefix = "/api", endpoint = "admin/texter/bort")]
async fn withdraw_text(slag: String, namn: String) -> Result<(), ServerFnError> {
    use super::after;
    use crate::request::go;
    use crate::words::segment;

    let done = match (staff(), kind_named(&slag)) {
        (Ok(staff), Some(kind)) => staff.withdraw(kind, namn.clone()).await,
        (Err(error), _) => Err(error),
        (Ok(_), None) => Err(PortError::NotFound),
    };
    let page = match kind_named(&slag) {
        Some(kind) if done.is_ok() => format!("/admin/texter/{}/{}", kind_name(kind), segment(&namn)),
        _ => "/admin/texter".to_owned(),
    };
    let said = if done == Ok(true) { "bort" } else { "inget" };
    go(&after(&page, done.map(drop), said));
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffTextPage() -> impl IntoView {
    let (kind, name, said) = (named("kind"), named("name"), asked("sag"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let kind = kind_named(&kind?).ok_or(PortError::NotFound)?;
        let text = staff.text(kind, name?).await?;
        let l = locale();
        let note = said.as_deref().map(|said| match said {
            "bort" => td_string!(l, admin_texts.said_away),
            "inget" => td_string!(l, admin_texts.said_nothing),
            _ => td_string!(l, admin_texts.said_published),
        });
        let shown = text
            .versions
            .iter()
            .any(|version| version.when != TextWhen::Past && !version.withdrawn);
        let goes = shown || (text.houses && !text.versions.iter().any(|version| version.when == TextWhen::Now));
        let write = format!(
            "/admin/texter/skriv?slag={}&namn={}",
            kind_name(kind),
            words::segment(&text.name)
        );
        let versions = text
            .versions
            .iter()
            .map(|version| {
                let (line, _) = standing(l, &text, version, now);
                let lang = version.language.clone();
                let title = if version.withdrawn {
                    td_string!(l, admin_texts.taken_away).to_owned()
                } else {
                    version.title.clone()
                };
                let (html, withdrawn) = (version.html.clone(), version.withdrawn);
                view! {
                    <li>
                        <details class="unfold" open={version.when == TextWhen::Now}>
                            <summary><span>{title}<small>{line}</small></span>{icon(Icon::Down)}</summary>
                            {(!withdrawn).then(|| view! { <div class="written" lang=lang inner_html=html></div> })}
                        </details>
                    </li>
                }
            })
            .collect_view();
        let empty = text.versions.is_empty();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Texts) title=staff_title(l, &text.name)>
                <a class="crumb" href="/admin/texter">{icon(Icon::Left)}{td_string!(l, admin.texts)}</a>
                <div class="page-head">
                    <h1>{text.name.clone()}</h1>
                    <p class="lead">{td_string!(l, admin_texts.versions_lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|text| view! { <Note tone=Tone::Done text/> })}
                    <div class="row-of">
                        <a class="btn" href=write>{td_string!(l, admin_texts.write_version)}</a>
                        {goes.then(|| view! {
                            <form method="post" action=WithdrawText::PATH>
                                <input type="hidden" name="slag" value=kind_name(kind)/>
                                <input type="hidden" name="namn" value=text.name.clone()/>
                                <button class="btn warn">{td_string!(l, admin_texts.take_away)}</button>
                            </form>
                        })}
                    </div>
                    <section class="group" aria-labelledby="versioner">
                        <h2 id="versioner">{td_string!(l, admin_texts.versions)}</h2>
                        {if empty {
                            view! { <p class="muted">{td_string!(l, admin_texts.houses)}</p> }.into_any()
                        } else {
                            view! { <ul>{versions}</ul> }.into_any()
                        }}
                    </section>
                </div>
            </StaffPage>
        })
    })
}
