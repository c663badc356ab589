//! Our two entities in the federation: one for people, one for staff. An entity gets the attributes that its metadata asks for, so who wants
//! personal numbers for some and organisation identities for others is two of them. Everything else of a login is the same for both.

use super::config::{SamlConfig, StaffConfig};
use super::cookie::Cookie;
use super::saml::metadata::InTwoLanguages;
use super::saml::names::UNCERTIFIED_LOA3;
use super::saml::provider::IdentityProvider;
use super::saml::response::Asks;
use serde::{Deserialize, Serialize};

/// Category that opts in to samordningsnummer.
const ACCEPTS_COORDINATION: &str = "http://id.swedenconnect.se/general-ec/1.0/accepts-coordination-number";

/// Whose login it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Side {
    /// People, to their mailboxes.
    #[default]
    People,
    /// Staff, to their own pages.
    Staff,
}

impl Side {
    /// The cookie that ties a login to the browser that began it.
    pub(super) fn login_cookie(self) -> Cookie {
        match self {
            Self::People => Cookie::Login,
            Self::Staff => Cookie::StaffLogin,
        }
    }

    /// Where a checked login is fetched.
    pub(super) fn arrival(self) -> &'static str {
        match self {
            Self::People => "/logga-in/klar",
            Self::Staff => "/staff/logga-in/klar",
        }
    }

    /// Where somebody goes after logging in, unless they were on their way somewhere.
    pub(super) fn home(self) -> &'static str {
        match self {
            Self::People => "/inkorg",
            Self::Staff => "/admin",
        }
    }

    /// Whether an address is of this side: nobody is led over to the other.
    pub(super) fn has(self, path: &str) -> bool {
        let is_staffs = path == "/admin" || path.starts_with("/admin/") || path.starts_with("/admin?");
        is_staffs == (self == Self::Staff)
    }
}

/// One of our entities.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    /// Its entity id.
    pub(super) id: String,
    /// Its assertion consumer address.
    pub(super) acs: String,
    /// Who it asks for.
    pub(super) asks: Asks,
    /// Entity categories in its metadata.
    pub(super) categories: Vec<String>,
    /// Its name.
    pub(super) display_name: InTwoLanguages,
    /// One sentence on it.
    pub(super) description: InTwoLanguages,
    levels: Vec<String>,
    uncertified: Vec<String>,
}

impl Entity {
    /// The one for people. `base` is our public address without a slash at its end.
    pub(super) fn of_people(config: &SamlConfig, base: &str) -> Self {
        let mut categories = config.categories.clone();
        if config.coordination_numbers {
            categories.push(ACCEPTS_COORDINATION.into());
        }
        Self {
            id: config
                .entity_id
                .clone()
                .unwrap_or_else(|| format!("{base}/saml/metadata")),
            acs: format!("{base}/saml/acs"),
            asks: Asks::Person {
                coordination_numbers: config.coordination_numbers,
            },
            categories,
            display_name: in_both(&config.display_name_sv, &config.display_name_en),
            description: in_both(&config.description_sv, &config.description_en),
            levels: config.levels.clone(),
            uncertified: config.uncertified.clone(),
        }
    }

    /// The one for staff.
    pub(super) fn of_staff(config: &StaffConfig, base: &str) -> Self {
        Self {
            id: config
                .entity_id
                .clone()
                .unwrap_or_else(|| format!("{base}/staff/saml/metadata")),
            acs: format!("{base}/staff/saml/acs"),
            asks: Asks::Employee,
            categories: config.categories.clone(),
            display_name: in_both(&config.display_name_sv, &config.display_name_en),
            description: in_both(&config.description_sv, &config.description_en),
            levels: config.levels.clone(),
            uncertified: Vec::new(),
        }
    }

    /// The levels that will do from this provider: those we accept and it is certified for. None from one that knows nothing of employees
    /// when they are asked for.
    pub(super) fn levels(&self, provider: &IdentityProvider) -> Vec<String> {
        let serves = match self.asks {
            Asks::Person { .. } => true,
            Asks::Employee => self.categories.iter().any(|ours| provider.categories.contains(ours)),
        };
        if !serves {
            return Vec::new();
        }
        let uncertified = self.uncertified.contains(&provider.entity_id);
        let ours = self
            .levels
            .iter()
            .map(String::as_str)
            .chain(uncertified.then_some(UNCERTIFIED_LOA3));
        ours.filter(|level| provider.levels.iter().any(|theirs| theirs == level))
            .map(str::to_owned)
            .collect()
    }
}

fn in_both(sv: &str, en: &str) -> InTwoLanguages {
    InTwoLanguages {
        sv: sv.to_owned(),
        en: en.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Side;

    #[test]
    fn each_side_has_its_own_addresses() {
        for path in ["/admin", "/admin/ko?visa=1", "/admin?x"] {
            assert!(Side::Staff.has(path) && !Side::People.has(path), "{path}");
        }
        for path in ["/", "/inkorg", "/administration", "/brev/1"] {
            assert!(Side::People.has(path) && !Side::Staff.has(path), "{path}");
        }
    }
}
