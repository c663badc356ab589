//! Why staff look: the fields of a form, and how it is told.

use crate::i18n::Locale;
use crate::parts::{Icon, icon, select};
use crate::ports::{LookCause, LookReason};
use crate::words::say;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Every cause and the name that forms send.
const CAUSES: [(LookCause, &str); 6] = [
    (LookCause::Login, "login"),
    (LookCause::Notices, "notices"),
    (LookCause::Letter, "letter"),
    (LookCause::Lock, "lock"),
    (LookCause::Protected, "protected"),
    (LookCause::Other, "other"),
];

/// A cause in words.
fn cause_name(l: Locale, cause: LookCause) -> &'static str {
    match cause {
        LookCause::Login => td_string!(l, reasons.login),
        LookCause::Notices => td_string!(l, reasons.notices),
        LookCause::Letter => td_string!(l, reasons.letter),
        LookCause::Lock => td_string!(l, reasons.lock),
        LookCause::Protected => td_string!(l, reasons.protected),
        LookCause::Other => td_string!(l, reasons.other),
    }
}

/// A reason as it is told: “Aviseringar: ringde i dag”.
pub(crate) fn reason_told(l: Locale, reason: &LookReason) -> String {
    say!(
        l,
        reasons.told,
        cause = cause_name(l, reason.cause),
        words = reason.words
    )
}

/// What is wrong at a field.
pub(super) fn wrong(id: &str, text: &'static str) -> AnyView {
    view! { <p class="wrong" id=id.to_owned() role="alert">{icon(Icon::Alert)}{text}</p> }.into_any()
}

/// The fields: one of the list, and own words.
pub(super) fn reason_fields(
    l: Locale,
    cause: &str,
    words: String,
    (wrong_cause, wrong_words): (bool, bool),
) -> AnyView {
    let options = std::iter::once((String::new(), td_string!(l, reasons.choose).to_owned()))
        .chain(
            CAUSES
                .into_iter()
                .map(|(cause, name)| (name.to_owned(), cause_name(l, cause).to_owned())),
        )
        .collect();
    let described = if wrong_words { "ord-fel ord-tips" } else { "ord-tips" };
    view! {
        <div class="field">
            <label for="skal">{td_string!(l, reasons.label)}</label>
            {wrong_cause.then(|| wrong("skal-fel", td_string!(l, reasons.wrong_cause)))}
            {select("skal", "skal", options, cause, wrong_cause.then(|| "skal-fel".to_owned()))}
        </div>
        <div class="field">
            <label for="ord">{td_string!(l, reasons.words)}</label>
            <p class="hint" id="ord-tips">{td_string!(l, reasons.hint)}</p>
            {wrong_words.then(|| wrong("ord-fel", td_string!(l, reasons.wrong_words)))}
            <input class="in" id="ord" name="ord" maxlength="300" value=words autocomplete="off"
                aria-invalid=wrong_words.then_some("true") aria-describedby=described/>
        </div>
    }
    .into_any()
}
