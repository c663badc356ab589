//! The staff's side, `/admin`. One file a page, as everywhere.

mod account;
mod account_lists;
mod accounts;
mod answer;
mod audit;
mod certificates;
mod feedback;
mod login;
mod numbers;
mod queue;
mod reason;
mod second;
mod sender;
mod senders;
mod start;
mod text;
mod text_form;
mod texts;
mod trace;

pub(crate) use account::StaffAccount;
pub(crate) use accounts::StaffAccounts;
pub(crate) use answer::StaffAnswer;
pub(crate) use audit::StaffAudit;
pub(crate) use certificates::StaffCertificates;
pub(crate) use feedback::StaffFeedback;
pub(crate) use login::{StaffLocalLogin, StaffLogin};
pub(crate) use numbers::StaffNumbers;
pub(crate) use queue::StaffQueue;
pub(crate) use reason::reason_told;
pub(crate) use second::StaffSecond;
pub(crate) use sender::StaffSender;
pub(crate) use senders::StaffSenders;
pub(crate) use start::StaffStart;
pub(crate) use text::StaffTextPage;
pub(crate) use text_form::StaffTextForm;
pub(crate) use texts::StaffTexts;
pub(crate) use trace::{StaffTrace, StaffTraceForm};

#[cfg(feature = "ssr")]
use crate::ports::PortError;
use crate::ports::StaffTextKind;

/// Where an act leads whose port has refused it: to the page, with a code. What is not theirs is said there too.
#[cfg(feature = "ssr")]
fn after(page: &str, outcome: Result<(), PortError>, said: &str) -> String {
    let joint = if page.contains('?') { '&' } else { '?' };
    match outcome {
        Ok(()) => format!("{page}{joint}sag={said}"),
        Err(PortError::SignedOut) => "/admin/logga-in?kod=tid".to_owned(),
        Err(PortError::NotAllowed) => format!("{page}{joint}fel=roll"),
        Err(PortError::NotFound) => format!("{page}{joint}fel=borta"),
        Err(PortError::Unavailable) => format!("{page}{joint}fel=nu"),
    }
}

/// A kind of text by its name in addresses.
fn kind_named(name: &str) -> Option<StaffTextKind> {
    match name {
        "help" => Some(StaffTextKind::Help),
        "news" => Some(StaffTextKind::News),
        "banner" => Some(StaffTextKind::Banner),
        _ => None,
    }
}

/// Its name in addresses.
fn kind_name(kind: StaffTextKind) -> &'static str {
    match kind {
        StaffTextKind::Help => "help",
        StaffTextKind::News => "news",
        StaffTextKind::Banner => "banner",
    }
}
