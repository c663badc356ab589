//! What an operator says on the command line, to the real program.

use crate::harness::{Database, Engine};
use infrastruktur::pki::Pki;
use server::clock::{Clock, Ids};
use server::house::House;
use server::seal::{Keys, Place};
use server::store;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use time::OffsetDateTime;

/// Demonstration certificates, made once: RSA keys take their time.
static PKI: LazyLock<Pki> = LazyLock::new(|| {
    Pki::open(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands-pki"),
        OffsetDateTime::now_utc(),
    )
    .unwrap()
});

/// A folder with an operator in it: what `make run` sets up, and ports of its own.
struct Operator {
    folder: TempDir,
    variables: Vec<(String, String)>,
    ops: SocketAddr,
}

impl Operator {
    /// With a configuration that is right, but without master keys.
    fn without_keys() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Held until all are found, so that they differ.
        let free: Vec<TcpListener> = (0..3).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let addresses: Vec<SocketAddr> = free.iter().map(|listener| listener.local_addr().unwrap()).collect();
        let pki = |file: &str| PKI.path(file).display().to_string();
        let inside = |file: &str| folder.path().join(file).display().to_string();
        let variables = [
            ("WEB__LISTEN", addresses[0].to_string()),
            ("WEB__SITE_ROOT", folder.path().display().to_string()),
            ("WEB__PUBLIC_URL", format!("http://localhost:{}", addresses[0].port())),
            ("SERVICE__LISTEN", addresses[1].to_string()),
            ("SERVICE__CERT_FILE", pki("brevlada-tls.crt")),
            ("SERVICE__KEY_FILE", pki("brevlada-tls.key")),
            ("OPS__LISTEN", addresses[2].to_string()),
            ("DATABASE__URL", format!("sqlite:{}", inside("brevlada.db"))),
            ("KEYS__MASTER_FILE", inside("master.toml")),
            ("TRUST__CLIENT_CA_FILE", pki("ca.crt")),
            ("TRUST__SIGNING_CA_FILE", pki("ca.crt")),
            ("REGISTER__CERT_FILE", pki("brevlada.crt")),
            ("REGISTER__KEY_FILE", pki("brevlada.key")),
            ("REGISTER__CA_FILE", pki("ca.crt")),
            // Nobody listens on port 1: the neighbours are all away.
            ("REGISTER__RECIPIENT_URL", "https://localhost:1/recipient/v3".to_owned()),
            ("REGISTER__AUTHORITY_URL", "https://localhost:1/authority".to_owned()),
            ("SAML__IDP_METADATA", "http://localhost:1/metadata".to_owned()),
            ("SAML__SIGNING_CERT_FILE", pki("saml-signing.crt")),
            ("SAML__SIGNING_KEY_FILE", pki("saml-signing.key")),
            ("SAML__ENCRYPTION_CERT_FILE", pki("saml-encryption.crt")),
            ("SAML__ENCRYPTION_KEY_FILE", pki("saml-encryption.key")),
            ("SMTP__URL", "smtp://127.0.0.1:1".to_owned()),
            ("LOG__FORMAT", "json".to_owned()),
        ];
        let variables = variables
            .into_iter()
            .map(|(key, value)| (format!("BREVLADA__{key}"), value))
            .collect();
        Self {
            folder,
            variables,
            ops: addresses[2],
        }
    }

    /// The same with demonstration keys.
    fn new() -> Self {
        let operator = Self::without_keys();
        assert!(operator.says(&["keys", "new", "--demonstration"]).status.success());
        operator
    }

    /// With another value for a key of the configuration.
    fn with(mut self, key: &str, value: &str) -> Self {
        self.variables.push((format!("BREVLADA__{key}"), value.to_owned()));
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brevlada"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .envs(self.variables.iter().cloned());
        command
    }

    fn says(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn starts(&self) -> Running {
        let child = self
            .command(&[])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running { child, ops: self.ops }
    }
}

