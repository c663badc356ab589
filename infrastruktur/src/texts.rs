//! What people read on this crate's pages: one file a language, all of it known at start.

use crate::people::Circumstance;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use serde::Deserialize;
use std::sync::Arc;

/// The texts of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Its code.
    pub language: String,
    /// The name of the other language, in that language.
    pub other_language: String,
    /// The code of the other language.
    pub other_code: String,
    /// The mark that stands on every page.
    pub demonstration: String,
    /// What the mark means.
    pub demonstration_note: String,
    /// The catcher's page.
    pub catcher: CatcherTexts,
    /// The pages of the demonstration e-legitimation.
    pub idp: IdpTexts,
    /// What each person shows.
    pub circumstances: Circumstances,
}

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "each text is named after where it stands; the locale files show them")]
        pub struct $name { $(pub $field: String),* }
    };
}

fields! {
    /// `[catcher]`
    CatcherTexts {
        title, intro, none, email, sms, push, from, to, no_subject, html, json, refresh, report, delivered, phone_off,
        nobodys_number, report_waits, report_taken, report_not_taken,
    }
}
fields! {
    /// `[idp]`
    IdpTexts {
        title, service, intro, log_in_as, cancel, more, level, level_asked, encryption, encryption_usual, send_title,
        send_text, send_button, error_title, error_text, error_reason, start_title, start_text, metadata,
    }
}
fields! {
    /// `[circumstances]`
    Circumstances {
        mailbox_here, mailbox_elsewhere, no_mailbox, protected_identity, minor, signs_alone, signs_together,
        signs_for_association, signs_by_unreadable_rule, has_role, coordination_number, support_staff,
    }
}

impl Circumstances {
    /// What one person shows.
    pub fn of(&self, circumstance: Circumstance) -> &str {
        match circumstance {
            Circumstance::MailboxHere => &self.mailbox_here,
            Circumstance::MailboxElsewhere => &self.mailbox_elsewhere,
            Circumstance::NoMailbox => &self.no_mailbox,
            Circumstance::ProtectedIdentity => &self.protected_identity,
            Circumstance::Minor => &self.minor,
            Circumstance::SignsAlone => &self.signs_alone,
            Circumstance::SignsTogether => &self.signs_together,
            Circumstance::SignsForAssociation => &self.signs_for_association,
            Circumstance::SignsByUnreadableRule => &self.signs_by_unreadable_rule,
            Circumstance::HasRole => &self.has_role,
            Circumstance::CoordinationNumber => &self.coordination_number,
            Circumstance::SupportStaff => &self.support_staff,
        }
    }
}

/// All languages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Languages {
    swedish: Arc<Texts>,
    english: Arc<Texts>,
}

impl Languages {
    /// Reads the files that are built in.
    pub fn read() -> Result<Self, toml::de::Error> {
        Ok(Self {
            swedish: Arc::new(toml::from_str(include_str!("../locales/sv.toml"))?),
            english: Arc::new(toml::from_str(include_str!("../locales/en.toml"))?),
        })
    }

    /// Swedish.
    pub fn swedish(&self) -> &Arc<Texts> {
        &self.swedish
    }

    /// English.
    pub fn english(&self) -> &Arc<Texts> {
        &self.english
    }

    /// What was chosen, else what the browser prefers; Swedish when neither says anything.
    pub fn choose(&self, chosen: Option<&str>, headers: &HeaderMap) -> &Arc<Texts> {
        let preferred = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let first = preferred
            .split(',')
            .map(str::trim)
            .find(|l| l.starts_with("sv") || l.starts_with("en"));
        match chosen.or(first) {
            Some(language) if language.starts_with("en") => &self.english,
            _ => &self.swedish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn swedish_unless_english_is_wanted() {
        let languages = Languages::read().unwrap();
        let with = |value: &'static str| HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(value))]);
        let choose = |chosen, headers: HeaderMap| languages.choose(chosen, &headers).language.clone();
        assert_eq!(choose(None, HeaderMap::new()), "sv");
        assert_eq!(choose(None, with("de, en-GB;q=0.9, sv;q=0.8")), "en");
        assert_eq!(choose(Some("sv"), with("en")), "sv");
        assert_eq!(choose(Some("xx"), with("en")), "sv");
    }
}
