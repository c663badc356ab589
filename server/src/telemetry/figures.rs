//! Figures for Prometheus: what the parts count, and the process itself.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// Bounds of every histogram of seconds, from a cached page to a slow mail server.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Bounds of histograms of counts, as of letters in a commit.
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

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
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_letters".to_owned()), &COUNTS)?
        .install_recorder()
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
        let mut one = |name: &str, kind: &str, value: String| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}\n");
        };
        one(
            "process_resident_memory_bytes",
            "gauge",
            self.resident_bytes.to_string(),
        );
        one("process_cpu_seconds_total", "counter", self.cpu_seconds.to_string());
        one("process_threads", "gauge", self.threads.to_string());
        one("process_open_fds", "gauge", self.open_files.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_things_and_the_process_are_shown() {
        let figures = figures();
        metrics::counter!("brevlada_tested_total").increment(2);
        metrics::histogram!("brevlada_tested_seconds").record(0.003);
        let text = figures.render();
        assert!(text.contains("brevlada_tested_total 2"), "{text}");
        assert!(
            text.contains("brevlada_tested_seconds_bucket{le=\"0.005\"} 1"),
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
