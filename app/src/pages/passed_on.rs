//! The parts of a letter's page that say that another holder has passed it on.

use crate::i18n::Locale;
use crate::parts::{Icon, Note, Tone, icon};
use crate::ports::PassedOn;
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Who passed it on, and whom it really is addressed to.
pub(super) fn passed_on_by(l: Locale, passed_on: &PassedOn, now: OffsetDateTime) -> AnyView {
    let came = Moment::new(passed_on.first_came_at, now).in_sentence(l);
    view! {
        <div class="note" role="note">
            {icon(Icon::Send)}
            <div class="note-text">
                <p><strong>{say!(l, letter.passed_on, who = passed_on.by.clone())}</strong></p>
                <p>{say!(l, letter.passed_on_text, to = passed_on.addressed_to.clone(), at = came)}</p>
            </div>
        </div>
    }
    .into_any()
}

/// A copy has no seal: that is said in the place of the seal, in red when the signature is known to have been broken.
pub(super) fn unsigned(l: Locale, passed_on: Option<&PassedOn>, sender: &str) -> AnyView {
    if passed_on.is_some_and(|passed_on| passed_on.copy_of_broken) {
        return view! {
            <Note
                tone=Tone::Wrong
                heading=td_string!(l, letter.broken)
                text=say!(l, letter.broken_text, who = sender.to_owned())
            />
        }
        .into_any();
    }
    view! {
        <div class="note" role="note">
            {icon(Icon::Info)}
            <div class="note-text">
                <p><strong>{td_string!(l, letter.unsigned)}</strong></p>
                <p>{td_string!(l, letter.unsigned_text)}</p>
            </div>
        </div>
    }
    .into_any()
}

/// What the sender asks somebody else to pay: told, and nothing that the person is to do.
pub(super) fn payment_of_another(
    l: Locale,
    passed_on: &PassedOn,
    sender: &str,
    now: OffsetDateTime,
) -> Option<AnyView> {
    let payment = passed_on.payment.as_ref()?;
    let told = words::pay(l, payment, sender, now);
    Some(
        view! {
            <section class="part" aria-labelledby="betalning">
                <h2 id="betalning">{say!(l, letter.pay_another, to = passed_on.addressed_to.clone())}</h2>
                <div class="card stack tight">
                    <p>{told}</p>
                    <p class="muted">{say!(l, letter.pay_another_text, to = passed_on.addressed_to.clone())}</p>
                </div>
            </section>
        }
        .into_any(),
    )
}
