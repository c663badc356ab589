//! `/admin/texter/skriv`: writing a text in both languages, looking at it, and publishing it.

#[cfg(feature = "ssr")]
use super::kind_name;
use super::kind_named;
use crate::i18n::Locale;
use crate::pages::asked;
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{PortError, StaffRoom, StaffTextKind, TextFields, TextForm, TextFormOf, TextWrong};
use crate::request::{locale, staff};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use serde::{Deserialize, Serialize};

/// What can be wrong, and its name in addresses.
const WRONGS: [(TextWrong, &str); 8] = [
    (TextWrong::Kind, "slag"),
    (TextWrong::Name, "namn"),
    (TextWrong::TitleSv, "rubrik-sv"),
    (TextWrong::TextSv, "text-sv"),
    (TextWrong::TitleEn, "rubrik-en"),
    (TextWrong::TextEn, "text-en"),
    (TextWrong::From, "fran"),
    (TextWrong::Until, "till"),
];

/// The fields of the form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SentText {
    slag: String,
    namn: String,
    rubrik_sv: String,
    text_sv: String,
    rubrik_en: String,
    text_en: String,
    fran_dag: String,
    fran_tid: String,
    till_dag: String,
    till_tid: String,
}

impl From<SentText> for TextFields {
    fn from(sent: SentText) -> Self {
        Self {
            kind: sent.slag,
            name: sent.namn,
            title_sv: sent.rubrik_sv,
            text_sv: sent.text_sv,
            title_en: sent.rubrik_en,
            text_en: sent.text_en,
            from_day: sent.fran_dag,
            from_time: sent.fran_tid,
            until_day: sent.till_dag,
            until_time: sent.till_tid,
        }
    }
}

/// Keeps what was typed to be looked at, or publishes it.
#[server(name = SaveText, prefix = "/api", endpoint = "admin/texter/spara")]
async fn save_text(falt: SentText, #[server(default)] gor: String) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::TextSaved;
    use crate::request::go;
    use crate::words::segment;

    let saved = match staff() {
        Ok(staff) => staff.save_text(falt.into(), gor == "publicera").await,
        Err(error) => Err(error),
    };
    go(&match saved {
        Ok(TextSaved::Published(kind, name)) => after(
            &format!("/admin/texter/{}/{}", kind_name(kind), segment(&name)),
            Ok(()),
            "publicerad",
        ),
        Ok(TextSaved::Kept(draft, wrong)) => {
            let wrong: Vec<_> = WRONGS
                .iter()
                .filter(|(field, _)| wrong.contains(field))
                .map(|(_, name)| *name)
                .collect();
            let how = if wrong.is_empty() {
                "visa=ja".to_owned()
            } else {
                format!("fel={}", wrong.join("."))
            };
            format!("/admin/texter/skriv?utkast={}&{how}", segment(&draft))
        }
        Err(error) => after("/admin/texter", Err(error), ""),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn StaffTextForm() -> impl IntoView {
    let (kind, name, draft) = (asked("slag"), asked("namn"), asked("utkast"));
    let (shows, wrong) = (asked("visa").is_some(), asked("fel").unwrap_or_default());
    staff_loaded(async move {
        let staff = staff()?;
        let viewer = staff.viewer();
        let of = match (draft, kind.as_deref().and_then(kind_named), name) {
            (Some(draft), ..) => TextFormOf::Draft(draft),
            (None, Some(kind), Some(name)) => TextFormOf::Text(kind, name),
            (None, Some(kind), None) => TextFormOf::New(kind),
            (None, None, _) => return Err(PortError::NotFound),
        };
        let form = staff.text_form(of).await?;
        let l = locale();
        let heading = match kind_named(&form.fields.kind) {
            Some(StaffTextKind::Banner) => td_string!(l, admin_texts.write_banner),
            Some(StaffTextKind::News) => td_string!(l, admin_texts.write_news),
            Some(StaffTextKind::Help) | None => td_string!(l, admin_texts.write_help),
        };
        let wrongs: Vec<TextWrong> = WRONGS
            .iter()
            .filter(|(_, name)| wrong.split('.').any(|one| one == *name))
            .map(|(field, _)| *field)
            .collect();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Texts) title=staff_title(l, heading)>
                <a class="crumb" href="/admin/texter">{icon(Icon::Left)}{td_string!(l, admin.texts)}</a>
                <div class="page-head">
                    <h1>{heading}</h1>
                    <p class="lead">{td_string!(l, admin_texts.write_lead)}</p>
                </div>
                <div class="stack">
                    {(!wrongs.is_empty()).then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, admin_texts.not_right)/> })}
                    {shows.then(|| look(l, &form))}
                    {fields(l, form, &wrongs)}
                </div>
            </StaffPage>
        })
    })
}

/// How it will look, in both languages.
fn look(l: Locale, form: &TextForm) -> AnyView {
    let one = |lang: &'static str, title: &str, html: &str| {
        let name = if lang == "en" {
            td_string!(l, admin_texts.in_english)
        } else {
            td_string!(l, admin_texts.in_swedish)
        };
        (!title.is_empty() || !html.is_empty()).then(|| {
            view! {
                <article class="group">
                    <p class="small muted">{name}</p>
                    <div class="written" lang=lang>
                        <h3>{title.to_owned()}</h3>
                        <div class="stack" inner_html=html.to_owned()></div>
                    </div>
                </article>
            }
        })
    };
    view! {
        <section class="stack" aria-labelledby="sa">
            <h2 id="sa">{td_string!(l, admin_texts.preview)}</h2>
            {one("sv", &form.fields.title_sv, &form.preview_sv)}
            {one("en", &form.fields.title_en, &form.preview_en)}
        </section>
    }
    .into_any()
}

