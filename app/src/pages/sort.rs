//! What is done with letters: the forms of lists and letters, `/flytta` and `/slang` which ask first, and taking it back.

use super::back::Back;
use super::{all_asked, asked};
use crate::i18n::Locale;
use crate::parts::{FolderOptions, Home, Icon, Place, icon, loaded};
use crate::ports::{LetterId, Viewer};
use crate::request::{locale, mailbox, sorting, to, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::Duration;

/// Where forms that do something with letters go.
pub(crate) const SORT: &str = <SortLetters as ServerFn>::PATH;
/// Where the form that takes an act back goes.
pub(crate) const TAKE_BACK: &str = <TakeBack as ServerFn>::PATH;

/// Does something (`gor`) with the picked letters, or with `alla` of the list that the form came from.
#[server(name = SortLetters, prefix = "/api", endpoint = "brev/sortera")]
async fn sort_letters(
    lista: String,
    #[server(default)] brev: Vec<String>,
    #[server(default)] alla: String,
    #[server(default)] gor: String,
    #[server(default)] till: String,
) -> Result<(), ServerFnError> {
    use crate::ports::{Chosen, PortError, Sorted};
    use crate::request::go;

    let back = Back::named(&lista);
    let chosen = match &back {
        Back::Source(source) if !alla.is_empty() => Chosen::All(source.clone()),
        _ => Chosen::These(brev.into_iter().map(LetterId).collect()),
    };
    if chosen == Chosen::These(Vec::new()) {
        go(&back.with("fel=inget-valt"));
        return Ok(());
    }
    let Some(deed) = deed_named(&gor, &till) else {
        go(&back.with("fel=tekniskt"));
        return Ok(());
    };
    let sorted = match sorting() {
        Ok(sorting) => sorting.sort(deed, chosen).await,
        Err(error) => Err(error),
    };
    go(&match sorted {
        Ok(Sorted::Begun(act)) => back.with(&format!("gjort={}", words::segment(&act.0))),
        Ok(Sorted::NoSuchFolder) => back.with("fel=mapp"),
        Ok(Sorted::NoSuchCategory) => back.with("fel=kategori"),
        Ok(Sorted::TooMany) => back.with("fel=for-manga-funna"),
        Err(PortError::NotFound) => back.with("fel=borta"),
        Err(_) => back.with("fel=tekniskt"),
    });
    Ok(())
}

/// Takes an act back.
#[server(name = TakeBack, prefix = "/api", endpoint = "brev/angra")]
async fn take_back(gjort: String, lista: String) -> Result<(), ServerFnError> {
    use crate::ports::{ActId, PortError};
    use crate::request::go;

    let back = Back::named(&lista);
    let act = ActId(gjort);
    let done = format!("gjort={}", words::segment(&act.0));
    let taken = match sorting() {
        Ok(sorting) => sorting.take_back(act).await,
        Err(error) => Err(error),
    };
    go(&match taken {
        Ok(true) => back.with(&done),
        Ok(false) | Err(PortError::NotFound) => back.with("fel=angrat"),
        Err(_) => back.with("fel=tekniskt"),
    });
    Ok(())
}

/// Removes for good what lies in the bin.
#[server(name = EmptyBin, prefix = "/api", endpoint = "papperskorg/tom")]
async fn empty_bin() -> Result<(), ServerFnError> {
    use crate::request::go;

    let emptied = match sorting() {
        Ok(sorting) => sorting.empty_bin().await,
        Err(error) => Err(error),
    };
    go(if emptied.is_ok() {
        "/papperskorg?sag=tomd"
    } else {
        "/papperskorg?fel=tekniskt"
    });
    Ok(())
}

/// What a form calls what it wants done.
#[cfg(feature = "ssr")]
fn deed_named(name: &str, to: &str) -> Option<crate::ports::Deed> {
    use crate::ports::{CategoryId, Deed, FolderId, Lies};

    Some(match name {
        "las" => Deed::Read,
        "olast" => Deed::Unread,
        "arkivera" => Deed::Move(Lies::Archive),
        "inkorg" => Deed::Move(Lies::Inbox),
        "stjarna" => Deed::Star,
        "avstjarna" => Deed::Unstar,
        "slang" => Deed::Bin,
        "aterstall" => Deed::Restore,
        "kategori" => Deed::Give(CategoryId(to.to_owned())),
        "avkategori" => Deed::Take(CategoryId(to.to_owned())),
        "flytta" => Deed::Move(match to {
            "" => return None,
            "inkorg" => Lies::Inbox,
            "arkiv" => Lies::Archive,
            folder => Lies::Folder(FolderId(folder.to_owned())),
        }),
        _ => return None,
    })
}

/// What a page that asks was given: the letters, or all of a list.
#[derive(Clone, Debug)]
struct Picked {
    back: Back,
    letters: Vec<LetterId>,
    all: bool,
}

impl Picked {
    fn read() -> Self {
        Self {
            back: Back::named(&asked("lista").unwrap_or_default()),
            letters: all_asked("brev[]").into_iter().map(LetterId).collect(),
            all: asked("alla").is_some(),
        }
    }

    /// Everything that the form that does it has to say again.
    fn fields(&self) -> AnyView {
        view! {
            <input type="hidden" name="lista" value=self.back.address()/>
            {self.all.then(|| view! { <input type="hidden" name="alla" value="1"/> })}
            {self.letters.iter().map(|letter| view! { <input type="hidden" name="brev[]" value=letter.0.clone()/> }).collect_view()}
        }
        .into_any()
    }

    fn is_nothing(&self) -> bool {
        !self.all && self.letters.is_empty()
    }
}

/// What the form of a list asked for, for a handler beside the pages.
#[cfg(feature = "ssr")]
pub struct Asked {
    /// The picked letters.
    pub letters: Vec<LetterId>,
    /// The list or the search, when all of it was asked for.
    pub all: Option<crate::ports::Source>,
    /// The address to go back to, with a word of ours in its query.
    pub back: Box<dyn Fn(&str) -> String + Send>,
}

/// Reads the query of such a form.
#[cfg(feature = "ssr")]
pub fn asked_letters(query: &str) -> Asked {
    let values = |wanted: &'static str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(move |(name, _)| *name == wanted)
            .map(|(_, value)| words::unescaped(value))
    };
    let back = Back::named(&values("lista").next().unwrap_or_default());
    let all = match &back {
        Back::Source(source) if values("alla").next().is_some() => Some(source.clone()),
        _ => None,
    };
    Asked {
        letters: values("brev%5B%5D").chain(values("brev[]")).map(LetterId).collect(),
        all,
        back: Box::new(move |word| back.with(word)),
    }
}

