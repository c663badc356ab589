//! What a page knows of the request that it answers, and what it may say about the answer.

use crate::i18n::Locale;
#[cfg(feature = "ssr")]
use crate::ports::Registration;
use crate::ports::{
    Companies, Consents, Contacts, Forwarding, Handling, Helping, Home, Keeping, Mailbox, Matters, Notices, Operator,
    PortError, Ports, Public, Reception, Search, Settings, Sorting, SortingRules, Staff,
};
use leptos::prelude::*;
use std::sync::Arc;
use time::OffsetDateTime;

/// Facts of one visit, given by the server beside [`Ports`]: nothing in the pages asks for the time by itself.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The moment that counts as now while the page is made.
    pub now: OffsetDateTime,
    /// The number that the log has too, to be read aloud when something went wrong.
    pub reference: String,
    /// What is said of disturbances now, on every page.
    pub banners: Vec<Banner>,
}

/// What is said of a disturbance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// Its heading.
    pub title: String,
    /// The language that it is in.
    pub language: String,
    /// The text, cleaned: safe to put on a page.
    pub html: String,
}

/// Where the pages of this visit lie when they are in another's mailbox; given by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(pub String);

/// In which right somebody is in another's mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuestAs {
    /// The holder lets them in.
    Helper {
        /// The last day.
        through: time::Date,
    },
    /// The holder lets them in, as the register says.
    HelperByRegister,
    /// They sign for the company that holds it.
    Signatory,
    /// They have a role in that company; without a name, nothing.
    Role(String),
}

/// What may be done in another's mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Read.
    View,
    /// See what is put together from all letters.
    Overview,
    /// Pass letters on.
    Forward,
    /// Mark, move, bin, give categories.
    Organise,
    /// Folders and categories.
    Arrange,
    /// Rules, notices, language.
    EditSettings,
    /// Addresses that notices go to.
    EditContacts,
    /// See who has been in.
    SeeAccess,
    /// Let others in, a calendar too, lead letters elsewhere for good.
    GiveAccess,
    /// End and move it, reception rules, export, erase for good.
    Account,
}

/// What whoever is in another's mailbox is let in for; given by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Whose mailbox it is.
    pub holder: String,
    /// That is a company.
    pub of_company: bool,
    /// Whether they have a mailbox of their own to go home to.
    pub has_own: bool,
    /// In which right they are there.
    pub in_as: GuestAs,
    /// What they may do.
    pub may: Vec<May>,
}

/// The guest whose page this is; nothing in one's own mailbox.
pub(crate) fn guest() -> Option<Guest> {
    use_context()
}

/// The company whose mailbox this page is in; nothing in a person's.
pub(crate) fn company() -> Option<Guest> {
    guest().filter(|guest| guest.of_company)
}

/// Whether something may be done here: what a page shows for it; the server decides again when it is done.
pub(crate) fn may(what: May) -> bool {
    guest().is_none_or(|guest| guest.may.contains(&what))
}

/// Whether letters may be kept in order here.
pub(crate) fn may_manage() -> bool {
    may(May::Organise)
}

/// The address of a page of ours in the mailbox that this page is in. What leads elsewhere, or to a place on this page, stays as it is.
pub(crate) fn to(address: impl AsRef<str> + Into<String>) -> String {
    let is_page = address.as_ref().starts_with('/') && !address.as_ref().starts_with("//");
    match use_context::<Base>() {
        Some(Base(base)) if is_page => format!("{base}{}", address.as_ref()),
        _ => address.into(),
    }
}

/// The language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Swedish, unless something else was chosen.
    #[default]
    Swedish,
    /// English.
    English,
}

impl Language {
    /// Name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "sprak";

    /// Reads a language tag as the cookie and the form to `/sprak` have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "sv" => Some(Self::Swedish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// What a `Cookie` header says, Swedish when it says nothing.
    pub fn from_cookies(header: &str) -> Self {
        cookie(header, Self::COOKIE)
            .and_then(Self::from_tag)
            .unwrap_or_default()
    }
}

/// How the pages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// As the device is set.
    #[default]
    Device,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    /// Name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "utseende";

    /// Reads a choice as the cookie and the form to `/utseende` have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::Device, Self::Light, Self::Dark]
            .into_iter()
            .find(|look| look.tag() == tag)
    }

    /// As the cookie and the form have it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Device => "enhet",
            Self::Light => "ljust",
            Self::Dark => "morkt",
        }
    }

    /// What a `Cookie` header says, the device when it says nothing.
    pub fn from_cookies(header: &str) -> Self {
        cookie(header, Self::COOKIE)
            .and_then(Self::from_tag)
            .unwrap_or_default()
    }

    /// For `data-look` of a document, which its style sheet reads: nothing where the device decides.
    pub(crate) const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Device => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The colour of the browser's own bars, where the device does not decide: the door's.
    pub(crate) const fn door(self) -> Option<&'static str> {
        match self {
            Self::Device => None,
            Self::Light => Some("#153f36"),
            Self::Dark => Some("#0d2a23"),
        }
    }

    /// For the meta element `color-scheme`.
    pub(crate) const fn scheme(self) -> &'static str {
        match self {
            Self::Device => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Whether single keys do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shortcuts {
    /// They do.
    #[default]
    On,
    /// They do nothing (WCAG 2.1.4 asks that they can be turned off).
    Off,
}

impl Shortcuts {
    /// Name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "tangenter";

    /// Reads a choice as the cookie and the form to `/tangenter` have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::On, Self::Off].into_iter().find(|choice| choice.tag() == tag)
    }

    /// As the cookie and the form have it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::On => "pa",
            Self::Off => "av",
        }
    }

    /// What a `Cookie` header says, on when it says nothing.
    pub fn from_cookies(header: &str) -> Self {
        cookie(header, Self::COOKIE)
            .and_then(Self::from_tag)
            .unwrap_or_default()
    }
}

