//! What the house says about itself: logs, request ids, figures.
//!
//! The rule for logs: **never a personal number, a name, an address, a subject, a body, a token or a key.** Ids of rows,
//! codes of errors, counts and times are what a log may hold. A thing that goes wrong is logged once, at the edge, with the
//! request id that the person's error page shows. The test `tests/it/log.rs` runs the usual flows and looks through the log.

mod figures;
mod request;

pub use figures::{Figures, figures};
pub use request::{REQUEST_ID, RequestId, Route, trace};

use crate::config::{Log, LogFormat};
use std::io::IsTerminal as _;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, filter};

/// Reads a level (`info`), or levels by part (`info,server::intake=debug`).
///
/// # Errors
/// What is wrong with it, for the operator.
pub fn filter(level: &str) -> Result<EnvFilter, String> {
    let wrong = |why: &dyn std::fmt::Display| {
        format!(
            "«{level}» is not a log level: {why}. Write error, warn, info, debug or trace; by part: server::intake=debug"
        )
    };
    // A word without a level would be taken for the name of a part, and everything else silenced.
    for part in level.split(',').map(str::trim).filter(|part| !part.contains('=')) {
        // Nothing at all would be read as «error».
        if part.is_empty() || part.parse::<LevelFilter>().is_err() {
            return Err(wrong(&format_args!("«{part}» is none")));
        }
    }
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(level)
        .map_err(|error| wrong(&error))
}

/// Begins logging to standard output. A second call does nothing: the first one holds for the process.
pub fn start(log: &Log) {
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stdout().is_terminal(),
    };
    let set = if json {
        tracing::subscriber::set_global_default(to_json(&log.level, std::io::stdout))
    } else {
        tracing::subscriber::set_global_default(to_text(&log.level))
    };
    if set.is_err() {
        tracing::debug!("logging was begun already");
    }
}

/// One JSON object a line, into `writer`.
pub fn to_json<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync + for<'a> LookupSpan<'a> + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer)
        .with_filter(filter::filter_fn(may_be_logged));
    tracing_subscriber::registry().with(chosen(level)).with(lines)
}

/// For eyes.
fn to_text(level: &str) -> impl Subscriber + Send + Sync + for<'a> LookupSpan<'a> + use<> {
    let lines = tracing_subscriber::fmt::layer().with_filter(filter::filter_fn(may_be_logged));
    tracing_subscriber::registry().with(chosen(level)).with(lines)
}

fn chosen(level: &str) -> EnvFilter {
    // The configuration was checked before; what slips past falls back to the default.
    filter(level).unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Below info, other people's code logs what it carries (frames, mail, statements): that is never let through, whatever
/// level is asked for. Our own code keeps to the rule.
fn may_be_logged(event: &Metadata<'_>) -> bool {
    const OURS: [&str; 4] = ["server", "brevlada", "contracts", "app"];
    let part = event.target().split("::").next().unwrap_or_default();
    *event.level() <= tracing::Level::INFO || OURS.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_json_and_carries_the_request_id() {
        let paper = Paper::default();
        let writer = paper.clone();
        tracing::subscriber::with_default(to_json("debug", move || writer.clone()), || {
            let span = tracing::info_span!("request", request_id = "0f5c");
            let _inside = span.enter();
            tracing::info!(status = 200, "answered");
            tracing::debug!(target: "lettre::transport", "RCPT TO:<anna@example.se>");
        });
        let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<serde_json::Value> = written.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines.len(), 1, "{written}");
        assert_eq!(lines[0]["span"]["request_id"], "0f5c");
        assert_eq!(lines[0]["status"], 200);
        assert_eq!(lines[0]["message"], "answered");
    }

    #[test]
    fn levels_are_checked() {
        assert!(filter("info,server::intake=debug").is_ok());
        assert!(filter("off").is_ok());
        assert!(filter("loud=very").is_err());
        assert!(filter("loud").unwrap_err().contains("server::intake=debug"));
        assert!(filter("info,server").is_err());
        assert!(filter("").is_err());
    }
}