/// “Flytta till vilken mapp?”
#[component]
pub(crate) fn MoveLetters() -> impl IntoView {
    let picked = Picked::read();
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, sort.move_title), td_string!(l, brand.name));
        let places = viewer.places.clone();
        let many = places.folders.len() > 12;
        let question = if picked.is_nothing() {
            none_picked(l, &picked)
        } else {
            view! {
                <form class="ask-page stack" method="post" action=to(SORT)>
                    {picked.fields()}
                    <input type="hidden" name="gor" value="flytta"/>
                    {if many {
                        view! {
                            <div class="field">
                                <label for="till">{td_string!(l, sort.to)}</label>
                                <select class="in middle" id="till" name="till">
                                    <FolderOptions places/>
                                    <option value="inkorg">{td_string!(l, inbox.title)}</option>
                                    <option value="arkiv">{td_string!(l, folders.archive)}</option>
                                </select>
                            </div>
                        }.into_any()
                    } else {
                        view! {
                            <fieldset class="choices">
                                <legend class="unseen">{td_string!(l, sort.to)}</legend>
                                {places.folders.into_iter().enumerate().map(|(n, folder)| {
                                    choice(folder.id.0, folder.name, folder.depth, n == 0)
                                }).collect_view()}
                                {choice("inkorg".to_owned(), td_string!(l, inbox.title).to_owned(), 0, false)}
                                {choice("arkiv".to_owned(), td_string!(l, folders.archive).to_owned(), 0, viewer.places.folders.is_empty())}
                            </fieldset>
                        }.into_any()
                    }}
                    <p class="row-of">
                        <button class="btn">{icon(Icon::Folder)}{td_string!(l, sort.move_now)}</button>
                        <a class="btn calm" href=to(picked.back.address())>{td_string!(l, sort.cancel)}</a>
                    </p>
                    <p class="hint">{td_string!(l, sort.new_folder)}" "<a href=to("/installningar/mappar")>{td_string!(l, folders.manage)}</a></p>
                </form>
            }
            .into_any()
        };
        Ok(page(viewer, title, td_string!(l, sort.move_title), question))
    })
}

