//! `/installningar/kategorier`: making, changing and removing categories.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{Category, Colour, TypedName};
use crate::request::{locale, mailbox, sorting, to};
use crate::words;
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Makes a category, or changes the one that is named.
#[server(name = PutCategory, prefix = "/api", endpoint = "kategori/spara")]
async fn put_category(
    #[server(default)] kategori: String,
    namn: String,
    #[server(default)] farg: String,
) -> Result<(), ServerFnError> {
    use crate::ports::CategoryId;

    let id = (!kategori.is_empty()).then(|| CategoryId(kategori.clone()));
    let form = if kategori.is_empty() { "ny" } else { &kategori };
    let put = match sorting() {
        Ok(sorting) => sorting.put_category(id, namn, Colour::named(&farg)).await,
        Err(error) => Err(error),
    };
    answer(put, "sparad", form);
    Ok(())
}

/// Removes a category.
#[server(name = RemoveCategory, prefix = "/api", endpoint = "kategori/ta-bort")]
async fn remove_category(kategori: String) -> Result<(), ServerFnError> {
    use crate::ports::CategoryId;

    let removed = match sorting() {
        Ok(sorting) => sorting.remove_category(CategoryId(kategori.clone())).await,
        Err(error) => Err(error),
    };
    answer(removed, "borttagen", &kategori);
    Ok(())
}

#[cfg(feature = "ssr")]
fn answer(changed: Result<crate::ports::FolderChanged, crate::ports::PortError>, done: &str, form: &str) {
    use crate::ports::FolderChanged;

    let wrong = match changed {
        Ok(FolderChanged::Done) => {
            crate::request::go(&format!("/installningar/kategorier?klart={done}"));
            return;
        }
        Ok(FolderChanged::NotAName) => "namn",
        Ok(FolderChanged::NameTaken) => "upptaget",
        Ok(FolderChanged::TooMany) => "manga",
        Ok(FolderChanged::NotThere) => "borta",
        Ok(FolderChanged::TooDeep | FolderChanged::InItself) | Err(_) => "tekniskt",
    };
    let form = words::segment(form);
    crate::request::go(&format!(
        "/installningar/kategorier?fel={wrong}&vid={form}#kategori-{form}"
    ));
}

/// The categories.
#[component]
pub(crate) fn CategoriesPage() -> impl IntoView {
    let (done, wrong, form) = (asked("klart"), asked("fel"), asked("vid"));
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, categories.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let at_field = match wrong.as_deref() {
            Some("namn") => Some(td_string!(l, folders.not_a_name)),
            Some("upptaget") => Some(td_string!(l, categories.name_taken)),
            Some("manga") => Some(td_string!(l, categories.too_many)),
            _ => None,
        };
        let note = match (wrong.as_deref(), done.as_deref()) {
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, done.category_gone))),
            (Some(_), _) if at_field.is_none() => Some((Tone::Wrong, td_string!(l, done.failed))),
            (None, Some("sparad")) => Some((Tone::Done, td_string!(l, categories.saved))),
            (None, Some("borttagen")) => Some((Tone::Done, td_string!(l, categories.removed))),
            _ => None,
        };
        let typed = match wrong {
            Some(_) => sorting()?.typed_name().await?,
            None => None,
        };
        let wrong_at = |at: &str| at_field.filter(|_| form.as_deref() == Some(at));
        let categories = viewer.places.categories.clone();
        let empty = categories.is_empty();
        let rows = categories
            .into_iter()
            .map(|category| {
                let wrong = wrong_at(&category.id.0);
                row(l, category, typed.as_ref(), wrong)
            })
            .collect_view();
        let new = form_of(l, None, typed.as_ref(), wrong_at("ny"));
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, categories.title)}</h1>
                    <p class="lead">{td_string!(l, categories.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group" id="kategori-ny" aria-labelledby="ny-h">
                        <h2 id="ny-h">{td_string!(l, categories.make)}</h2>
                        {new}
                    </section>
                    {(!empty).then(|| view! {
                        <section class="group" aria-labelledby="dina">
                            <h2 id="dina">{td_string!(l, categories.yours)}</h2>
                            <ul class="folder-rows">{rows}</ul>
                        </section>
                    })}
                </div>
            </Home>
        })
    })
}

