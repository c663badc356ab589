//! One file a page: its component and its server functions together.

mod access_log;
mod admin;
mod askers;
mod back;
mod beside;
mod browsers;
mod categories;
mod companies;
mod company;
mod consents;
mod contacts;
mod ending;
mod export;
mod feedback;
mod folders;
mod forward;
mod forwarded;
mod handling;
mod helping;
mod information;
mod keys;
mod letter;
mod lists;
mod login;
mod look;
mod matters;
mod new_rule;
mod news;
mod notice_log;
mod notice_rules;
mod operator;
mod own_rule;
mod passed_on;
mod payments;
mod print;
mod reception;
mod reception_review;
mod rules;
mod search;
mod sessions;
mod settings;
mod sort;
mod start;
mod terms;

pub(crate) use access_log::AccessLog;
pub(crate) use admin::{
    StaffAccount, StaffAccounts, StaffAnswer, StaffAudit, StaffCertificates, StaffFeedback, StaffLocalLogin,
    StaffLogin, StaffNumbers, StaffQueue, StaffSecond, StaffSender, StaffSenders, StaffStart, StaffTextForm,
    StaffTextPage, StaffTexts, StaffTrace, StaffTraceForm,
};
pub(crate) use askers::Askers;
pub(crate) use categories::CategoriesPage;
pub(crate) use companies::CompaniesPage;
pub(crate) use company::CompanyPage;
#[cfg(feature = "ssr")]
pub use company::{company_line, company_moving_text, company_opening_text};
pub(crate) use consents::Helpers;
pub(crate) use contacts::ContactsPage;
pub(crate) use ending::EndingPage;
#[cfg(feature = "ssr")]
pub use ending::ending_text;
pub(crate) use export::ExportPage;
pub(crate) use feedback::FeedbackPage;
pub(crate) use folders::FoldersPage;
pub(crate) use forward::ForwardLetterPage;
pub(crate) use forwarded::{ForwardRules, Forwarded};
pub(crate) use handling::TakenLetters;
pub(crate) use helping::Helping;
pub(crate) use information::{About, Accessibility, Help, NoSuchPage, Privacy};
pub(crate) use keys::KeysPage;
pub(crate) use letter::LetterPage;
pub(crate) use lists::{Archive, Bin, CategoryPage, FolderPage, Inbox, Starred};
pub(crate) use login::{LoginFault, SignedOut};
pub(crate) use look::LookSettings;
pub(crate) use matters::{MatterList, MatterOne};
pub(crate) use new_rule::NewRulePage;
pub(crate) use news::{HelpText, NewsPage, NewsText};
pub(crate) use notice_log::NoticeLog;
pub(crate) use notice_rules::NoticeRules;
pub(crate) use operator::OperatorSettings;
pub(crate) use own_rule::OwnRulePage;
pub(crate) use payments::Payments;
#[cfg(feature = "ssr")]
pub use payments::{CalendarWords, calendar_words};
pub(crate) use print::LetterPrint;
pub(crate) use reception::ReceptionPage;
pub(crate) use reception_review::ReceptionReview;
#[cfg(feature = "ssr")]
pub use reception_review::reception_text;
pub(crate) use rules::{RulePage, RulesPage};
pub(crate) use search::SearchPage;
pub(crate) use sessions::Sessions;
pub(crate) use settings::SettingsPage;
#[cfg(feature = "ssr")]
pub use sort::{Asked, asked_letters};
pub(crate) use sort::{BinLetters, CategoriseLetters, EmptyTheBin, MoveLetters, SORT, TAKE_BACK};
pub(crate) use start::Start;
pub(crate) use terms::Terms;
#[cfg(feature = "ssr")]
pub use terms::{moving_text, terms_text};

use crate::ports::{LetterId, PortError};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A value of the address' query.
fn asked(name: &str) -> Option<String> {
    use_query_map().read_untracked().get(name)
}

/// The reference that the address names, if it looks like one: the address is anybody's to write.
fn asked_reference() -> Option<String> {
    let is_one =
        |text: &String| (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    asked("ref").filter(is_one)
}

/// Every value of that name in the address' query.
fn all_asked(name: &str) -> Vec<String> {
    use_query_map().read_untracked().get_all(name).unwrap_or_default()
}

/// A part of the address' path.
fn named(part: &str) -> Result<String, PortError> {
    use_params_map().read_untracked().get(part).ok_or(PortError::NotFound)
}

/// The letter that the address names.
fn letter_named() -> Result<LetterId, PortError> {
    named("id").map(LetterId)
}
