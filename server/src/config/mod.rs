//! What an operator may decide: typed, checked, every key explained in `brevlada.default.toml`.
//!
//! Three layers, the later wins: the defaults that are compiled in, a file, the environment (`BREVLADA__SECTION__KEY`).
//! The defaults hold every key, so they are also the list of what is known: anything else is refused by name.

mod bounds;
mod check;
mod layers;
mod secret;
mod section;
pub(crate) mod span;

pub use secret::Secret;
pub(crate) use section::host;
pub(crate) use section::or_none;
pub use section::{
    Database, Keep, Keys, Log, LogFormat, Notice, Ops, Push, Register, Search, Service, Session, Sms, Smtp, Trust, Web,
};

use crate::login::config::{SamlConfig, StaffConfig};

use std::fmt;
use std::path::Path;

/// The documented defaults, as they are compiled in.
pub const DEFAULTS: &str = include_str!("../../brevlada.default.toml");

/// The file that is read when none is named and it exists.
pub const USUAL_FILE: &str = "brevlada.toml";

/// Everything an operator has decided.
#[derive(Clone, Debug)]
pub struct Config {
    /// The pages that people see.
    pub web: Web,
    /// Where mediators deliver letters.
    pub service: Service,
    /// Health and figures.
    pub ops: Ops,
    /// Where everything is kept.
    pub database: Database,
    /// The keys that seal it.
    pub keys: Keys,
    /// Whom we believe.
    pub trust: Trust,
    /// FaR and Authority.
    pub register: Register,
    /// Logging in.
    pub saml: SamlConfig,
    /// The staff's side.
    pub staff: StaffConfig,
    /// E-mail.
    pub smtp: Smtp,
    /// Text messages.
    pub sms: Sms,
    /// Notices to browsers.
    pub push: Push,
    /// How long a login lasts.
    pub session: Session,
    /// Notices and other work after a commit.
    pub notice: Notice,
    /// The index of search.
    pub search: Search,
    /// What people keep outside their mailbox, and pass on.
    pub keep: Keep,
    /// What is written to standard output.
    pub log: Log,
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, `web.public_url`; or a file's name when the file itself is the matter.
    pub key: String,
    /// What is wrong and what to do about it. Never holds the value of a secret.
    pub text: String,
}

impl Problem {
    pub(crate) fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.text)
    }
}

/// Why a configuration cannot be used: every problem, not only the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.0.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl Config {
    /// Reads the layers. `environment` is every variable of the process; other programs' are passed over.
    ///
    /// `file` was asked for by name and must exist; without it [`USUAL_FILE`] is read when it is there.
    ///
    /// # Errors
    /// Every unknown key, every value that cannot be what its key asks for, every secret's file that cannot be read.
    /// Whether the values fit the world (files, addresses, demonstration keys) is asked of [`Config::problems`].
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        Reading::of(file, environment).finish()
    }

    /// As [`Config::load`], and asks too whether it fits the world, for the service: every problem of both kinds.
    ///
    /// # Errors
    /// As [`Config::load`], and what [`Config::problems`] finds.
    pub fn load_for_service(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        Reading::of(file, environment).with(Self::problems).finish()
    }

    /// As [`Config::load_for_service`], and with what the service starts in spite of.
    ///
    /// # Errors
    /// As [`Config::load_for_service`], and what [`Config::warnings`] finds.
    pub fn check(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        Reading::of(file, environment)
            .with(Self::problems)
            .with(Self::warnings)
            .finish()
    }

    /// What the layers say, every key of it.
    fn read(read: &layers::Layers, problems: &mut Vec<Problem>) -> Self {
        let mut config = Self {
            web: read.section("web", problems),
            service: read.section("service", problems),
            ops: read.section("ops", problems),
            database: read.section("database", problems),
            keys: read.section("keys", problems),
            trust: read.section("trust", problems),
            register: read.section("register", problems),
            saml: read.section("saml", problems),
            staff: read.section("staff", problems),
            smtp: read.section("smtp", problems),
            sms: read.section("sms", problems),
            push: read.section("push", problems),
            session: read.section("session", problems),
            notice: read.section("notice", problems),
            search: read.section("search", problems),
            keep: read.section("keep", problems),
            log: read.section("log", problems),
        };
        config.read_secrets(problems);
        config
    }

    /// What does not fit the world: files that are missing, addresses that cannot be, demonstration keys where people
    /// are real. Empty when the service may start.
    pub fn problems(&self) -> Vec<Problem> {
        check::problems(self)
    }

    /// What the service starts in spite of, and people would notice.
    pub fn warnings(&self) -> Vec<Problem> {
        check::warnings(self)
    }

    /// Puts the contents of `*_file` in the place of the secret it stands for.
    fn read_secrets(&mut self, problems: &mut Vec<Problem>) {
        secret::from_file(
            &mut self.database.url,
            self.database.url_file.as_deref(),
            "database.url_file",
            problems,
        );
        secret::from_file(
            &mut self.smtp.password,
            self.smtp.password_file.as_deref(),
            "smtp.password_file",
            problems,
        );
        secret::from_file(
            &mut self.sms.password,
            self.sms.password_file.as_deref(),
            "sms.password_file",
            problems,
        );
    }
}

