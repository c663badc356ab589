//! An e-mail address.

use lettre::Address;
use std::fmt;
use std::str::FromStr;

/// An address that mail can be sent to. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(Address);

/// What was given is not an address that mail can be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnAddress;

impl EmailAddress {
    /// As the mail library wants it.
    pub fn address(&self) -> &Address {
        &self.0
    }

    /// For those who help and have no need of the address: `a•••••@example.se`.
    pub fn masked(&self) -> String {
        let first: String = self.0.user().chars().take(1).collect();
        format!("{first}•••••@{}", self.0.domain())
    }

    /// For staff, who only ask whether it is the one: `a•••@e•••.se`.
    pub fn hidden(&self) -> String {
        let first = |text: &str| text.chars().take(1).collect::<String>();
        let (name, top) = self.0.domain().rsplit_once('.').unwrap_or((self.0.domain(), ""));
        format!("{}•••@{}•••.{top}", first(self.0.user()), first(name))
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnAddress;

    /// Reads what a person wrote: space around it does not matter, nor capital letters in the domain. A domain with å, ä
    /// or ö is written in its wire form. A part before @ with such letters is refused, as few mail servers take it.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (user, domain) = text.trim().rsplit_once('@').ok_or(NotAnAddress)?;
        if user.is_empty() || !user.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotAnAddress);
        }
        let Ok(url::Host::Domain(domain)) = url::Host::parse(domain) else {
            return Err(NotAnAddress);
        };
        // A host without a dot is a machine of somebody's own network; a trailing one is no mail domain. RFC 5321, 4.5.3.1.
        let is_public = domain.contains('.') && !domain.ends_with('.');
        if !is_public || user.len() > 64 || user.len() + 1 + domain.len() > 254 {
            return Err(NotAnAddress);
        }
        Address::new(user, domain).map(Self).map_err(|_| NotAnAddress)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        text.parse::<EmailAddress>().ok().map(|address| address.to_string())
    }

    #[test]
    fn addresses_are_read_as_people_write_them() {
        assert_eq!(
            read(" anna.svensson+post@Example.SE ").as_deref(),
            Some("anna.svensson+post@example.se")
        );
        let hidden = "anna.svensson@post.example.se"
            .parse::<EmailAddress>()
            .map(|address| address.hidden());
        assert_eq!(hidden.as_deref(), Ok("a•••@p•••.se"));
        assert_eq!(
            read("anna@räksmörgås.se").as_deref(),
            Some("anna@xn--rksmrgs-5wao1o.se")
        );
        for wrong in [
            "",
            "anna",
            "anna@",
            "@example.se",
            "anna@localhost",
            "anna@[127.0.0.1]",
            "anna@127.0.0.1",
            "anna@example.se.",
            "a b@example.se",
            "anna@exa mple.se",
            "anna@example.se\r\nBcc: x@y.se",
            "åsa@example.se",
            "anna@example..se",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&format!("{}@example.se", "a".repeat(65))), None);
    }

    proptest! {
        #[test]
        fn what_is_read_reads_the_same_again(text in ".{0,40}@.{0,20}") {
            if let Some(once) = read(&text) {
                prop_assert_eq!(read(&once), Some(once.clone()));
                prop_assert!(!once.contains(['\r', '\n', ' ', ',']));
            }
        }
    }
}
