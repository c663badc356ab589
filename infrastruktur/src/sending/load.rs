//! Many deliveries over kept-alive connections, with rates and percentiles.
//!
//! Everything is signed before the clock starts: what is measured is the mailbox, not the sender.

use super::{Letter, Mediator, SendError};
use bytes::Bytes;
use contracts::identifier::{OrganisationNumber, RecipientId};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use url::Url;
use uuid::Uuid;

/// What to send.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who sends.
    pub sender: OrganisationNumber,
    /// Whom the letters are for, in turn; at least one.
    pub recipients: Vec<RecipientId>,
    /// How many deliveries.
    pub count: usize,
    /// Over how many connections at once.
    pub connections: usize,
    /// Bytes of text in each letter.
    pub size: usize,
}

/// What became of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Answered `Delivered=true`.
    pub delivered: usize,
    /// Answered `Delivered=false`.
    pub not_delivered: usize,
    /// Answered with a fault, by number.
    pub faults: BTreeMap<u16, usize>,
    /// Not answered, by reason.
    pub broken: BTreeMap<String, usize>,
    /// Bytes of one request.
    pub request_bytes: usize,
    /// Time that signing took, before the clock started.
    pub signing: Duration,
    /// Time from the first request to the last answer.
    pub elapsed: Duration,
    /// Time of each answer, sorted.
    pub latencies: Vec<Duration>,
}

impl Report {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        let answers = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        f64::from(answers) / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// The time within which this many in a hundred were answered.
    pub fn percentile(&self, percent: usize) -> Duration {
        let at = (self.latencies.len() * percent).div_ceil(100).saturating_sub(1);
        self.latencies.get(at).copied().unwrap_or_default()
    }

    /// Whether every letter has arrived.
    pub fn is_clean(&self) -> bool {
        self.not_delivered == 0 && self.faults.is_empty() && self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |d: Duration| d.as_secs_f64() * 1_000.0;
        writeln!(f, "delivered      {}", self.delivered)?;
        if self.not_delivered > 0 {
            writeln!(f, "not delivered  {} (no open mailbox there)", self.not_delivered)?;
        }
        for (number, count) in &self.faults {
            writeln!(f, "fault {number:<8} {count}")?;
        }
        for (reason, count) in &self.broken {
            writeln!(f, "no answer      {count}: {reason}")?;
        }
        writeln!(
            f,
            "request        {} bytes, signed beforehand in {:.1} s",
            self.request_bytes,
            self.signing.as_secs_f64()
        )?;
        writeln!(f, "elapsed        {:.2} s", self.elapsed.as_secs_f64())?;
        writeln!(f, "rate           {:.0} deliveries/s", self.per_second())?;
        write!(
            f,
            "latency        p50 {:.1} ms   p90 {:.1} ms   p99 {:.1} ms   max {:.1} ms",
            ms(self.percentile(50)),
            ms(self.percentile(90)),
            ms(self.percentile(99)),
            ms(self.percentile(100)),
        )
    }
}

/// Asks FaR for the first recipient's mailbox, signs everything, and sends.
pub async fn run(mediator: &Mediator, plan: &Plan) -> Result<Report, SendError> {
    let Some(first) = plan.recipients.first() else {
        return Ok(Report::default());
    };
    let address = mediator.reach(plan.sender, *first).await?;
    run_at(mediator, plan, &address).await
}