/// A server in a process of its own; gone with the test.
struct Running {
    child: Child,
    ops: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Status and body from the operator's listener, once it answers.
    fn asked(&mut self, path: &str) -> (String, String) {
        let begun = Instant::now();
        loop {
            if let Ok(mut connection) = TcpStream::connect(self.ops) {
                write!(
                    connection,
                    "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                .unwrap();
                let mut answer = String::new();
                connection.read_to_string(&mut answer).unwrap();
                let (head, body) = answer.split_once("\r\n\r\n").unwrap();
                return (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned());
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "it ended: {}",
                self.rest_of(true)
            );
            assert!(begun.elapsed() < Duration::from_mins(1), "it does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn told(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn ended(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(40), "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything on its standard output, or its standard error.
    fn rest_of(&mut self, error: bool) -> String {
        let mut text = String::new();
        if error {
            self.child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        } else {
            for line in BufReader::new(self.child.stdout.take().unwrap()).lines() {
                text.push_str(&line.unwrap());
                text.push('\n');
            }
        }
        text
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_right_configuration_is_said_to_be_right() {
    let said = Operator::new().says(&["check-config"]);
    assert!(said.status.success(), "{}", text(&said.stderr));
    assert!(text(&said.stdout).contains("http://localhost:"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let operator = Operator::without_keys()
        .with("REGISTER__CERT_FILE", "/no/such.crt")
        .with("DATABASE__URL", "mysql://localhost")
        .with("SESSION__WARNING", "20m")
        .with("SMTP__URL", "smtp://mail.example.se")
        .with("LOG__LEVEL", "loud")
        .with("OPS__LISTEN", "everywhere")
        .with("DATABASE__MAX_CONNECTIONS", "0")
        .with(
            "SAML__LEVELS",
            "http://id.elegnamnden.se/loa/1.0/loa3,http://id.elegnamnden.se/loa/1.0/loa9",
        )
        .with("WEB__SITE_ROOT", "/no/such/site");
    let said = operator.says(&["check-config"]);
    assert_eq!(said.status.code(), Some(2));
    let problems = text(&said.stderr);
    for key in [
        "register.cert_file",
        "database.url",
        "session.warning",
        "smtp.url",
        "log.level",
        "keys.master_file",
        "ops.listen",
        "web.site_root",
        "database.max_connections",
        "saml.levels",
    ] {
        assert!(problems.contains(&format!("  {key}: ")), "{key} in\n{problems}");
    }
    assert!(
        problems.contains("brevlada keys new"),
        "what to do is said:\n{problems}"
    );
    assert!(
        problems.contains("«http://id.elegnamnden.se/loa/1.0/loa9» is no level of login"),
        "{problems}"
    );
}

#[test]
fn an_unknown_key_stops_every_command() {
    for words in [&["check-config"][..], &["serve"], &["migrate"], &["keys", "rotate"]] {
        let said = Operator::without_keys().with("WEB__LISSEN", "127.0.0.1:0").says(words);
        assert_eq!(said.status.code(), Some(2), "{words:?}");
        assert!(text(&said.stderr).contains("web.lissen"), "{}", text(&said.stderr));
    }
}

/// Demonstration keys are known to everybody. Each one that is used is named, and nothing is started.
#[test]
fn demonstration_keys_are_refused_when_people_come_from_elsewhere() {
    let operator = Operator::new().with("WEB__PUBLIC_URL", "https://brevlada.example.se");
    for words in [&["check-config"][..], &["serve"]] {
        let said = operator.says(words);
        assert_eq!(said.status.code(), Some(2), "{words:?}");
        let problems = text(&said.stderr);
        for key in [
            "service.cert_file",
            "trust.client_ca_file",
            "trust.signing_ca_file",
            "register.cert_file",
            "register.ca_file",
            "keys.master_file",
            "saml",
        ] {
            assert!(problems.contains(&format!("  {key}: ")), "{key} in\n{problems}");
        }
    }
    assert!(!operator.folder.path().join("brevlada.db").exists());
}

#[test]
fn people_elsewhere_need_https() {
    let said = Operator::new()
        .with("WEB__PUBLIC_URL", "http://brevlada.example.se")
        .says(&["check-config"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("Use https://"), "{}", text(&said.stderr));
}

#[test]
fn new_keys_are_for_their_owner_alone_and_never_replaced() {
    let operator = Operator::without_keys();
    assert!(operator.says(&["keys", "new"]).status.success());
    let file = operator.folder.path().join("master.toml");
    let first = std::fs::read(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let again = operator.says(&["keys", "new"]);
    assert!(!again.status.success());
    assert!(
        text(&again.stderr).contains("was left as it was"),
        "{}",
        text(&again.stderr)
    );
    assert_eq!(std::fs::read(&file).unwrap(), first);
    assert!(!text(&first).contains("demonstration = true"));
}

/// Mailboxes to rotate keys for, in a house whose database and master file an operator's commands use too.
struct Mailboxes {
    operator: Operator,
    house: House,
    ids: Vec<uuid::Uuid>,
    _database: Database,
}

impl Mailboxes {
    async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let operator = Operator::new().with("DATABASE__URL", &database.url);
        let keys = Keys::load(&operator.folder.path().join("master.toml")).unwrap();
        let house = House::new(database.db.clone(), keys, Clock::system());
        let now = house.clock.now();
        let mut ids = Vec::new();
        let mut tx = house.db.begin().await.unwrap();
        // More than one batch.
        for number in 0_u32..1_200 {
            let id = Ids.at(now);
            let (key, wrapped) = house.keys.new_mailbox_key(Ids, &id).unwrap();
            let new = store::mailbox::NewMailbox {
                id,
                holder_index: house.keys.blind_index("holder", &number.to_string()),
                holder: key
                    .seal(Ids, &Place::of("mailbox", &id, "holder"), number.to_string().as_bytes())
                    .unwrap(),
                wrapped,
                language: "sv".to_owned(),
                terms: "1".to_owned(),
                opened_at: now,
            };
            store::mailbox::insert(&mut tx, new).await.unwrap();
            ids.push(id);
        }
        tx.commit().await.unwrap();
        Some(Self {
            operator,
            house,
            ids,
            _database: database,
        })
    }

    /// The holders, each opened with its mailbox's key, and the master keys that wrap those.
    async fn opened(&self) -> (Vec<String>, Vec<u32>) {
        let mut tx = self.house.db.read().await.unwrap();
        let (mut holders, mut versions) = (Vec::new(), Vec::new());
        for id in &self.ids {
            let row = store::mailbox::by_id(&mut tx, *id).await.unwrap().unwrap();
            let key = self.house.keys.unwrap(id, &row.wrapped).unwrap();
            holders.push(text(
                &key.open(&Place::of("mailbox", id, "holder"), &row.holder).unwrap(),
            ));
            versions.push(row.wrapped.version);
        }
        versions.dedup();
        (holders, versions)
    }
}

on_both_databases! {
    /// A server that runs meanwhile, here the test's own house, reads what is wrapped anew without being told.
    async fn rotated_keys_open_what_was_there_before(mailboxes: Mailboxes) {
        let (before, versions) = mailboxes.opened().await;
        assert_eq!(versions, [1]);
        let said = mailboxes.operator.says(&["keys", "rotate"]);
        assert!(said.status.success(), "{}", text(&said.stderr));
        assert!(text(&said.stdout).contains("1200 mailboxes have it now"), "{}", text(&said.stdout));
        assert_eq!(mailboxes.opened().await, (before, vec![2]));
        let listed = text(&mailboxes.operator.says(&["keys", "list"]).stdout);
        assert_eq!(listed, "  1  wraps the keys of 0 mailboxes\n  2  wraps the keys of 1200 mailboxes, in use for new ones\n");
    }

    /// Stopped after the new key was added, and before everything was wrapped with it: the next call finishes that one.
    async fn a_rotation_that_was_stopped_is_finished_by_the_next(mailboxes: Mailboxes) {
        mailboxes.house.keys.add_version(Ids).unwrap();
        let said = mailboxes.operator.says(&["keys", "rotate"]);
        assert!(text(&said.stdout).contains("Finished an earlier rotation: 1200 mailboxes more"), "{}", text(&said.stdout));
        assert_eq!(mailboxes.opened().await.1, [2]);
        assert!(mailboxes.operator.says(&["keys", "rotate"]).status.success());
        assert_eq!(mailboxes.opened().await.1, [3]);
    }
}

/// Starts though every neighbour is away, says so, and stops when asked, with everything finished.
#[test]
fn the_server_starts_says_how_it_is_and_stops_when_asked() {
    let operator = Operator::new();
    let mut running = operator.starts();
    assert_eq!(running.asked("/livez").0, "200");
    let (status, body) = running.asked("/readyz");
    assert_eq!(status, "503", "nobody can log in yet: {body}");
    for line in [
        "{\"check\":\"database\",\"ready\":true}",
        "{\"check\":\"migrations\",\"ready\":true}",
    ] {
        assert!(body.contains(line), "{body}");
    }
    assert!(
        body.contains("identity-providers") && body.contains("senders"),
        "{body}"
    );
    let (status, figures) = running.asked("/metrics");
    assert_eq!(status, "200");
    assert!(figures.contains("process_cpu_seconds_total"), "{figures}");

    running.told("-TERM");
    let status = running.ended();
    let log = running.rest_of(false);
    assert!(status.success(), "{status}: {log}{}", running.rest_of(true));
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        lines
            .iter()
            .any(|line| line["message"] == "stopped, with everything finished"),
        "{log}"
    );
    assert!(lines.iter().all(|line| line["level"] != "ERROR"), "{log}");
}

#[test]
fn a_taken_address_is_named() {
    let operator = Operator::new();
    let _taken = TcpListener::bind(operator.ops).unwrap();
    let said = operator.says(&["serve"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said.stderr).contains("ops.listen"), "{}", text(&said.stderr));
}

#[test]
fn waiting_work_is_listed_and_failed_work_can_be_tried_again() {
    let operator = Operator::new();
    for words in [["jobs", "list"], ["jobs", "retry"], ["keys", "list"]] {
        let said = operator.says(&words);
        assert!(
            !said.status.success() && text(&said.stderr).contains("brevlada.db"),
            "{words:?}"
        );
        assert!(
            !operator.folder.path().join("brevlada.db").exists(),
            "looking makes no database"
        );
    }
    assert!(operator.says(&["migrate"]).status.success());
    let said = operator.says(&["jobs", "list"]);
    assert!(said.status.success(), "{}", text(&said.stderr));
    assert!(text(&said.stdout).contains("Nothing waits"), "{}", text(&said.stdout));
    assert!(text(&operator.says(&["jobs", "retry"]).stdout).starts_with("0 jobs"));
}

/// `brevlada jobs list | head -1`, with a reader that goes away before the first word: what was asked is done, and nobody is told of a pipe.
#[test]
fn a_reader_who_goes_away_ends_nothing_but_the_reading() {
    let operator = Operator::new();
    let said_to_nobody = |words: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = operator.command(words).stdout(writer).stderr(Stdio::piped()).spawn();
        child.unwrap().wait_with_output().unwrap()
    };
    for words in [
        &["migrate"][..],
        &["check-config"],
        &["jobs", "list"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["text", "list"],
        &["text", "show", "--kind", "help", "--name", "kom-igang"],
        &["feedback", "list"],
        &["search", "status"],
    ] {
        let said = said_to_nobody(words);
        assert!(said.status.success(), "{words:?}: {}", text(&said.stderr));
        assert_eq!(text(&said.stderr), "", "{words:?}");
    }
    let listed = text(&operator.says(&["keys", "list"]).stdout);
    assert!(
        listed.contains("  2  wraps the keys of 0 mailboxes, in use"),
        "{listed}"
    );

    // Whoever listened on both has no use for what is wrong, either; the code tells it.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut wrong = operator.command(&["check-config"]);
    wrong.env("BREVLADA__LOG__LEVEL", "loud");
    wrong.stdout(writer.try_clone().unwrap()).stderr(writer);
    assert_eq!(wrong.status().unwrap().code(), Some(2));

    // Nothing can be written here although somebody may want to read it.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let said = operator.command(&["jobs", "list"]).stdout(full).output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(
        text(&said.stderr).starts_with("brevlada: standard output: "),
        "{}",
        text(&said.stderr)
    );
}

/// Requests as anybody can send them, with what people type in them: the real program's log names the routes, and repeats nothing.
#[test]
fn the_programs_log_repeats_nothing_of_what_is_sent_to_it() {
    let operator = Operator::new().with("LOG__LEVEL", "trace");
    let web = operator
        .variables
        .iter()
        .find(|(name, _)| name == "BREVLADA__WEB__LISTEN")
        .unwrap()
        .1
        .clone();
    let mut running = operator.starts();
    running.asked("/livez");
    let requests = [
        "GET /sok?q=191212121212 HTTP/1.1\r\nHost: localhost\r\nCookie: session=kakan\r\nX-Request-Id: hemlig\r\n",
        "GET /brev/191212121212/bilaga/0/hemlig.pdf HTTP/1.1\r\nHost: localhost\r\nUser-Agent: hemlig\r\n",
        "GET /hemlig/väg HTTP/1.1\r\nHost: hemlig\r\n",
        "POST /logga-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n",
        "POST /saml/acs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n",
    ];
    for request in requests {
        let mut connection = TcpStream::connect(&web).unwrap();
        write!(connection, "{request}Connection: close\r\n\r\nidp=hemlig").unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        assert!(!answer.is_empty());
    }
    running.told("-TERM");
    running.ended();
    let log = running.rest_of(false) + &running.rest_of(true);
    assert!(log.matches("\"answered\"").count() >= requests.len(), "{log}");
    for secret in ["191212121212", "hemlig", "kakan"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(
            line.is_none(),
            "«{secret}» must not be in the log: {}",
            line.unwrap_or_default()
        );
    }
}

/// Mail servers throw a report away after any other error than this one.
#[test]
fn a_bounce_that_cannot_be_taken_in_is_to_be_brought_again() {
    let bounce = |operator: &Operator, report: &str| {
        let mut child = operator
            .command(&["bounce"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // One that does not even look at it may have ended before.
        let _ = child.stdin.take().unwrap().write_all(report.as_bytes());
        child.wait().unwrap().code()
    };
    let report = include_str!("files/bounces/postfix-gone-failed.eml");
    assert_eq!(bounce(&Operator::new(), report), Some(75), "no database yet");
    let unknown = Operator::new().with("LOG__FORMAT", "runes");
    assert_eq!(bounce(&unknown, report), Some(75), "no configuration");
    let operator = Operator::new();
    assert!(operator.says(&["migrate"]).status.success());
    assert_eq!(bounce(&operator, "Subject: Semester\n\nHej"), Some(0), "no report");
    assert_eq!(bounce(&operator, report), Some(0), "not ours");
}

/// Added, listed, locked; what a local account needs is shown once; a password comes from standard input alone, and is no short one.
#[test]
fn staff_are_kept_by_command() {
    let operator = Operator::new();
    assert!(text(&operator.says(&["staff", "list"]).stdout).starts_with("Nobody"));
    let add = [
        "staff",
        "add",
        "--login",
        "anna.ek@5599999017",
        "--name",
        "Anna Ek",
        "--roles",
        "support,editor",
    ];
    let said = operator.says(&add);
    assert!(said.status.success(), "{}", text(&said.stderr));
    assert_eq!(text(&said.stdout), "Added.\n", "there is nothing to show");
    assert!(!operator.says(&add).status.success(), "a login is one person's");
    assert!(operator.says(&[&add[..], &["--or-leave"]].concat()).status.success());

    let local = [
        "staff",
        "add",
        "--login",
        "drift",
        "--name",
        "Drift",
        "--roles",
        "operations",
    ];
    let shown = text(&operator.says(&local).stdout);
    assert!(
        shown.contains("  password  ")
            && shown.contains("otpauth://totp/localhost")
            && shown.contains("&algorithm=SHA1"),
        "{shown}"
    );
    let reset = |password: &str| {
        let mut child = operator
            .command(&["staff", "reset", "--login", "drift", "--ask-password"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let said = reset("kort\n");
    assert!(
        !said.status.success() && text(&said.stderr).contains("14 to 200"),
        "{}",
        text(&said.stderr)
    );
    let said = reset("ett riktigt långt lösenord\n");
    assert!(said.status.success(), "{}", text(&said.stderr));
    assert!(!text(&said.stdout).contains("password") && !text(&said.stdout).contains("riktigt"));

    assert!(operator.says(&["staff", "lock", "--login", "drift"]).status.success());
    assert!(
        operator
            .says(&["staff", "roles", "--login", "drift", "--roles", ""])
            .status
            .success()
    );
    let listed = text(&operator.says(&["staff", "list"]).stdout);
    assert!(
        listed.contains("drift (Drift) no roles") && listed.contains(", locked"),
        "{listed}"
    );
    assert!(
        listed.contains("anna.ek@5599999017 (Anna Ek) support editor"),
        "{listed}"
    );
    for wrong in [&["--login", "ingen"][..], &["--login", "Å"]] {
        assert!(!operator.says(&[&["staff", "lock"], wrong].concat()).status.success());
    }
}

/// Walked by command, which ends with 1 when something does not hold, and says what.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_walked_by_command() {
    let operator = Operator::new();
    assert!(operator.says(&["migrate"]).status.success());
    assert!(text(&operator.says(&["audit", "verify"]).stdout).starts_with("The audit log is empty"));
    assert!(operator.says(&["keys", "rotate"]).status.success());
    assert!(operator.says(&["keys", "rotate"]).status.success());
    let said = operator.says(&["audit", "verify"]);
    let told = text(&said.stdout);
    assert!(
        said.status.success() && told.starts_with("Whole: 2 rows"),
        "{told}{}",
        text(&said.stderr)
    );
    let mark = told.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(operator.says(&["audit", "verify", "--mark", &mark]).status.success());
    let other = mark.replace("2:", "1:");
    let said = operator.says(&["audit", "verify", "--mark", &other]);
    assert!(
        text(&said.stderr).contains("does not hold what was noted"),
        "{}",
        text(&said.stderr)
    );

    let url = format!("sqlite:{}", operator.folder.path().join("brevlada.db").display());
    let db = server::db::Db::open(&url).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.execute("UPDATE audit SET object = '9' WHERE number = 1", vec![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    let said = operator.says(&["audit", "verify"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(
        text(&said.stderr).contains("row 1 is not what was written"),
        "{}",
        text(&said.stderr)
    );
}
