//! Icons, from one sprite that the browser keeps. Always beside a word, therefore hidden from assistive tools.

use leptos::prelude::*;

/// The names in `public/ikoner.svg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Alert,
    Archive,
    Bell,
    Bin,
    Check,
    Clip,
    Down,
    Download,
    Eye,
    File,
    Folder,
    Help,
    Inbox,
    Info,
    Language,
    Left,
    Lock,
    Look,
    Mail,
    Matter,
    Mobile,
    More,
    Out,
    Pay,
    Phone,
    Plus,
    Print,
    Right,
    Seal,
    Search,
    Send,
    Sliders,
    Star,
    Tag,
    Undo,
    Unread,
    Up,
    Web,
}

impl Icon {
    const fn address(self) -> &'static str {
        match self {
            Self::Alert => "/ikoner.svg#alert",
            Self::Archive => "/ikoner.svg#archive",
            Self::Bell => "/ikoner.svg#bell",
            Self::Bin => "/ikoner.svg#bin",
            Self::Check => "/ikoner.svg#check",
            Self::Clip => "/ikoner.svg#clip",
            Self::Down => "/ikoner.svg#down",
            Self::Download => "/ikoner.svg#download",
            Self::Eye => "/ikoner.svg#eye",
            Self::File => "/ikoner.svg#file",
            Self::Folder => "/ikoner.svg#folder",
            Self::Help => "/ikoner.svg#help",
            Self::Inbox => "/ikoner.svg#inbox",
            Self::Info => "/ikoner.svg#info",
            Self::Language => "/ikoner.svg#language",
            Self::Left => "/ikoner.svg#left",
            Self::Lock => "/ikoner.svg#lock",
            Self::Look => "/ikoner.svg#look",
            Self::Mail => "/ikoner.svg#mail",
            Self::Matter => "/ikoner.svg#matter",
            Self::Mobile => "/ikoner.svg#mobile",
            Self::More => "/ikoner.svg#more",
            Self::Out => "/ikoner.svg#out",
            Self::Pay => "/ikoner.svg#pay",
            Self::Phone => "/ikoner.svg#phone",
            Self::Plus => "/ikoner.svg#plus",
            Self::Print => "/ikoner.svg#print",
            Self::Right => "/ikoner.svg#right",
            Self::Seal => "/ikoner.svg#seal",
            Self::Search => "/ikoner.svg#search",
            Self::Send => "/ikoner.svg#send",
            Self::Sliders => "/ikoner.svg#sliders",
            Self::Star => "/ikoner.svg#star",
            Self::Tag => "/ikoner.svg#tag",
            Self::Undo => "/ikoner.svg#undo",
            Self::Unread => "/ikoner.svg#unread",
            Self::Up => "/ikoner.svg#up",
            Self::Web => "/ikoner.svg#web",
        }
    }
}

/// An icon as high as the line it stands in.
pub(crate) fn icon(name: Icon) -> AnyView {
    drawn(name, "icon")
}

/// A smaller one, for tags and beside small text.
pub(crate) fn small_icon(name: Icon) -> AnyView {
    drawn(name, "icon icon-small")
}

fn drawn(name: Icon, class: &'static str) -> AnyView {
    view! {
        <svg class=class aria-hidden="true">
            <use href=name.address()></use>
        </svg>
    }
    .into_any()
}