/// As [`run`], at an address that is known.
pub async fn run_at(mediator: &Mediator, plan: &Plan, address: &Url) -> Result<Report, SendError> {
    let begun = Instant::now();
    let requests: Arc<[Bytes]> = sign(mediator, plan).await?.into();
    let mut report = Report {
        signing: begun.elapsed(),
        request_bytes: requests.first().map_or(0, Bytes::len),
        ..Report::default()
    };
    let mut connections = Vec::new();
    for _ in 0..plan.connections.clamp(1, plan.count.max(1)) {
        connections.push(mediator.connect(address).await?);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    let begun = Instant::now();
    for mut connection in connections {
        let (requests, next, mediator, address) = (
            Arc::clone(&requests),
            Arc::clone(&next),
            mediator.clone(),
            address.clone(),
        );
        workers.spawn(async move {
            let mut outcomes = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                let answer = mediator.post(&mut connection, request.clone()).await;
                let broken = matches!(answer, Err(SendError::Http(_)));
                outcomes.push((begun.elapsed(), answer));
                if broken {
                    // The mailbox has let go of the connection; the rest goes over another one.
                    match mediator.connect(&address).await {
                        Ok(new) => connection = new,
                        Err(_) => break,
                    }
                }
            }
            outcomes
        });
    }
    while let Some(worker) = workers.join_next().await {
        for (latency, answer) in worker.unwrap_or_default() {
            report.count(latency, answer);
        }
    }
    report.elapsed = begun.elapsed();
    report.latencies.sort_unstable();
    Ok(report)
}

impl Report {
    fn count(&mut self, latency: Duration, answer: Result<contracts::service::DeliveryResult, SendError>) {
        match answer {
            Ok(result) if result.delivered => self.delivered += 1,
            Ok(_) => self.not_delivered += 1,
            Err(SendError::Mailbox(fault)) => *self.faults.entry(fault.number).or_default() += 1,
            Err(error) => {
                *self.broken.entry(error.to_string()).or_default() += 1;
                return;
            }
        }
        self.latencies.push(latency);
    }
}

/// Signs on every core, in the order of the plan.
async fn sign(mediator: &Mediator, plan: &Plan) -> Result<Vec<Bytes>, SendError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = plan.count.div_ceil(cores).max(1);
    let mut shares = Vec::new();
    for from in (0..plan.count).step_by(share) {
        let (mediator, plan) = (mediator.clone(), plan.clone());
        shares.push(tokio::task::spawn_blocking(move || {
            let numbers = from..(from + share).min(plan.count);
            numbers
                .map(|n| mediator.prepare(&letter(&plan, n).to_delivery()))
                .collect::<Result<Vec<_>, _>>()
        }));
    }
    let mut requests = Vec::with_capacity(plan.count);
    for share in shares {
        // A share that panicked is missing from the report; the count says so.
        requests.extend(share.await.unwrap_or_else(|_| Ok(Vec::new()))?);
    }
    Ok(requests)
}

/// Letter `n`: another id each time, so that none is taken for a duplicate.
fn letter(plan: &Plan, n: usize) -> Letter {
    const SENTENCE: &str = "Det här är ett brev i ett belastningsprov, och det betyder ingenting. ";
    let recipient = plan.recipients.get(n % plan.recipients.len().max(1)).copied();
    let text: String = SENTENCE.chars().cycle().take(plan.size).collect();
    let body = Letter::text(text.get(..floor(&text, plan.size)).unwrap_or(&text));
    let recipient = recipient.unwrap_or(RecipientId::Organisation(plan.sender));
    Letter::new(
        plan.sender,
        recipient,
        Uuid::new_v4().to_string(),
        &format!("Belastningsprov {}", n + 1),
        body,
    )
}

/// The largest place not after `at` where a text may be cut.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let report = Report {
            latencies: (1..=200).map(Duration::from_millis).collect(),
            elapsed: Duration::from_secs(2),
            ..Report::default()
        };
        assert_eq!(report.percentile(50), Duration::from_millis(100));
        assert_eq!(report.percentile(99), Duration::from_millis(198));
        assert_eq!(report.percentile(100), Duration::from_millis(200));
        assert!((report.per_second() - 100.0).abs() < 0.001);
    }

    #[test]
    fn letters_have_the_size_that_was_asked_for_and_other_ids() {
        let plan = Plan {
            sender: "162021004748".parse().unwrap(),
            recipients: vec!["191212121212".parse().unwrap()],
            count: 2,
            connections: 1,
            size: 1_000,
        };
        let (a, b) = (letter(&plan, 0), letter(&plan, 1));
        assert!((997..=1_000).contains(&a.body.content.len()));
        assert_ne!(a.id, b.id);
    }
}
