//! What is to be paid, from signed data only.

use super::{Icon, icon, small_icon};
use crate::i18n::Locale;
use crate::ports::{Payment, PaymentCode};
use crate::request::locale;
use crate::words::say;
use crate::words::{self, Due};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// “Betala 248 kronor senast 31 mars”.
#[derive(Clone, Debug)]
pub(crate) struct PaymentSentence(pub(crate) String);

impl PaymentSentence {
    pub(crate) fn new(l: Locale, payment: &Payment, now: OffsetDateTime) -> Self {
        let date = Due::parse(&payment.due).map_or_else(|| payment.due.clone(), |due| due.date(l, now));
        Self(say!(
            l,
            inbox.pay_by,
            sum = words::sum(l, payment.amount_ore, &payment.currency),
            date = date
        ))
    }
}

/// The sum, the day and the numbers. We never pay here.
#[component]
pub(crate) fn PaymentBox(
    payment: Payment,
    payee: String,
    now: OffsetDateTime,
    /// The signatures hold.
    trusted: bool,
    /// What bank apps read.
    #[prop(optional_no_strip)]
    code: Option<PaymentCode>,
    /// What can be done with it.
    #[prop(optional_no_strip)]
    acts: Option<AnyView>,
) -> impl IntoView {
    let l = locale();
    let method = match payment.method.as_str() {
        "BG" => td_string!(l, letter.bankgiro),
        "PG" => td_string!(l, letter.plusgiro),
        _ => td_string!(l, letter.account),
    };
    let payable = words::can_be_paid_to(&payment.method, &payment.account);
    let by = match Due::parse(&payment.due) {
        Some(due) => Either::Left(view! {
            <strong>{td_string!(l, letter.pay_by)}" "<time datetime=due.machine()>{due.day_and_date(l, now)}</time></strong>
            <small>{due.until_then(l, now)}</small>
        }),
        None => Either::Right(view! { <strong>{td_string!(l, letter.pay_by)}" "{payment.due.clone()}</strong> }),
    };
    view! {
        <section class="pay" id="betala" aria-labelledby="betala-h">
            <div class="pay-top">
                <div>
                    <h2 id="betala-h">{td_string!(l, letter.pay)}</h2>
                    <p class="sum">{words::sum(l, payment.amount_ore, &payment.currency)}</p>
                </div>
                <p>{by}</p>
            </div>
            <dl class="fit pay-numbers">
                <div><dt>{method}</dt><dd><span class="whole">{words::account(&payment.account)}</span>{copy(l, &payment.account, method)}</dd></div>
                {payment.reference.map(|reference| view! {
                    <div>
                        <dt>{td_string!(l, letter.ocr)}</dt>
                        <dd><span class="whole">{words::account(&reference)}</span>{copy(l, &reference, td_string!(l, letter.ocr))}</dd>
                    </div>
                })}
                <div><dt>{td_string!(l, letter.payee)}</dt><dd>{payee}</dd></div>
            </dl>
            {(!payable).then(|| view! { <p class="small bad">{td_string!(l, letter.pay_number)}</p> })}
            {code.filter(|_| payable).map(|code| view! {
                <details class="pay-code">
                    <summary>{icon(Icon::Mobile)}{td_string!(l, payments.code)}{small_icon(Icon::Down)}</summary>
                    <p class="small">{td_string!(l, payments.code_text)}</p>
                    {drawn(l, &code)}
                </details>
            })}
            {acts.map(|acts| view! { <div class="row-of pay-acts">{acts}</div> })}
            <p class="small" class:muted=trusted class:bad=!trusted>
                {if trusted { td_string!(l, letter.pay_text) } else { td_string!(l, letter.pay_broken) }}
            </p>
        </section>
    }
    .into_any()
}

/// A button that copies a number as banks take it; there only with script.
fn copy(l: Locale, number: &str, what: &'static str) -> AnyView {
    let bare: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    view! {
        <button class="btn bare copy" type="button" data-copy=bare>
            {td_string!(l, payments.copy)}<span class="unseen">" "{what}</span>
        </button>
    }
    .into_any()
}

/// Dark on light whatever the page's colours: cameras want it so.
fn drawn(l: Locale, code: &PaymentCode) -> AnyView {
    view! {
        <svg class="qr" role="img" aria-label=td_string!(l, payments.code_name) viewBox=format!("0 0 {0} {0}", code.size) shape-rendering="crispEdges">
            <path class="qr-light" d=format!("M0 0h{0}v{0}h-{0}z", code.size)></path>
            <path class="qr-dark" d=code.path.clone()></path>
        </svg>
    }
    .into_any()
}
