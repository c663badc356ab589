//! Numbers of a configuration: how small and how big each may be.

use super::{Config, Problem};

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;
const GB: u64 = 1024 * MB;

/// What a number may be, and why.
#[derive(Clone)]
struct Bound {
    key: &'static str,
    value: u64,
    least: u64,
    most: u64,
    why: &'static str,
}

/// Every number that is too small or too big.
pub(super) fn problems(config: &Config) -> Vec<Problem> {
    bounds(config)
        .into_iter()
        .filter(|bound| !(bound.least..=bound.most).contains(&bound.value))
        .map(|bound| {
            let Bound {
                key,
                value,
                least,
                most,
                why,
            } = bound;
            Problem::new(key, format!("is {value}, but must be from {least} to {most}: {why}"))
        })
        .collect()
}

fn bounds(config: &Config) -> Vec<Bound> {
    [connections(config), deliveries(config), work(config)].concat()
}

fn bound(key: &'static str, value: u64, (least, most): (u64, u64), why: &'static str) -> Bound {
    Bound {
        key,
        value,
        least,
        most,
        why,
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn connections(config: &Config) -> Vec<Bound> {
    let held = "each is an open file, and some are always held by browsers or mediators that say nothing";
    let shared = "pages, deliveries and jobs each take one, and PostgreSQL gives all servers together 100 unless it is told otherwise";
    vec![
        bound(
            "web.max_connections",
            count(config.web.max_connections),
            (16, 100_000),
            held,
        ),
        bound(
            "service.max_connections",
            count(config.service.max_connections),
            (16, 100_000),
            held,
        ),
        bound(
            "database.max_connections",
            config.database.max_connections.into(),
            (4, 500),
            shared,
        ),
    ]
}

fn deliveries(config: &Config) -> Vec<Bound> {
    let service = &config.service;
    let request = count(service.max_request_bytes);
    let memory = "each may hold twice service.max_request_bytes";
    let size = "what is sent is some kilobytes at least, and is held in memory";
    vec![
        bound(
            "service.max_in_flight",
            count(service.max_in_flight),
            (1, 10_000),
            memory,
        ),
        bound(
            "service.max_in_flight_of_one",
            count(service.max_in_flight_of_one),
            (1, 10_000),
            memory,
        ),
        bound(
            "service.max_batch",
            count(service.max_batch),
            (1, 10_000),
            "all of a commit are answered together",
        ),
        bound(
            "service.max_messages",
            count(service.max_messages),
            (1, 10_000),
            "all of a delivery are stored together",
        ),
        bound("service.max_request_bytes", request, (16 * KB, GB), size),
        bound(
            "service.max_message_bytes",
            count(service.max_message_bytes),
            (KB, request),
            "a message travels in a request (service.max_request_bytes)",
        ),
        bound(
            "register.max_answer_bytes",
            count(config.register.max_answer_bytes),
            (16 * KB, GB),
            size,
        ),
    ]
}

fn work(config: &Config) -> Vec<Bound> {
    let sending = "with none nothing is ever sent, and each takes a connection to the mail server";
    let searching = "with none no letter is ever found, and each takes a processor";
    let reading = "with less no PDF can be read, and a hostile one takes what it may";
    let mail = "no mail server takes more, and few letters are smaller";
    let pixels = "it is said in pixels";
    vec![
        bound(
            "push.key",
            config.push.key.into(),
            (1, u32::MAX.into()),
            "key pairs are numbered from 1",
        ),
        bound("notice.at_once", count(config.notice.at_once), (1, 256), sending),
        bound("search.at_once", count(config.search.at_once), (1, 64), searching),
        bound(
            "search.reader_memory",
            config.search.reader_memory,
            (64 * MB, 64 * GB),
            reading,
        ),
        bound("keep.largest_mail", config.keep.largest_mail, (64 * KB, GB), mail),
        bound("saml.logo_width", config.saml.logo_width.into(), (1, 4096), pixels),
        bound("saml.logo_height", config.saml.logo_height.into(), (1, 4096), pixels),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variable: &str, value: &str) -> Vec<String> {
        let given = [(format!("BREVLADA__{variable}"), value.to_owned())];
        let found = problems(&Config::load(None, given).unwrap());
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_defaults_are_within_every_bound() {
        assert_eq!(problems(&Config::load(None, []).unwrap()), []);
    }

    #[test]
    fn what_would_stop_the_house_or_fill_it_is_told_with_what_may_be() {
        for (variable, value, part) in [
            (
                "DATABASE__MAX_CONNECTIONS",
                "0",
                "database.max_connections: is 0, but must be from 4 to 500",
            ),
            (
                "DATABASE__MAX_CONNECTIONS",
                "100000",
                "is 100000, but must be from 4 to 500",
            ),
            (
                "WEB__MAX_CONNECTIONS",
                "18446744073709551615",
                "must be from 16 to 100000",
            ),
            ("SERVICE__MAX_IN_FLIGHT", "0", "must be from 1 to 10000"),
            ("SERVICE__MAX_MESSAGE_BYTES", "99999999", "must be from 1024 to 8388608"),
            ("NOTICE__AT_ONCE", "0", "nothing is ever sent"),
            ("PUSH__KEY", "0", "numbered from 1"),
        ] {
            let said = told(variable, value);
            assert!(
                said.len() == 1 && said[0].contains(part),
                "{variable}={value}: {said:?}"
            );
        }
        assert_eq!(told("DATABASE__MAX_CONNECTIONS", "4"), [""; 0]);
    }
}