/// A configuration as far as it could be read, and what was wrong with it.
struct Reading {
    config: Config,
    problems: Vec<Problem>,
    file_is_missing: bool,
}

impl Reading {
    fn of(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut problems = Vec::new();
        let read = layers::Layers::read(file, environment, &mut problems);
        Self {
            config: Config::read(&read, &mut problems),
            problems,
            file_is_missing: read.file_is_missing,
        }
    }

    /// Adds what another look finds. Keys that could not be read are passed over, for only their defaults were looked at; so is
    /// everything when the file is not there.
    fn with(mut self, look: impl Fn(&Config) -> Vec<Problem>) -> Self {
        if !self.file_is_missing {
            let told = |key: &str| {
                let under = format!("{key}.");
                self.problems
                    .iter()
                    .any(|known| known.key == key || known.key.starts_with(&under))
            };
            let new: Vec<Problem> = look(&self.config)
                .into_iter()
                .filter(|found| !told(&found.key))
                .collect();
            self.problems.extend(new);
        }
        self
    }

    fn finish(self) -> Result<Config, Problems> {
        if self.problems.is_empty() {
            Ok(self.config)
        } else {
            Err(Problems(self.problems))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn defaults_alone_are_a_configuration() {
        let config = Config::load(None, []).unwrap();
        assert_eq!(config.web.listen.port(), 8080);
        assert_eq!(config.notice.retry.len(), 5);
        assert_eq!(config.smtp.user, None);
    }

    #[test]
    fn environment_wins_over_the_file_and_the_file_over_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        std::fs::write(&file, "[web]\nlisten = \"127.0.0.1:1\"\nsite_root = \"/srv/site\"\n").unwrap();
        let config = Config::load(
            Some(&file),
            env(&[("BREVLADA__WEB__LISTEN", "127.0.0.1:2"), ("PATH", "/bin")]),
        )
        .unwrap();
        assert_eq!(config.web.listen.port(), 2);
        assert_eq!(config.web.site_root, Path::new("/srv/site"));
        assert_eq!(config.ops.listen.port(), 9090);
    }

    #[test]
    fn lists_in_the_environment_are_separated_by_commas() {
        let config = Config::load(None, env(&[("BREVLADA__SAML__IDP_METADATA", "http://a/m, /etc/b.xml")])).unwrap();
        assert_eq!(config.saml.idp_metadata, ["http://a/m", "/etc/b.xml"]);
        let config = Config::load(None, env(&[("BREVLADA__NOTICE__RETRY", "")])).unwrap();
        assert!(config.notice.retry.is_empty());
    }

    #[test]
    fn unknown_keys_are_refused_by_name_with_the_nearest_known_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        std::fs::write(
            &file,
            "colour = 1\n[web]\nlissten = \"127.0.0.1:1\"\n[wbe]\nlisten = \"x\"\n",
        )
        .unwrap();
        let said = Config::load(Some(&file), env(&[("BREVLADA__SMTP__PASWORD", "hunter2")]))
            .unwrap_err()
            .to_string();
        for part in [
            "colour",
            "web.lissten",
            "did you mean web.listen?",
            "wbe",
            "smtp.pasword",
            "BREVLADA__SMTP__PASWORD",
        ] {
            assert!(said.contains(part), "{part} in:\n{said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[test]
    fn every_wrong_value_is_told_at_once() {
        let said = Config::load(
            None,
            env(&[
                ("BREVLADA__WEB__LISTEN", "everywhere"),
                ("BREVLADA__WEB__PUBLIC_URL", "not a url"),
                ("BREVLADA__NOTICE__AT_ONCE", "many"),
                ("BREVLADA__NOTICE__RETRY", "1m,soon"),
                ("BREVLADA__LOG__FORMAT", "yaml"),
            ]),
        )
        .unwrap_err();
        let keys: Vec<&str> = said.0.iter().map(|p| p.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "web.listen",
                "web.public_url",
                "notice.at_once",
                "notice.retry",
                "log.format"
            ],
            "{said}"
        );
    }

    #[test]
    fn the_source_is_a_web_address_or_none() {
        assert_eq!(Config::load(None, []).unwrap().web.source_url, None);
        let at = |address| Config::load(None, env(&[("BREVLADA__WEB__SOURCE_URL", address)]));
        assert!(at("https://kod.example.se/brevlada").unwrap().web.source_url.is_some());
        assert_eq!(at("javascript:alert(1)").unwrap_err().0.len(), 1);
    }

    #[test]
    fn a_value_of_the_wrong_kind_hides_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let given = [
            ("BREVLADA__WEB__LISTEN", "everywhere"),
            ("BREVLADA__SMTP__URL", "not a url"),
            ("BREVLADA__SERVICE__CERT_FILE", "/no/such.crt"),
            ("BREVLADA__LOG__LEVEL", "loud"),
            ("BREVLADA__WEB__SITE_ROOT", "/no/such/site"),
        ];
        let keys = |read: Result<Config, Problems>| -> Vec<String> {
            read.unwrap_err().0.into_iter().map(|problem| problem.key).collect()
        };
        let told = keys(Config::check(None, env(&given)));
        for key in [
            "web.listen",
            "smtp.url",
            "service.cert_file",
            "log.level",
            "web.site_root",
        ] {
            assert_eq!(told.iter().filter(|said| *said == key).count(), 1, "{key} in {told:?}");
        }
        assert!(!keys(Config::load_for_service(None, env(&given))).contains(&"web.site_root".to_owned()));

        let broken = folder.path().join("mine.toml");
        std::fs::write(&broken, "[web\n").unwrap();
        assert_eq!(
            keys(Config::check(Some(&broken), [])).len(),
            1,
            "the rest is in that file"
        );
    }

    #[test]
    fn secrets_come_from_files_and_never_show() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "hemligt\n").unwrap();
        let config = Config::load(None, env(&[("BREVLADA__SMTP__PASSWORD_FILE", file.to_str().unwrap())])).unwrap();
        assert_eq!(config.smtp.password.as_ref().unwrap().expose(), "hemligt");
        let shown = format!("{config:?}");
        assert!(!shown.contains("hemligt"), "{shown}");

