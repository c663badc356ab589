//! Our cookies: one that ties a login to the browser that began it, one that is the session; for people, and others for staff.

use axum::http::{HeaderMap, HeaderValue, header};
use url::Url;

/// Which cookies a server sets: with the prefix `__Host-` and `Secure` over https; without them on this machine over http,
/// where browsers refuse them.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Ten minutes, while somebody logs in.
    Login,
    /// As long as the browser is open; the server decides when it is over.
    Session,
    /// The first, when it is staff who log in.
    StaffLogin,
    /// The second, of staff. No session of people's is one of theirs, and none of theirs is one of people's.
    StaffSession,
}

impl Cookies {
    /// Cookies for a server with this address.
    pub fn new(public_url: &Url) -> Self {
        Self {
            secure: public_url.scheme() == "https",
        }
    }

    /// The name under which it is set.
    pub fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Login, true) => "__Host-login",
            (Cookie::Login, false) => "login",
            (Cookie::Session, true) => "__Host-brevlada",
            (Cookie::Session, false) => "brevlada",
            (Cookie::StaffLogin, true) => "__Host-staff-login",
            (Cookie::StaffLogin, false) => "staff-login",
            (Cookie::StaffSession, true) => "__Host-brevlada-staff",
            (Cookie::StaffSession, false) => "brevlada-staff",
        }
    }

    /// Its value in a request. Two of the same name are no value: one of them would be somebody else's.
    pub fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
        let name = self.name(cookie);
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value);
        let first = found.next()?;
        if found.next().is_some() { None } else { Some(first) }
    }

    /// Sets it in a response.
    pub fn set(self, headers: &mut HeaderMap, cookie: Cookie, value: &str) {
        let lasts = match cookie {
            Cookie::Login | Cookie::StaffLogin => "; Max-Age=600",
            Cookie::Session | Cookie::StaffSession => "",
        };
        self.append(headers, cookie, value, lasts);
    }

    /// Takes it away.
    pub fn clear(self, headers: &mut HeaderMap, cookie: Cookie) {
        self.append(headers, cookie, "", "; Max-Age=0");
    }

    fn append(self, headers: &mut HeaderMap, cookie: Cookie, value: &str, lasts: &str) {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lasts}",
            self.name(cookie)
        );
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_over_https_and_plain_on_this_machine() {
        let set = |address: &str| {
            let mut headers = HeaderMap::new();
            Cookies::new(&Url::parse(address).unwrap()).set(&mut headers, Cookie::Session, "v");
            headers[header::SET_COOKIE].to_str().unwrap().to_owned()
        };
        assert_eq!(
            set("https://brevlada.example"),
            "__Host-brevlada=v; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            set("http://localhost:8080"),
            "brevlada=v; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn a_value_is_read_and_two_are_none() {
        let cookies = Cookies::new(&Url::parse("http://localhost").unwrap());
        let read = |text: &'static str| {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(text))]);
            cookies.read(&headers, Cookie::Session).map(str::to_owned)
        };
        assert_eq!(read("a=b; brevlada=x; login=y").as_deref(), Some("x"));
        assert_eq!(read("brevlada=x; brevlada=z"), None);
        assert_eq!(read("xbrevlada=x"), None);
    }
}
