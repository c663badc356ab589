//! `/installningar/mappar`: making, renaming, moving and removing folders.

use super::asked;
use crate::i18n::Locale;
use crate::pages::lists::{Codes, note};
use crate::parts::{FolderOptions, Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{Folder, FolderId, Places, TypedName};
use crate::request::{locale, mailbox, sorting, to, visit};
use crate::words;
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// The page's address.
pub(super) const FOLDERS: &str = "/installningar/mappar";

/// Makes a folder.
#[server(name = MakeFolder, prefix = "/api", endpoint = "mapp/ny")]
async fn make_folder(namn: String, #[server(default)] i: String) -> Result<(), ServerFnError> {
    let made = match sorting() {
        Ok(sorting) => sorting.make_folder(namn, parent(i)).await,
        Err(error) => Err(error),
    };
    answer(made, "ny", "ny");
    Ok(())
}

/// Renames a folder.
#[server(name = RenameFolder, prefix = "/api", endpoint = "mapp/namn")]
async fn rename_folder(mapp: String, namn: String) -> Result<(), ServerFnError> {
    let place = mapp.clone();
    let renamed = match sorting() {
        Ok(sorting) => sorting.rename_folder(FolderId(mapp), namn).await,
        Err(error) => Err(error),
    };
    answer(renamed, "namn", &place);
    Ok(())
}

/// Moves a folder.
#[server(name = MoveFolder, prefix = "/api", endpoint = "mapp/flytta")]
async fn move_folder(mapp: String, #[server(default)] i: String) -> Result<(), ServerFnError> {
    let place = mapp.clone();
    let moved = match sorting() {
        Ok(sorting) => sorting.move_folder(FolderId(mapp), parent(i)).await,
        Err(error) => Err(error),
    };
    answer(moved, "flyttad", &place);
    Ok(())
}

/// Removes a folder and moves its letters.
#[server(name = RemoveFolder, prefix = "/api", endpoint = "mapp/ta-bort")]
async fn remove_folder(mapp: String, till: String) -> Result<(), ServerFnError> {
    use crate::ports::{FolderRemoved, Lies};
    use crate::request::go;

    let into = match till.as_str() {
        "inkorg" => Lies::Inbox,
        "arkiv" => Lies::Archive,
        folder => Lies::Folder(FolderId(folder.to_owned())),
    };
    let removed = match sorting() {
        Ok(sorting) => sorting.remove_folder(FolderId(mapp), into).await,
        Err(error) => Err(error),
    };
    go(&match removed {
        Ok(FolderRemoved::Begun(act)) => format!("{FOLDERS}?gjort={}", words::segment(&act.0)),
        Ok(FolderRemoved::NotThere) => format!("{FOLDERS}?fel=mapp"),
        Err(_) => format!("{FOLDERS}?fel=tekniskt"),
    });
    Ok(())
}

#[cfg(feature = "ssr")]
fn parent(given: String) -> Option<FolderId> {
    (!given.is_empty()).then_some(FolderId(given))
}

/// Leads back with a code: `done` when it is done, otherwise what is wrong and with which form.
#[cfg(feature = "ssr")]
fn answer(changed: Result<crate::ports::FolderChanged, crate::ports::PortError>, done: &str, form: &str) {
    use crate::ports::FolderChanged;

    let wrong = match changed {
        Ok(FolderChanged::Done) => {
            crate::request::go(&format!("{FOLDERS}?klart={done}"));
            return;
        }
        Ok(FolderChanged::NotAName) => "namn",
        Ok(FolderChanged::NameTaken) => "upptaget",
        Ok(FolderChanged::TooMany) => "manga",
        Ok(FolderChanged::TooDeep) => "djup",
        Ok(FolderChanged::InItself) => "sig-sjalv",
        Ok(FolderChanged::NotThere) => "mapp",
        Err(_) => "tekniskt",
    };
    crate::request::go(&format!(
        "{FOLDERS}?fel={wrong}&vid={}#mapp-{}",
        words::segment(form),
        words::segment(form)
    ));
}

/// What is wrong, and with which form: `ny`, or the folder's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wrong {
    code: Option<String>,
    form: Option<String>,
}

impl Wrong {
    /// The sentence for a form, if it is the one.
    fn at(&self, l: Locale, form: &str) -> Option<&'static str> {
        if self.form.as_deref() != Some(form) {
            return None;
        }
        match self.code.as_deref()? {
            "namn" => Some(td_string!(l, folders.not_a_name)),
            "upptaget" => Some(td_string!(l, folders.name_taken)),
            "manga" => Some(td_string!(l, folders.too_many)),
            "djup" => Some(td_string!(l, folders.too_deep)),
            "sig-sjalv" => Some(td_string!(l, folders.in_itself)),
            _ => None,
        }
    }
}