/// The form of a category, or of a new one.
fn form_of(l: Locale, category: Option<&Category>, typed: Option<&TypedName>, wrong: Option<&'static str>) -> AnyView {
    let form = category.map_or_else(|| "ny".to_owned(), |category| category.id.0.clone());
    let (field, error) = (format!("namn-{form}"), format!("fel-{form}"));
    // What was typed and not taken, before what is saved.
    let typed = typed.filter(|typed| typed.is_of(category.map(|category| category.id.0.as_str())));
    let (name, chosen) = match (typed, category) {
        (Some(typed), _) => (Some(typed.name.clone()), Colour::named(&typed.with)),
        (None, Some(category)) => (Some(category.name.clone()), category.colour),
        (None, None) => (None, Colour::default()),
    };
    view! {
        <form class="stack" method="post" action=to(PutCategory::PATH)>
            {category.map(|category| view! { <input type="hidden" name="kategori" value=category.id.0.clone()/> })}
            <div class="field">
                <label for=field.clone()>{td_string!(l, folders.name)}</label>
                {wrong.map(|wrong| view! { <p class="wrong" id=error.clone() role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <input
                    class="in middle" id=field name="namn" required maxlength="60" autocomplete="off"
                    value=name
                    aria-invalid=wrong.map(|_| "true")
                    aria-describedby=wrong.map(|_| error)
                />
            </div>
            <fieldset class="colours">
                <legend>{td_string!(l, categories.colour)}</legend>
                {Colour::ALL.into_iter().map(|(colour, name)| view! {
                    <label class="choice">
                        <input class="radio" type="radio" name="farg" value=name checked=colour == chosen/>
                        <span class="dot" data-colour=name></span>
                        <span>{colour_word(l, colour)}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <p>{if category.is_some() {
                view! { <button class="btn calm">{td_string!(l, categories.save)}</button> }.into_any()
            } else {
                view! { <button class="btn">{icon(Icon::Plus)}{td_string!(l, categories.make_now)}</button> }.into_any()
            }}</p>
        </form>
    }
    .into_any()
}

fn colour_word(l: Locale, colour: Colour) -> &'static str {
    match colour {
        Colour::Green => td_string!(l, categories.green),
        Colour::Blue => td_string!(l, categories.blue),
        Colour::Violet => td_string!(l, categories.violet),
        Colour::Red => td_string!(l, categories.red),
        Colour::Orange => td_string!(l, categories.orange),
        Colour::Grey => td_string!(l, categories.grey),
    }
}

fn row(l: Locale, category: Category, typed: Option<&TypedName>, wrong: Option<&'static str>) -> AnyView {
    let name = category.name.clone();
    let address = format!("/kategori/{}", words::segment(&category.id.0));
    view! {
        <li id=format!("kategori-{}", category.id.0)>
            <details class="unfold" open=wrong.is_some()>
                <summary>
                    <span class="category"><span class="dot" data-colour=category.colour.name()></span>{name.clone()}</span>
                    {icon(Icon::Down)}
                </summary>
                <p><a href=to(address)>{say!(l, folders.open, name = name.clone())}</a></p>
                {form_of(l, Some(&category), typed, wrong)}
                <form class="stack" method="post" action=to(RemoveCategory::PATH)>
                    <input type="hidden" name="kategori" value=category.id.0.clone()/>
                    <p><strong>{say!(l, folders.remove_question, name = name.clone())}</strong>" "{td_string!(l, categories.remove_text)}</p>
                    <p><button class="btn warn">{icon(Icon::Bin)}{say!(l, folders.remove, name = name)}</button></p>
                </form>
            </details>
        </li>
    }
    .into_any()
}