/// Whether lists show the first words of each letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreviewLine {
    /// They do.
    #[default]
    On,
    /// They do not: others may see the screen.
    Off,
}

impl PreviewLine {
    /// Name of the cookie that remembers the choice.
    pub const COOKIE: &'static str = "forsta-orden";

    /// Reads a choice as the cookie and the form to `/forsta-orden` have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::On, Self::Off].into_iter().find(|choice| choice.tag() == tag)
    }

    /// As the cookie and the form have it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::On => "visa",
            Self::Off => "dolj",
        }
    }

    /// What a `Cookie` header says, on when it says nothing.
    pub fn from_cookies(header: &str) -> Self {
        cookie(header, Self::COOKIE)
            .and_then(Self::from_tag)
            .unwrap_or_default()
    }
}

fn cookie<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

/// How this page looks.
pub(crate) fn look() -> Look {
    use_context().unwrap_or_default()
}

/// Whether single keys do something on this page.
pub(crate) fn shortcuts() -> Shortcuts {
    use_context().unwrap_or_default()
}

/// Whether lists of this page show the first words of each letter.
pub(crate) fn preview_line() -> PreviewLine {
    use_context().unwrap_or_default()
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::Swedish => Self::sv,
            Language::English => Self::en,
        }
    }
}

/// Makes what the server left in the extensions of the request ([`Ports`], [`Visit`]) known to the pages, and what the browser has chosen:
/// once, for a page asks for its language in every line. To be given to `leptos_routes_with_context` as it is.
#[cfg(feature = "ssr")]
pub fn give_context() {
    let known = with_context(|parts: &http::request::Parts| {
        let cookies = parts.headers.get(http::header::COOKIE);
        let cookies = cookies.and_then(|header| header.to_str().ok()).unwrap_or_default();
        let chosen = (
            Language::from_cookies(cookies),
            Look::from_cookies(cookies),
            Shortcuts::from_cookies(cookies),
            PreviewLine::from_cookies(cookies),
        );
        // Given further below: the context that is read here cannot be written at the same time.
        let given = |parts: &http::Extensions| (parts.get::<Ports>().cloned(), parts.get::<Visit>().cloned());
        let at = |parts: &http::Extensions| (parts.get::<Base>().cloned(), parts.get::<Guest>().cloned());
        (chosen, given(&parts.extensions), at(&parts.extensions))
    });
    let Some(((language, look, shortcuts, preview_line), (ports, visit), (base, guest))) = known else {
        return;
    };
    provide_context(language);
    provide_context(look);
    provide_context(shortcuts);
    provide_context(preview_line);
    if let Some(ports) = ports {
        provide_context(ports);
    }
    if let Some(visit) = visit {
        provide_context(visit);
    }
    if let Some(base) = base {
        provide_context(base);
    }
    if let Some(guest) = guest {
        provide_context(guest);
    }
}

/// The language of this page.
pub(crate) fn language() -> Language {
    use_context().unwrap_or_default()
}

/// The texts in the language of this page.
pub(crate) fn locale() -> Locale {
    language().into()
}

/// This visit. Without one no page can be made.
pub(crate) fn visit() -> Result<Visit, PortError> {
    use_context().ok_or(PortError::Unavailable)
}

/// Everything a page may ask.
pub(crate) fn ports() -> Result<Ports, PortError> {
    use_context().ok_or(PortError::Unavailable)
}

/// What anybody may ask.
pub(crate) fn public() -> Result<Arc<dyn Public>, PortError> {
    Ok(ports()?.public)
}

/// What somebody of the staff may ask.
pub(crate) fn staff() -> Result<Arc<dyn Staff>, PortError> {
    ports()?.staff.ok_or(PortError::SignedOut)
}

/// All that whoever is logged in may ask in their mailbox.
pub(crate) fn home() -> Result<Home, PortError> {
    ports()?.home.ok_or(PortError::SignedOut)
}

/// The mailbox of whoever is logged in.
pub(crate) fn mailbox() -> Result<Arc<dyn Mailbox>, PortError> {
    Ok(home()?.mailbox)
}

/// Searching the mailbox of whoever is logged in.
pub(crate) fn search() -> Result<Arc<dyn Search>, PortError> {
    Ok(home()?.search)
}

