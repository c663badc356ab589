//! Letters with a box each, and what can be done with those that are picked: in lists, and among what a search found.

use super::{Icon, icon};
use crate::pages::SORT;
use crate::ports::{List, Places, SearchPlace, Source};
use crate::request::{locale, may_manage, to};
use crate::words::{self, say};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// One form around the letters. `more`: there are others than those on this page, so that all of them can be meant.
pub(crate) fn picking(source: &Source, more: bool, places: &Places, letters: AnyView) -> AnyView {
    let l = locale();
    let act = |value: &'static str, sign: Icon, name: &'static str| {
        let key = match value {
            "olast" => Some("u"),
            "arkivera" => Some("e"),
            "stjarna" => Some("s"),
            _ => None,
        };
        view! { <li><button class="act" name="gor" value=value data-key=key>{icon(sign)}{name}</button></li> }
    };
    // These lead to a page that asks first: a form that only asks has no need of POST.
    let asks = |address: &'static str, sign: Icon, name: &'static str| {
        let key = match address {
            "/flytta" => Some("v"),
            "/slang" => Some("#"),
            _ => None,
        };
        view! { <li><button class="act" formmethod="get" formaction=to(address) data-key=key>{icon(sign)}{name}</button></li> }
    };
    let (binned, archived, all) = match source {
        Source::List(query) => (
            query.list == List::Bin,
            query.list == List::Archive,
            td_string!(l, sort.all),
        ),
        Source::Search(query) => (
            query.place == SearchPlace::Bin,
            query.place == SearchPlace::Archive,
            td_string!(l, sort.all_found),
        ),
    };
    let has_categories = !places.categories.is_empty();
    if !may_manage() {
        return letters;
    }
    view! {
        <form class="picking" method="post" action=to(SORT)>
            <input type="hidden" name="lista" value=words::source_address(source)/>
            {letters}
            <div class="pickbar" role="group" aria-label=td_string!(l, sort.acts)>
                <p class="picked">{td_string!(l, sort.picked)}</p>
                <button class="act clear" type="reset">{td_string!(l, sort.clear)}</button>
                {more.then(|| view! {
                    <label class="pick-all"><input class="box" type="checkbox" name="alla" value="1"/>{all}</label>
                })}
                <ul class="fit">
                    {(!binned).then(|| act("las", Icon::Check, td_string!(l, sort.read)))}
                    {(!binned).then(|| act("olast", Icon::Unread, td_string!(l, sort.unread)))}
                    {binned.then(|| act("aterstall", Icon::Undo, td_string!(l, sort.restore)))}
                    {asks("/flytta", Icon::Folder, td_string!(l, sort.move_to))}
                    {(!binned && !archived).then(|| act("arkivera", Icon::Archive, td_string!(l, sort.archive)))}
                    {(!binned).then(|| act("stjarna", Icon::Star, td_string!(l, sort.star)))}
                    {asks("/hamta/brev", Icon::Download, td_string!(l, sort.download))}
                    {(!binned && has_categories).then(|| asks("/kategorisera", Icon::Tag, td_string!(l, categories.category)))}
                    {(!binned).then(|| asks("/slang", Icon::Bin, td_string!(l, sort.bin)))}
                </ul>
            </div>
        </form>
    }
    .into_any()
}

/// The box of a letter.
pub(crate) fn pick_box(letter: String, subject: &str) -> AnyView {
    let l = locale();
    if !may_manage() {
        return ().into_any();
    }
    view! {
        <label class="pick">
            <input class="box" type="checkbox" name="brev[]" value=letter autocomplete="off"/>
            <span class="unseen">{say!(l, sort.pick, subject = words::subject(l, subject))}</span>
        </label>
    }
    .into_any()
}