        let both = env(&[
            ("BREVLADA__SMTP__PASSWORD", "x1"),
            ("BREVLADA__SMTP__PASSWORD_FILE", file.to_str().unwrap()),
        ]);
        let said = Config::load(None, both).unwrap_err().to_string();
        assert!(said.contains("smtp.password_file") && !said.contains("x1"), "{said}");
        let missing = Config::load(None, env(&[("BREVLADA__DATABASE__URL_FILE", "/no/such")]))
            .unwrap_err()
            .to_string();
        assert!(missing.contains("/no/such"), "{missing}");
    }

    #[test]
    fn a_gateway_elsewhere_cannot_report_to_this_machine() {
        let told = |given: &[(&str, &str)]| {
            let problems = Config::load(None, env(given)).unwrap().problems();
            problems.iter().any(|problem| problem.key == "sms.reports")
        };
        let elsewhere = ("BREVLADA__SMS__URL", "https://api.46elks.com/a1/sms");
        assert!(told(&[elsewhere]));
        assert!(!told(&[elsewhere, ("BREVLADA__SMS__REPORTS", "false")]));
        assert!(!told(&[
            elsewhere,
            ("BREVLADA__WEB__PUBLIC_URL", "https://brevlada.example.se")
        ]));
        assert!(!told(&[]));
    }

    #[test]
    fn a_named_file_that_is_missing_is_a_problem() {
        let said = Config::load(Some(Path::new("/no/such.toml")), [])
            .unwrap_err()
            .to_string();
        assert!(said.contains("/no/such.toml"), "{said}");
    }
}