/// “Vilken kategori?”
#[component]
pub(crate) fn CategoriseLetters() -> impl IntoView {
    let picked = Picked::read();
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, categories.which), td_string!(l, brand.name));
        let categories = viewer.places.categories.clone();
        let question = if picked.is_nothing() {
            none_picked(l, &picked)
        } else if categories.is_empty() {
            view! {
                <p>{td_string!(l, categories.none)}</p>
                <p><a class="btn" href=to("/installningar/kategorier")>{td_string!(l, categories.make)}</a></p>
            }
            .into_any()
        } else {
            view! {
                <form class="ask-page stack" method="post" action=to(SORT)>
                    {picked.fields()}
                    <fieldset class="choices">
                        <legend class="unseen">{td_string!(l, categories.category)}</legend>
                        {categories.into_iter().enumerate().map(|(n, category)| view! {
                            <label class="choice">
                                <input class="radio" type="radio" name="till" value=category.id.0 required checked=n == 0/>
                                <span class="dot" data-colour=category.colour.name()></span>
                                <span>{category.name}</span>
                            </label>
                        }).collect_view()}
                    </fieldset>
                    <p class="row-of">
                        <button class="btn" name="gor" value="kategori">{icon(Icon::Tag)}{td_string!(l, categories.give)}</button>
                        <button class="btn calm" name="gor" value="avkategori">{td_string!(l, categories.take)}</button>
                        <a class="btn bare" href=to(picked.back.address())>{td_string!(l, sort.cancel)}</a>
                    </p>
                </form>
            }
            .into_any()
        };
        Ok(page(viewer, title, td_string!(l, categories.which), question))
    })
}

/// “Vill du slänga breven?”
#[component]
pub(crate) fn BinLetters() -> impl IntoView {
    let picked = Picked::read();
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let l = locale();
        let heading = if picked.all {
            td_string!(l, sort.bin_all_title).to_owned()
        } else if picked.letters.len() == 1 {
            td_string!(l, sort.bin_one_title).to_owned()
        } else {
            say!(l, sort.bin_many_title, n = picked.letters.len())
        };
        let one = picked.letters.len() == 1 && !picked.all;
        let title = format!("{heading} – {}", td_string!(l, brand.name));
        let date = Moment::new(now + Duration::days(30), now).date_in_full(l);
        let text = if one {
            say!(l, sort.bin_one_text, date = date)
        } else {
            say!(l, sort.bin_many_text, date = date)
        };
        let question = if picked.is_nothing() {
            none_picked(l, &picked)
        } else {
            view! {
                <form class="ask-page stack" method="post" action=to(SORT)>
                    {picked.fields()}
                    <input type="hidden" name="gor" value="slang"/>
                    <p>{text}</p>
                    <p class="muted">{td_string!(l, sort.bin_pay)}</p>
                    <p class="row-of">
                        <button class="btn warn">{icon(Icon::Bin)}{if one { td_string!(l, sort.bin_one) } else { td_string!(l, sort.bin_many) }}</button>
                        <a class="btn calm" href=to(picked.back.address())>{td_string!(l, sort.keep)}</a>
                    </p>
                </form>
            }
            .into_any()
        };
        Ok(page(viewer, title, heading, question))
    })
}

/// “Vill du tömma papperskorgen?”
#[component]
pub(crate) fn EmptyTheBin() -> impl IntoView {
    loaded(async move {
        sorting()?;
        let viewer = mailbox()?.viewer().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, sort.empty_title), td_string!(l, brand.name));
        let letters = words::letters(l, viewer.places.bin.letters);
        let unread = viewer.places.bin.unread;
        let question = view! {
            <form class="ask-page stack" method="post" action=to(EmptyBin::PATH)>
                <p>{say!(l, sort.empty_text, letters = letters)}</p>
                {(unread > 0).then(|| view! { <p><strong>{say!(l, sort.empty_unread, unread = words::unread(l, unread))}</strong></p> })}
                <p class="row-of">
                    <button class="btn warn">{icon(Icon::Bin)}{td_string!(l, sort.empty_now)}</button>
                    <a class="btn calm" href=to("/papperskorg")>{td_string!(l, sort.keep)}</a>
                </p>
            </form>
        }
        .into_any();
        Ok(page(viewer, title, td_string!(l, sort.empty_title), question))
    })
}

fn page(viewer: Viewer, title: String, heading: impl Into<String>, content: AnyView) -> AnyView {
    let heading = heading.into();
    view! {
        <Home viewer place=Place::Letter title>
            <div class="page-head"><h1>{heading}</h1></div>
            <section class="group">{content}</section>
        </Home>
    }
    .into_any()
}

fn none_picked(l: Locale, picked: &Picked) -> AnyView {
    view! {
        <p>{td_string!(l, sort.none_picked)}</p>
        <p><a class="btn" href=to(picked.back.address())>{td_string!(l, sort.back)}</a></p>
    }
    .into_any()
}

fn choice(value: String, name: String, depth: usize, first: bool) -> AnyView {
    view! {
        <label class=format!("choice storey-{depth}")>
            <input class="radio" type="radio" name="till" value=value required checked=first/>
            <span>{name}</span>
        </label>
    }
    .into_any()
}
