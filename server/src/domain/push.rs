//! Where a browser takes notices (Web Push, RFC 8030): an endpoint of its maker's push service, and the keys that only the browser can open
//! with (RFC 8291).

use super::device::Device;
use super::loopback::is_loopback;
use aws_lc_rs::agreement::{ECDH_P256, ParsedPublicKey, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// The longest endpoint that is taken, in bytes. Those of Windows are the longest, some 700.
const LONGEST: usize = 2048;

/// A point on P-256, uncompressed.
pub const POINT: usize = 65;

/// The secret that a browser shares with us, RFC 8291, section 3.2.
pub const AUTH: usize = 16;

/// Why what was given is no subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASubscription {
    /// The endpoint is no address that could be one.
    #[error("not an endpoint")]
    Endpoint,
    /// `p256dh` is no point on the curve, or `auth` not 16 bytes.
    #[error("not the keys of a browser")]
    Keys,
    /// What is stored is something else.
    #[error("not a stored subscription")]
    Stored,
}

/// Where a push service takes messages for one browser. That its host may be called is another question: [`Services::take`].
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// The address to post to.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme and host, for which a message is signed (RFC 8292, section 2).
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl FromStr for Endpoint {
    type Err = NotASubscription;

    /// An https address of a named host on its usual port, without login or fragment. On the machine itself everything will do.
    fn from_str(text: &str) -> Result<Self, NotASubscription> {
        let wrong = NotASubscription::Endpoint;
        if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong);
        }
        let url = Url::parse(text).map_err(|_| wrong)?;
        let outside = url.scheme() == "https" && url.port().is_none() && matches!(url.host(), Some(Host::Domain(_)));
        let here = matches!(url.scheme(), "http" | "https") && is_loopback(&url);
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        // What is kept is the address as it reads then, with its signs escaped: it must be one that can be read again.
        let fits = url.as_str().len() <= LONGEST;
        if fits && plain && (outside || here) {
            Ok(Self(url))
        } else {
            Err(wrong)
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Endpoint(…)")
    }
}

/// A host of push services, as the configuration names it: `web.push.apple.com`, or `*.notify.windows.com` for every host under that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    name: String,
    below: bool,
}

impl HostPattern {
    fn fits(&self, host: &str) -> bool {
        if self.below {
            host.strip_suffix(&self.name)
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        } else {
            host == self.name
        }
    }
}

/// That names no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a host, push.example.com, or *.example.com for every host under it")]
pub struct NotAHost;

impl FromStr for HostPattern {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        let (name, below) = text.strip_prefix("*.").map_or((text, false), |name| (name, true));
        let plain = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        match Host::parse(name) {
            // A star over a top domain would let in everybody.
            Ok(Host::Domain(host)) if host == name && plain && name.contains('.') => Ok(Self {
                name: name.to_owned(),
                below,
            }),
            _ => Err(NotAHost),
        }
    }
}

impl<'de> Deserialize<'de> for HostPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| serde::de::Error::custom(format!("«{text}»: {error}")))
    }
}

/// The push services that may be called. An endpoint is whatever a browser says, so without a closed list anybody could have us call
/// anything. Asked when a browser is added and again each time something is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Services {
    /// Their hosts.
    pub hosts: Vec<HostPattern>,
    /// The machine itself too: only where people can come from nowhere else.
    pub loopback: bool,
}

impl Services {
    /// Whether an endpoint is one of theirs.
    pub fn take(&self, endpoint: &Endpoint) -> bool {
        if is_loopback(&endpoint.0) {
            return self.loopback;
        }
        let host = endpoint.0.host_str().unwrap_or_default();
        self.hosts.iter().any(|pattern| pattern.fits(host))
    }

    /// No browser can be added.
    pub fn are_none(&self) -> bool {
        self.hosts.is_empty() && !self.loopback
    }
}

/// A browser that takes notices. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PushAddress {
    endpoint: Endpoint,
    p256dh: [u8; POINT],
    auth: [u8; AUTH],
    key: u32,
    device: Device,
}

impl PushAddress {
    /// From what a browser gives (base64url, as its `toJSON` writes it), the number of our key that it was subscribed with, and the browser.
    pub fn given(
        endpoint: &str,
        (p256dh, auth): (&str, &str),
        key: u32,
        device: Device,
    ) -> Result<Self, NotASubscription> {
        let endpoint = endpoint.parse()?;
        let p256dh: [u8; POINT] = bytes(p256dh)?;
        let is_point = ParsedPublicKey::try_from(UnparsedPublicKey::new(&ECDH_P256, &p256dh)).is_ok();
        // 4 marks an uncompressed point, which is what the form of a message asks for.
        if p256dh.first() != Some(&4) || !is_point {
            return Err(NotASubscription::Keys);
        }
        Ok(Self {
            endpoint,
            p256dh,
            auth: bytes(auth)?,
            key,
            device,
        })
    }

    /// Where messages are posted.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The browser's public key.
    pub fn p256dh(&self) -> &[u8; POINT] {
        &self.p256dh
    }

    /// The secret that it shares with us.
    pub fn auth(&self) -> &[u8; AUTH] {
        &self.auth
    }

    /// The number of our key that it was subscribed with, and takes messages under.
    pub fn key(&self) -> u32 {
        self.key
    }

    /// Which browser it is.
    pub fn device(&self) -> Device {
        self.device
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NotASubscription> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotASubscription::Keys)?;
    bytes.try_into().map_err(|_| NotASubscription::Keys)
}

/// The form that is stored.
impl fmt::Display for PushAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p256dh, auth) = (URL_SAFE_NO_PAD.encode(self.p256dh), URL_SAFE_NO_PAD.encode(self.auth));
        write!(
            f,
            "{} {p256dh} {auth} {} {}",
            self.endpoint.0,
            self.key,
            self.device.word()
        )
    }
}

