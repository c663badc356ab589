//! Figures for Prometheus: what the parts count, and the process itself.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// Bounds of every histogram of seconds, from a cached page to a slow mail server.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Bounds of histograms of counts, as of letters in a commit.
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// What each counted thing means, for whoever reads `/metrics`. `docs/operations.md` says what to be alarmed by.
const MEANINGS: &[(&str, &str)] = &[
    (
        "brevlada_requests_total",
        "Answered requests to the pages and to the service, by route and status.",
    ),
    ("brevlada_request_seconds", "How long an answer took, by route."),
    (
        "brevlada_logins_total",
        "Logins, by outcome: logged_in, cancelled, suspected, level, no_number, expired, technical, busy.",
    ),
    ("brevlada_notices_total", "Notices, by channel and outcome."),
    (
        "brevlada_sms_reports_total",
        "Reports of the text message gateway, by outcome: arrived, failed, nothing-new, too-early, not-ours, unreadable, busy, fault.",
    ),
    ("brevlada_letters_indexed_total", "Letters made searchable."),
    (
        "brevlada_leavers_total",
        "Holders who FaR said have gone to another operator, or to none.",
    ),
    (
        "brevlada_refused_connections_total",
        "Connections to the pages and to ops closed because there was no room for more.",
    ),
    (
        "brevlada_cross_site_refused_total",
        "Requests refused because another site had sent them.",
    ),
    (
        "brevlada_saml_metadata_failures_total",
        "Tries to renew identity providers' metadata that failed.",
    ),
    (
        "brevlada_authority_age_seconds",
        "Age of the list of senders and mediators from Authority when it was last asked for.",
    ),
    (
        "brevlada_own_certificate_days_left",
        "Whole days until the first of our own certificates ends; less than nothing when one is over or cannot be read.",
    ),
    ("brevlada_jobs_total", "Finished tries of jobs, by kind and outcome."),
    (
        "brevlada_intake_deliveries_total",
        "Deliveries, by outcome; refused is the sender's fault, failed is ours.",
    ),
    ("brevlada_intake_seconds", "How long a delivery took, by outcome."),
    (
        "brevlada_intake_refused_connections_total",
        "Connections closed because service.max_connections were open.",
    ),
    ("brevlada_intake_batch_letters", "Letters in one commit."),
    (
        "brevlada_intake_calls_forgotten_total",
        "Calls that no trace will find, because more came than could be written beside the letters.",
    ),
    (
        "brevlada_staff_local_logins_total",
        "Uses of local accounts of the staff, by outcome: logged_in, wrong, wait. Each is a reason to look.",
    ),
    (
        "brevlada_staff_logins_total",
        "Logins of staff with e-legitimation, by outcome: logged_in, unknown, or as brevlada_logins_total has them.",
    ),
    (
        "brevlada_staff_denied_total",
        "Things that somebody of the staff asked for and had no role to do.",
    ),
    (
        "brevlada_audit_broken_total",
        "Rows written after the end of the audit log had been changed from outside.",
    ),
];

/// What `/metrics` shows.
#[derive(Clone)]
pub struct Figures(Option<PrometheusHandle>);

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Figures")
    }
}

/// The figures of this process. The first call begins the counting.
pub fn figures() -> Figures {
    static THE_ONE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    Figures(
        THE_ONE
            .get_or_init(|| match begin() {
                Ok(handle) => Some(handle),
                Err(error) => {
                    tracing::error!(%error, "figures cannot be kept; /metrics shows the process only");
                    None
                }
            })
            .clone(),
    )
}

fn begin() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_letters".to_owned()), &COUNTS)?
        .install_recorder()?;
    for (name, meaning) in MEANINGS.iter().copied() {
        // The exporter shows a description whatever kind it was given for.
        metrics::describe_counter!(name, meaning);
    }
    Ok(handle)
}

impl Figures {
    /// Prometheus' text form of everything.
    pub fn render(&self) -> String {
        let mut text = String::new();
        if let Some(handle) = &self.0 {
            handle.run_upkeep();
            text = handle.render();
        }
        if let Some(process) = Process::read() {
            process.write(&mut text);
        }
        text
    }
}

/// What the system says of this process.
struct Process {
    resident_bytes: u64,
    cpu_seconds: f64,
    threads: u64,
    open_files: u64,
}

impl Process {
    /// Reads `/proc/self`; none where there is no such thing.
    fn read() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':')
                .split_whitespace()
                .next()?
                .parse::<u64>()
                .ok()
        };
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // The name, in parentheses, may hold spaces; user and system time are the 12th and 13th field after it.
        let mut ticks = stat
            .rsplit(')')
            .next()?
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|t| t.parse::<u32>().ok());
        let ticks = f64::from(ticks.next()?) + f64::from(ticks.next()?);
        let open_files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        Some(Self {
            resident_bytes: field("VmRSS")? * 1024,
            // Linux tells user space a hundredth of a second a tick, whatever the kernel's own rate is.
            cpu_seconds: ticks / 100.0,
            threads: field("Threads")?,
            open_files: u64::try_from(open_files).unwrap_or(u64::MAX),
        })
    }

    fn write(&self, text: &mut String) {
        let mut one = |name: &str, kind: &str, meaning: &str, value: String| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {meaning}\n# TYPE {name} {kind}\n{name} {value}\n");
        };
        one(
            "process_resident_memory_bytes",
            "gauge",
            "Memory in use, in bytes.",
            self.resident_bytes.to_string(),
        );
        one(
            "process_cpu_seconds_total",
            "counter",
            "Processor time used, in seconds.",
            self.cpu_seconds.to_string(),
        );
        one("process_threads", "gauge", "Threads.", self.threads.to_string());
        one(
            "process_open_fds",
            "gauge",
            "Open files and connections.",
            self.open_files.to_string(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One prefix, and a meaning for each: whoever reads them at night has not read the source.
    #[test]
    fn everything_that_is_counted_has_a_meaning() {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut counted = std::collections::BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("telemetry/figures.rs") {
                    let code = std::fs::read_to_string(&path).unwrap();
                    for kind in ["counter!(\"", "gauge!(\"", "histogram!(\""] {
                        let names = code.split(kind).skip(1).filter_map(|rest| rest.split('"').next());
                        counted.extend(names.map(str::to_owned));
                    }
                }
            }
        }
        let meant: std::collections::BTreeSet<_> = MEANINGS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(counted, meant);
        assert!(counted.iter().all(|name| name.starts_with("brevlada_")), "{counted:?}");
    }

    #[test]
    fn counted_things_and_the_process_are_shown() {
        let figures = figures();
        metrics::counter!("brevlada_tested_total").increment(2);
        metrics::histogram!("brevlada_tested_seconds").record(0.003);
        metrics::histogram!("brevlada_intake_seconds", "outcome" => "delivered").record(0.003);
        let text = figures.render();
        assert!(text.contains("brevlada_tested_total 2"), "{text}");
        assert!(
            text.contains("brevlada_tested_seconds_bucket{le=\"0.005\"} 1"),
            "{text}"
        );
        assert!(
            text.contains("# HELP brevlada_intake_seconds How long a delivery took"),
            "{text}"
        );
        assert!(text.contains("# TYPE process_cpu_seconds_total counter"), "{text}");
        let resident = text
            .lines()
            .find_map(|l| l.strip_prefix("process_resident_memory_bytes "))
            .unwrap();
        assert!(resident.parse::<u64>().unwrap() > 1_000_000, "{resident}");
    }
}
