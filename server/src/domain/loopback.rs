//! Addresses that lead to the machine itself.

use url::{Host, Url};

/// Whether an address leads to the machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // The number in an address of a scheme that browsers do not know (smtp:) comes as a name.
        Some(Host::Domain(name)) => match Host::parse(name) {
            Ok(Host::Ipv4(ip)) => ip.is_loopback(),
            Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Ok(Host::Ipv6(_)) | Err(_) => false,
        },
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        for (address, here) in [
            ("http://localhost:8080", true),
            ("http://brevlada.localhost", true),
            ("https://127.0.0.1", true),
            ("http://[::1]:25", true),
            ("smtp://127.0.0.1:25", true),
            ("smtp://[::1]:25", true),
            ("smtp://localhost", true),
            ("smtp://10.0.0.1", false),
            ("https://localhost.example.se", false),
            ("https://notlocalhost", false),
            ("mailto:a@localhost", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(address).unwrap()), here, "{address}");
        }
    }
}
