//! Addresses that lead to the machine itself.

use std::net::IpAddr;
use url::{Host, Url};

/// Whether an address leads to the machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // The address of a scheme that browsers do not know (smtp:) comes as a name too.
        Some(Host::Domain(name)) => match name.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => name == "localhost" || name.ends_with(".localhost"),
        },
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