/// The work on a company's letters, of whoever is logged in.
pub(crate) fn handling() -> Result<Arc<dyn Handling>, PortError> {
    Ok(home()?.handling)
}

/// Matters and payments of whoever is logged in.
pub(crate) fn matters() -> Result<Arc<dyn Matters>, PortError> {
    Ok(home()?.matters)
}

/// Where whoever is logged in is reached.
pub(crate) fn contacts() -> Result<Arc<dyn Contacts>, PortError> {
    Ok(home()?.contacts)
}

/// When and how whoever is logged in is told of letters.
pub(crate) fn notices() -> Result<Arc<dyn Notices>, PortError> {
    Ok(home()?.notices)
}

/// The settings of whoever is logged in.
pub(crate) fn settings() -> Result<Arc<dyn Settings>, PortError> {
    Ok(home()?.settings)
}

/// Where the mailbox of whoever is logged in is.
pub(crate) fn operator() -> Result<Arc<dyn Operator>, PortError> {
    Ok(home()?.operator)
}

/// The reception rules of whoever is logged in.
pub(crate) fn reception() -> Result<Arc<dyn Reception>, PortError> {
    Ok(home()?.reception)
}

/// Lists and folders of whoever is logged in.
pub(crate) fn sorting() -> Result<Arc<dyn Sorting>, PortError> {
    Ok(home()?.sorting)
}

/// The rules of whoever is logged in.
pub(crate) fn rules() -> Result<Arc<dyn SortingRules>, PortError> {
    Ok(home()?.rules)
}

/// Passing on the letters of whoever is logged in.
pub(crate) fn forwarding() -> Result<Arc<dyn Forwarding>, PortError> {
    Ok(home()?.forwarding)
}

/// What whoever is logged in keeps outside the mailbox.
pub(crate) fn keeping() -> Result<Arc<dyn Keeping>, PortError> {
    Ok(home()?.keeping)
}

/// Whom whoever is logged in lets into their mailbox.
pub(crate) fn consents() -> Result<Arc<dyn Consents>, PortError> {
    Ok(home()?.consents)
}

/// Whom whoever is logged in helps.
pub(crate) fn helping() -> Result<Arc<dyn Helping>, PortError> {
    ports()?.helping.ok_or(PortError::SignedOut)
}

/// The companies that whoever is logged in acts for.
pub(crate) fn companies() -> Result<Arc<dyn Companies>, PortError> {
    ports()?.companies.ok_or(PortError::SignedOut)
}

/// Registration of whoever is logged in without a mailbox.
#[cfg(feature = "ssr")]
pub(crate) fn registration() -> Result<Arc<dyn Registration>, PortError> {
    ports()?.registration.ok_or(PortError::SignedOut)
}

/// Sends the browser to another page of ours.
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "only a server can answer"))]
pub(crate) fn go(address: &str) {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(address);
}

/// Has the browser keep a cookie, given as `Set-Cookie` has it.
#[cfg(feature = "ssr")]
pub(crate) fn remember(cookie: &str) {
    if let (Some(options), Ok(cookie)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::HeaderValue::from_str(cookie),
    ) {
        options.append_header(http::header::SET_COOKIE, cookie);
    }
}

/// Sets the status of the answer.
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "only a server can answer"))]
pub(crate) fn answer_with(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(options), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        options.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Look, PreviewLine, Shortcuts};

    #[test]
    fn a_cookie_chooses_the_look_and_nonsense_does_not() {
        assert_eq!(Look::from_cookies("sprak=en; utseende=morkt"), Look::Dark);
        assert_eq!(Look::from_cookies("utseende=rosa"), Look::Device);
        for look in [Look::Device, Look::Light, Look::Dark] {
            assert_eq!(Look::from_tag(look.tag()), Some(look));
        }
    }

    #[test]
    fn keys_are_on_unless_a_cookie_says_off() {
        assert_eq!(Shortcuts::from_cookies("utseende=morkt; tangenter=av"), Shortcuts::Off);
        assert_eq!(Shortcuts::from_cookies("tangenter=kanske"), Shortcuts::On);
        for choice in [Shortcuts::On, Shortcuts::Off] {
            assert_eq!(Shortcuts::from_tag(choice.tag()), Some(choice));
        }
    }

    #[test]
    fn first_words_are_shown_unless_a_cookie_says_no() {
        assert_eq!(
            PreviewLine::from_cookies("tangenter=av; forsta-orden=dolj"),
            PreviewLine::Off
        );
        assert_eq!(PreviewLine::from_cookies("forsta-orden=ibland"), PreviewLine::On);
        for choice in [PreviewLine::On, PreviewLine::Off] {
            assert_eq!(PreviewLine::from_tag(choice.tag()), Some(choice));
        }
    }

    #[test]
    fn a_cookie_chooses_the_language_and_nonsense_does_not() {
        assert_eq!(Language::from_cookies("a=b; sprak=en"), Language::English);
        assert_eq!(Language::from_cookies("sprak=sv;x=y"), Language::Swedish);
        assert_eq!(Language::from_cookies("sprak=klingon"), Language::Swedish);
        assert_eq!(Language::from_cookies(""), Language::Swedish);
    }
}