/// Reads the form that is stored.
impl FromStr for PushAddress {
    type Err = NotASubscription;

    fn from_str(text: &str) -> Result<Self, NotASubscription> {
        let mut parts = text.split(' ');
        let mut next = || parts.next().ok_or(NotASubscription::Stored);
        let (endpoint, p256dh, auth) = (next()?, next()?, next()?);
        let key = next()?.parse().map_err(|_| NotASubscription::Stored)?;
        let device = next()?.parse().map_err(|_| NotASubscription::Stored)?;
        Self::given(endpoint, (p256dh, auth), key, device)
    }
}

impl fmt::Debug for PushAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // The receiver of RFC 8291, section 5.
    const P256DH: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
    const GOOGLE: &str = "https://fcm.googleapis.com/fcm/send/dXNlcg:APA91b";

    fn services(hosts: &[&str], loopback: bool) -> Services {
        Services {
            hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
            loopback,
        }
    }

    #[test]
    fn a_subscription_is_kept_and_read_again_and_shows_nothing() {
        let device = Device::of("Chrome/140 Android");
        let given = PushAddress::given(GOOGLE, (P256DH, AUTH), 3, device).unwrap();
        assert_eq!(given.to_string().parse(), Ok(given.clone()));
        assert_eq!((given.key(), given.device()), (3, device));
        assert_eq!(given.endpoint().origin(), "https://fcm.googleapis.com");
        let shown = format!("{given:?}");
        assert!(!shown.contains("fcm") && !shown.contains("BCVx"), "{shown}");
    }

    #[test]
    fn keys_are_a_point_on_the_curve_and_sixteen_bytes() {
        let read = |p256dh: &str, auth: &str| PushAddress::given(GOOGLE, (p256dh, auth), 1, Device::default());
        let off_the_curve = format!("{}A", &P256DH[..P256DH.len() - 1]);
        for (p256dh, auth) in [
            (off_the_curve.as_str(), AUTH),
            (&P256DH[..40], AUTH),
            ("", AUTH),
            (P256DH, ""),
            (P256DH, "BTBZMqHH6r4Tts7J_aSI"),
            (P256DH, "BTBZMqHH6r4Tts7J/aSIgg"),
        ] {
            assert_eq!(read(p256dh, auth), Err(NotASubscription::Keys), "{p256dh} {auth}");
        }
    }

    #[test]
    fn only_the_push_services_that_are_named_are_called() {
        let usual = services(
            &[
                "fcm.googleapis.com",
                "*.push.services.mozilla.com",
                "web.push.apple.com",
                "*.notify.windows.com",
            ],
            false,
        );
        for (endpoint, taken) in [
            (GOOGLE, true),
            ("https://updates.push.services.mozilla.com/wpush/v2/gAAA", true),
            ("https://web.push.apple.com/QGu", true),
            ("https://wns2-par02p.notify.windows.com/w/?token=BQY", true),
            ("https://FCM.googleapis.com/x", true),
            ("https://push.services.mozilla.com/x", false),
            ("https://evil-notify.windows.com/x", false),
            ("https://notify.windows.com.example.se/x", false),
            ("https://.notify.windows.com/x", false),
            ("https://fcm.googleapis.com.example.se/x", false),
            ("https://example.se/fcm.googleapis.com", false),
            ("https://localhost/x", false),
            ("http://127.0.0.1:8027/push/x", false),
        ] {
            let endpoint_read = endpoint.parse::<Endpoint>();
            assert_eq!(endpoint_read.is_ok_and(|it| usual.take(&it)), taken, "{endpoint}");
        }
        for endpoint in [
            "http://fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://user@fcm.googleapis.com/x",
            "https://fcm.googleapis.com/x#y",
            "https://10.0.0.1/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "https://fcm.googleapis.com/å",
            "https://fcm.googleapis.com/a b",
            "",
        ] {
            assert_eq!(
                endpoint.parse::<Endpoint>(),
                Err(NotASubscription::Endpoint),
                "{endpoint}"
            );
        }
        let here: Endpoint = "http://127.0.0.1:8027/push/x".parse().unwrap();
        assert!(services(&[], true).take(&here) && !services(&["fcm.googleapis.com"], false).take(&here));
        assert!(services(&[], false).are_none());
    }

    #[test]
    fn a_pattern_names_a_host_or_those_under_it() {
        for wrong in [
            "",
            "*",
            "*.com",
            "com",
            "*.*.example.com",
            "https://push.example.com",
            "10.0.0.1",
            "Push.example.com",
        ] {
            assert_eq!(wrong.parse::<HostPattern>(), Err(NotAHost), "{wrong}");
        }
    }

    /// Signs that are written longer than they came: what is kept must fit too, or nobody could read it again.
    #[test]
    fn what_grows_too_long_when_it_is_written_down_is_none() {
        let escaped = |count: usize| format!("https://fcm.googleapis.com/{}", "\"".repeat(count)).parse::<Endpoint>();
        assert!(escaped(600).is_ok());
        assert_eq!(escaped(1_900), Err(NotASubscription::Endpoint));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_https_or_this_machine(text in "(https?://)?[a-z0-9@:./#\"å\\[\\]-]{0,40}\"{0,2000}") {
            if let Ok(endpoint) = text.parse::<Endpoint>() {
                prop_assert!(endpoint.url().scheme() == "https" || is_loopback(endpoint.url()));
                prop_assert_eq!(endpoint.url().as_str().parse::<Endpoint>(), Ok(endpoint));
            }
        }
    }
}
