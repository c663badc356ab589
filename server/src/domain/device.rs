//! Which browser, on which system: from the browser's own description of itself.

use std::fmt;
use std::str::FromStr;

/// A browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Microsoft's.
    Edge,
    /// Opera.
    Opera,
    /// Vivaldi.
    Vivaldi,
    /// Samsung's.
    SamsungInternet,
    /// Mozilla's.
    Firefox,
    /// Google's, and others that say so.
    Chrome,
    /// Apple's.
    Safari,
}

/// A system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Apple's telephone.
    IPhone,
    /// Apple's tablet.
    IPad,
    /// Android.
    Android,
    /// Windows.
    Windows,
    /// `ChromeOS`.
    ChromeOs,
    /// Apple's computers, and tablets that take themselves for one.
    Mac,
    /// Linux.
    Linux,
}

/// What each browser writes in its description, with its name and the word it is stored as. Most claim to be others too, so the order counts.
const BROWSERS: [(&str, Browser, &str, &str); 9] = [
    ("Edg", Browser::Edge, "Edge", "edge"),
    ("OPR/", Browser::Opera, "Opera", "opera"),
    ("Vivaldi", Browser::Vivaldi, "Vivaldi", "vivaldi"),
    (
        "SamsungBrowser",
        Browser::SamsungInternet,
        "Samsung Internet",
        "samsung",
    ),
    ("Firefox/", Browser::Firefox, "Firefox", "firefox"),
    ("FxiOS", Browser::Firefox, "Firefox", "firefox"),
    ("CriOS", Browser::Chrome, "Chrome", "chrome"),
    ("Chrome/", Browser::Chrome, "Chrome", "chrome"),
    ("Safari/", Browser::Safari, "Safari", "safari"),
];

const SYSTEMS: [(&str, System, &str, &str); 7] = [
    ("iPhone", System::IPhone, "iPhone", "iphone"),
    ("iPad", System::IPad, "iPad", "ipad"),
    ("Android", System::Android, "Android", "android"),
    ("Windows", System::Windows, "Windows", "windows"),
    ("CrOS", System::ChromeOs, "ChromeOS", "chromeos"),
    ("Mac OS X", System::Mac, "Mac", "mac"),
    ("Linux", System::Linux, "Linux", "linux"),
];

/// Stored where nothing is known.
const UNKNOWN: &str = "-";

impl Browser {
    /// As people call it.
    pub fn name(self) -> &'static str {
        named(&BROWSERS, self, |row| row.2)
    }
}

impl System {
    /// As people call it.
    pub fn name(self) -> &'static str {
        named(&SYSTEMS, self, |row| row.2)
    }
}

fn named<T: Copy + PartialEq>(
    rows: &[(&'static str, T, &'static str, &'static str)],
    one: T,
    what: impl Fn(&(&'static str, T, &'static str, &'static str)) -> &'static str,
) -> &'static str {
    rows.iter().find(|row| row.1 == one).map_or(UNKNOWN, what)
}

/// A browser on a system, as far as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Which browser.
    pub browser: Option<Browser>,
    /// On which system.
    pub system: Option<System>,
}

impl Device {
    /// From a `User-Agent`.
    pub fn of(description: &str) -> Self {
        Self {
            browser: BROWSERS.iter().find(|row| description.contains(row.0)).map(|row| row.1),
            system: SYSTEMS.iter().find(|row| description.contains(row.0)).map(|row| row.1),
        }
    }

    /// In words with the browser's version, `Chrome 140, Linux`: so that a person tells several of their own apart.
    pub fn in_words(description: &str) -> String {
        let device = Self::of(description);
        let known = BROWSERS.iter().find(|row| description.contains(row.0));
        match (known.and_then(|row| version(description, row.0)), device.browser) {
            (Some(version), Some(browser)) => {
                let name = format!("{} {version}", browser.name());
                device
                    .system
                    .map_or(name.clone(), |system| format!("{name}, {}", system.name()))
            }
            _ => device.to_string(),
        }
    }

    /// The form that is stored: `chrome/android`.
    pub fn word(self) -> String {
        let browser = self.browser.map_or(UNKNOWN, |one| named(&BROWSERS, one, |row| row.3));
        let system = self.system.map_or(UNKNOWN, |one| named(&SYSTEMS, one, |row| row.3));
        format!("{browser}/{system}")
    }
}

/// The first number of a browser's version, by what it writes in its description. Safari gives its own beside the name.
fn version<'d>(description: &'d str, written: &str) -> Option<&'d str> {
    let written = if written == "Safari/" { "Version/" } else { written };
    let (_, after) = description.split_once(written)?;
    // Of «Edg» there are «Edg/», «EdgA/» and «EdgiOS/».
    let after = after.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let after = after.strip_prefix('/').unwrap_or(after);
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    after.get(..digits).filter(|version| (1..=4).contains(&version.len()))
}

/// The stored form is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no browser and system that we know")]
pub struct NotADevice;

/// Reads the stored form.
impl FromStr for Device {
    type Err = NotADevice;

    fn from_str(word: &str) -> Result<Self, NotADevice> {
        fn read<T: Copy>(rows: &[(&str, T, &str, &str)], word: &str) -> Result<Option<T>, NotADevice> {
            if word == UNKNOWN {
                return Ok(None);
            }
            let row = rows.iter().find(|row| row.3 == word).ok_or(NotADevice)?;
            Ok(Some(row.1))
        }
        let (browser, system) = word.split_once('/').ok_or(NotADevice)?;
        Ok(Self {
            browser: read(&BROWSERS, browser)?,
            system: read(&SYSTEMS, system)?,
        })
    }
}

/// The same in every language: `Firefox, Linux`.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{}, {}", browser.name(), system.name()),
            (Some(browser), None) => f.write_str(browser.name()),
            (None, Some(system)) => f.write_str(system.name()),
            (None, None) => f.write_str("–"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_what_they_call_themselves() {
        for (description, shown) in [
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox, Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            ("curl/8.0", "–"),
            ("", "–"),
        ] {
            let device = Device::of(description);
            assert_eq!(device.to_string(), shown);
            assert_eq!(device.word().parse(), Ok(device), "{}", device.word());
        }
        assert_eq!("netscape/beos".parse::<Device>(), Err(NotADevice));
    }

    #[test]
    fn versions_tell_browsers_apart() {
        for (description, shown) in [
            (
                "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome 140, Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/141.0.0.0",
                "Edge 141, Android",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/139.1",
                "Edge 139, Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox 140, Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari 18, iPhone",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_5) FxiOS/141.0 Safari/605",
                "Firefox 141, iPad",
            ),
            ("Safari/604.1", "Safari"),
            ("Firefox/x", "Firefox"),
            ("Firefox/123456789", "Firefox"),
            ("curl/8.0", "–"),
        ] {
            assert_eq!(Device::in_words(description), shown, "{description}");
        }
    }
}
