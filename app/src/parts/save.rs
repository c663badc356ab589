//! What can be done with a letter outside the mailbox.

use super::{Icon, Note, Tone, icon, small_icon};
use crate::i18n::Locale;
use crate::ports::LetterId;
use crate::request::{May, may, to};
use crate::words;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Which ways there are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways {
    /// Letters can be made into PDFs here.
    pub(crate) pdf: bool,
    /// This one was asked for as a PDF, and could not be.
    pub(crate) pdf_refused: Option<&'static str>,
}

/// The ways to keep a letter outside the mailbox, folded until they are wanted.
pub(crate) fn save_and_send(l: Locale, letter: &LetterId, signed: bool, ways: Ways) -> AnyView {
    let here = format!("/brev/{}", words::segment(&letter.0));
    let fetch = |what: &str| format!("/hamta{here}/{what}");
    let (original, original_text) = if signed {
        (td_string!(l, keep.original), td_string!(l, keep.original_text))
    } else {
        (td_string!(l, keep.copy), td_string!(l, keep.copy_text))
    };
    view! {
        <details class="more-info" id="spara" open=ways.pdf_refused.is_some()>
            <summary>{icon(Icon::Download)}{td_string!(l, keep.heading)}{small_icon(Icon::Down)}</summary>
            <div class="card links">
                {ways.pdf_refused.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                <ul>
                    {way(format!("{here}/utskrift"), false, Icon::Print, td_string!(l, keep.print), td_string!(l, keep.print_text))}
                    {ways.pdf.then(|| way(fetch("pdf"), true, Icon::File, td_string!(l, keep.pdf), td_string!(l, keep.pdf_text)))}
                    {way(fetch("epost"), true, Icon::Mail, td_string!(l, keep.eml), td_string!(l, keep.eml_text))}
                    {way(fetch("original"), true, if signed { Icon::Seal } else { Icon::File }, original, original_text)}
                    {may(May::Forward).then(|| way(format!("{here}/vidarebefordra"), false, Icon::Send, td_string!(l, keep.forward), td_string!(l, keep.forward_text)))}
                </ul>
                <p class="muted small">{td_string!(l, keep.lead)}</p>
            </div>
        </details>
    }
    .into_any()
}

fn way(address: String, is_file: bool, sign: Icon, name: &'static str, text: &'static str) -> AnyView {
    view! {
        <li><a class="link-row" href=to(address)>
            {icon(sign)}
            <span><strong>{name}</strong><small>{text}</small></span>
            {small_icon(if is_file { Icon::Download } else { Icon::Right })}
        </a></li>
    }
    .into_any()
}