/// The folders.
#[component]
pub(crate) fn FoldersPage() -> impl IntoView {
    let codes = Codes::read();
    let done = asked("klart");
    let wrong = Wrong {
        code: asked("fel"),
        form: asked("vid"),
    };
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, folders.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let places = viewer.places.clone();
        let typed = match wrong.code {
            Some(_) => sorting()?.typed_name().await?,
            None => None,
        };
        let beside_a_field = ["ny"]
            .into_iter()
            .chain(places.folders.iter().map(|folder| folder.id.0.as_str()))
            .any(|form| wrong.at(l, form).is_some());
        let said = match done.as_deref() {
            Some("ny") => Some(td_string!(l, folders.made)),
            Some("namn") => Some(td_string!(l, folders.renamed)),
            Some("flyttad") => Some(td_string!(l, folders.moved)),
            _ => None,
        };
        let note = if beside_a_field {
            None
        } else {
            match said {
                Some(text) => Some(view! { <Note tone=Tone::Done text/> }.into_any()),
                None => note(l, codes, &places, FOLDERS, now).await?,
            }
        };
        let empty = places.folders.is_empty();
        let new = typed.as_ref().filter(|typed| typed.is_of(None));
        let (new_name, new_parent) = (
            new.map(|typed| typed.name.clone()),
            new.map(|typed| FolderId(typed.with.clone())),
        );
        let rows = places
            .folders
            .iter()
            .map(|folder| row(l, folder, &places, &wrong, typed.as_ref()))
            .collect_view();
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, folders.title)}</h1>
                    <p class="lead">{td_string!(l, folders.lead)}</p>
                </div>
                <div class="stack">
                    {note}
                    <section class="group" id="mapp-ny" aria-labelledby="ny-h">
                        <h2 id="ny-h">{td_string!(l, folders.make)}</h2>
                        <form class="stack" method="post" action=to(MakeFolder::PATH)>
                            {name_field(l, "ny", new_name, wrong.at(l, "ny"))}
                            {(!empty).then(|| view! {
                                <div class="field">
                                    <label for="falt-i">{td_string!(l, folders.inside)}</label>
                                    <select class="in middle" id="falt-i" name="i">
                                        <option value="">{td_string!(l, folders.at_the_top)}</option>
                                        <FolderOptions places=places.clone() chosen=new_parent/>
                                    </select>
                                </div>
                            })}
                            <p><button class="btn">{icon(Icon::Plus)}{td_string!(l, folders.make_now)}</button></p>
                        </form>
                    </section>
                    {(!empty).then(|| view! {
                        <section class="group" aria-labelledby="dina">
                            <h2 id="dina">{td_string!(l, folders.yours)}</h2>
                            <ul class="folder-rows">{rows}</ul>
                        </section>
                    })}
                </div>
            </Home>
        })
    })
}

/// The field for a name; `form` says of which form.
fn name_field(l: Locale, form: &str, name: Option<String>, wrong: Option<&'static str>) -> AnyView {
    let (field, error) = (format!("namn-{form}"), format!("fel-{form}"));
    view! {
        <div class="field">
            <label for=field.clone()>{td_string!(l, folders.name)}</label>
            {wrong.map(|wrong| view! { <p class="wrong" id=error.clone() role="alert">{icon(Icon::Alert)}{wrong}</p> })}
            <input
                class="in middle" id=field name="namn" required maxlength="60" autocomplete="off" value=name
                aria-invalid=wrong.map(|_| "true")
                aria-describedby=wrong.map(|_| error)
            />
        </div>
    }
    .into_any()
}

fn row(l: Locale, folder: &Folder, places: &Places, wrong: &Wrong, typed: Option<&TypedName>) -> AnyView {
    let id = folder.id.clone();
    let name = folder.name.clone();
    let typed = typed.filter(|typed| typed.is_of(Some(&id.0)));
    let in_field = typed.map_or_else(|| name.clone(), |typed| typed.name.clone());
    let address = format!("/mapp/{}", words::segment(&id.0));
    let here = format!("mapp-{}", id.0);
    let wrong = wrong.at(l, &id.0);
    let (into, gone) = (format!("i-{}", id.0), format!("till-{}", id.0));
    let has_letters = folder.count.letters > 0;
    let counted = words::letters(l, folder.count.letters);
    let hidden = move || view! { <input type="hidden" name="mapp" value=id.0.clone()/> };
    view! {
        <li class=format!("storey-{}", folder.depth) id=here>
            <details class="unfold" open=wrong.is_some()>
                <summary>
                    <span>{name.clone()}<small>{counted.clone()}</small></span>
                    {icon(Icon::Down)}
                </summary>
                <p><a href=to(address)>{say!(l, folders.open, name = name.clone())}</a></p>
                <form class="stack" method="post" action=to(RenameFolder::PATH)>
                    {hidden()}
                    {name_field(l, &folder.id.0, Some(in_field), wrong)}
                    <p><button class="btn calm">{td_string!(l, folders.rename)}</button></p>
                </form>
                <form class="stack" method="post" action=to(MoveFolder::PATH)>
                    {hidden()}
                    <div class="field">
                        <label for=into.clone()>{td_string!(l, folders.inside)}</label>
                        <select class="in middle" id=into name="i">
                            <option value="">{td_string!(l, folders.at_the_top)}</option>
                            <FolderOptions places=places.clone() but=Some(folder.id.clone()) chosen=folder.parent.clone()/>
                        </select>
                    </div>
                    <p><button class="btn calm">{td_string!(l, folders.move_now)}</button></p>
                </form>
                <form class="stack" method="post" action=to(RemoveFolder::PATH)>
                    {hidden()}
                    <p><strong>{say!(l, folders.remove_question, name = name.clone())}</strong>" "{td_string!(l, folders.remove_text)}</p>
                    <div class="field">
                        <label for=gone.clone()>{if has_letters { say!(l, folders.letters_go, letters = counted) } else { td_string!(l, folders.letters_would_go).to_owned() }}</label>
                        <select class="in middle" id=gone name="till">
                            <option value="inkorg">{td_string!(l, inbox.title)}</option>
                            <option value="arkiv">{td_string!(l, folders.archive)}</option>
                            <FolderOptions places=places.clone() but=Some(folder.id.clone())/>
                        </select>
                    </div>
                    <p><button class="btn warn">{icon(Icon::Bin)}{say!(l, folders.remove, name = name)}</button></p>
                </form>
            </details>
        </li>
    }
    .into_any()
}