fn fields(l: Locale, form: TextForm, wrongs: &[TextWrong]) -> AnyView {
    let is = |field: TextWrong| wrongs.contains(&field);
    let is_banner = form.fields.kind == "banner";
    let typed = form.fields;
    let english_hint = if is_banner {
        td_string!(l, admin_texts.english_needed)
    } else {
        td_string!(l, admin_texts.english_hint)
    };
    view! {
        <form class="stack" method="post" action=SaveText::PATH>
            <input type="hidden" name="falt[slag]" value=typed.kind/>
            <div class="group stack">
                {line(
                    Field { id: "namn", name: "falt[namn]", label: td_string!(l, admin_texts.name), kind: "text", most: "80" },
                    typed.name, Some(td_string!(l, admin_texts.name_hint)), is(TextWrong::Name).then(|| td_string!(l, admin_texts.wrong_name)),
                )}
            </div>
            <fieldset class="group stack">
                <legend>{td_string!(l, admin_texts.in_swedish)}</legend>
                {line(
                    Field { id: "rubrik-sv", name: "falt[rubrik_sv]", label: td_string!(l, admin_texts.title), kind: "text", most: "120" },
                    typed.title_sv, None, is(TextWrong::TitleSv).then(|| td_string!(l, admin_texts.wrong_title)),
                )}
                {words("text-sv", "falt[text_sv]", td_string!(l, admin_texts.text), typed.text_sv, td_string!(l, admin_texts.text_hint),
                    is(TextWrong::TextSv).then(|| td_string!(l, admin_texts.wrong_text)))}
            </fieldset>
            <fieldset class="group stack">
                <legend>{td_string!(l, admin_texts.in_english)}</legend>
                {line(
                    Field { id: "rubrik-en", name: "falt[rubrik_en]", label: td_string!(l, admin_texts.title), kind: "text", most: "120" },
                    typed.title_en, Some(english_hint), is(TextWrong::TitleEn).then(|| td_string!(l, admin_texts.wrong_title)),
                )}
                {words("text-en", "falt[text_en]", td_string!(l, admin_texts.text), typed.text_en, td_string!(l, admin_texts.text_hint),
                    is(TextWrong::TextEn).then(|| td_string!(l, admin_texts.wrong_text)))}
            </fieldset>
            <fieldset class="group stack">
                <legend>{td_string!(l, admin_texts.when)}</legend>
                <p class="hint">{td_string!(l, admin_texts.from_hint)}</p>
                {is(TextWrong::From).then(|| wrong("fran-fel", td_string!(l, admin_texts.wrong_from)))}
                <div class="row-of until">
                    {part("fran-dag", "falt[fran_dag]", td_string!(l, admin_texts.from_day), typed.from_day, "date", is(TextWrong::From).then_some("fran-fel"))}
                    {part("fran-tid", "falt[fran_tid]", td_string!(l, admin_texts.from_time), typed.from_time, "time", is(TextWrong::From).then_some("fran-fel"))}
                </div>
                {is_banner.then(|| view! {
                    <p class="hint">{td_string!(l, admin_texts.until_hint)}</p>
                    {is(TextWrong::Until).then(|| wrong("till-fel", td_string!(l, admin_texts.wrong_until)))}
                    <div class="row-of until">
                        {part("till-dag", "falt[till_dag]", td_string!(l, admin_texts.until_day), typed.until_day, "date", is(TextWrong::Until).then_some("till-fel"))}
                        {part("till-tid", "falt[till_tid]", td_string!(l, admin_texts.until_time), typed.until_time, "time", is(TextWrong::Until).then_some("till-fel"))}
                    </div>
                })}
            </fieldset>
            <div class="row-of">
                <button class="btn calm" name="gor" value="granska">{td_string!(l, admin_texts.look)}</button>
                <button class="btn" name="gor" value="publicera">{td_string!(l, admin_texts.publish)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// A field of one line.
struct Field {
    id: &'static str,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    most: &'static str,
}

fn line(field: Field, value: String, hint: Option<&'static str>, told: Option<&'static str>) -> AnyView {
    let Field {
        id,
        name,
        label,
        kind,
        most,
    } = field;
    let described = describe(id, hint.is_some(), told.is_some());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-tips")>{hint}</p> })}
            <input class="in" id=id name=name type=kind maxlength=most value=value aria-invalid=told.map(|_| "true") aria-describedby=described/>
            {told.map(|text| wrong(&format!("{id}-fel"), text))}
        </div>
    }
    .into_any()
}

fn words(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
    told: Option<&'static str>,
) -> AnyView {
    let described = describe(id, true, told.is_some());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <p class="hint" id=format!("{id}-tips")>{hint}</p>
            <textarea class="in words" id=id name=name rows="10" maxlength="20000" aria-invalid=told.map(|_| "true") aria-describedby=described>{value}</textarea>
            {told.map(|text| wrong(&format!("{id}-fel"), text))}
        </div>
    }
    .into_any()
}

/// A day or a time. One that is none stays to be seen: such fields show nothing that they cannot read.
fn part(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    kind: &'static str,
    told: Option<&'static str>,
) -> AnyView {
    let kind = if told.is_some() { "text" } else { kind };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="in" id=id name=name type=kind value=value maxlength="20" aria-invalid=told.map(|_| "true") aria-describedby=told/>
        </div>
    }
    .into_any()
}

fn wrong(id: &str, text: &'static str) -> AnyView {
    view! { <p class="wrong" id=id.to_owned()>{icon(Icon::Alert)}{text}</p> }.into_any()
}

/// The ids of what describes a field.
fn describe(id: &str, hint: bool, told: bool) -> Option<String> {
    let parts: Vec<_> = [(told, "fel"), (hint, "tips")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
