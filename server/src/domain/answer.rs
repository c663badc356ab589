//! What the other side's answer to a notice means, for people: the first numbers of a mail server (RFC 5321, RFC 3463) or of the gateway
//! for text messages. Its own words are for those who mend mail servers.

use super::bounce::{is_of_the_address, is_status, refusal};
use super::channel::Channel;

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It took the message.
    Taken,
    /// There is no such address, or it takes nothing any more.
    NoSuchAddress,
    /// The receiver's mailbox is full.
    Full,
    /// Not at that moment.
    NotNow,
    /// It does not want messages from us, or of this kind.
    NotWanted,
    /// It did not take the message; why does not follow from its numbers.
    NotTaken,
}

/// Reads an answer as it was kept.
pub fn meaning(channel: Channel, answer: &str) -> Meaning {
    // A report of a mail that came back may name the protocol before the number: “smtp; 550 …”.
    let answer = answer.split_once(';').map_or(answer, |(protocol, rest)| {
        if protocol.trim().eq_ignore_ascii_case("smtp") {
            rest.trim_start()
        } else {
            answer
        }
    });
    let words: Vec<&str> = answer
        .split([' ', '-'])
        .filter(|word| !word.is_empty())
        .take(2)
        .collect();
    let is_code = |word: &&&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = words.first().filter(is_code).copied().unwrap_or_default();
    match channel {
        Channel::Sms => of_the_gateway(code, answer),
        Channel::Email => {
            let status = words.iter().copied().find(|word| is_status(word)).unwrap_or_default();
            of_a_mail_server(code, status, answer)
        }
    }
}

fn of_the_gateway(code: &str, answer: &str) -> Meaning {
    match code.bytes().next() {
        Some(b'2') => Meaning::Taken,
        Some(b'5') => Meaning::NotNow,
        _ if code == "403" && answer.contains("Invalid to number") => Meaning::NoSuchAddress,
        _ => Meaning::NotTaken,
    }
}

fn of_a_mail_server(code: &str, status: &str, answer: &str) -> Meaning {
    let of = |detail: &str| status.get(1..).is_some_and(|status| status.starts_with(detail));
    // A report may hold the second number alone.
    match code.bytes().chain(status.bytes()).next() {
        Some(b'2') => Meaning::Taken,
        Some(b'4' | b'5') if of(".2.2") || matches!(code, "452" | "552") => Meaning::Full,
        Some(b'4') => Meaning::NotNow,
        Some(b'5') if refusal(answer).is_some() || is_of_the_address(status) => Meaning::NoSuchAddress,
        Some(b'5') if of(".7.") => Meaning::NotWanted,
        _ => Meaning::NotTaken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_mail_servers_mean_something_to_people() {
        for (answer, means) in [
            ("250 caught", Meaning::Taken),
            ("250 2.0.0 Ok: queued as 4F1", Meaning::Taken),
            ("550 5.1.1 No such user", Meaning::NoSuchAddress),
            ("smtp; 550 no such mailbox", Meaning::NoSuchAddress),
            ("552 5.2.2 Over quota", Meaning::Full),
            ("452 4.2.2 Over quota", Meaning::Full),
            ("451 4.7.1 Greylisted", Meaning::NotNow),
            ("550 5.7.1 Relaying denied", Meaning::NotWanted),
            ("5.1.1", Meaning::NoSuchAddress),
            ("550-5.1.1 No such user", Meaning::NoSuchAddress),
            ("554 no", Meaning::NotTaken),
            ("åäö", Meaning::NotTaken),
            ("", Meaning::NotTaken),
        ] {
            assert_eq!(meaning(Channel::Email, answer), means, "{answer}");
        }
    }

    #[test]
    fn so_do_those_of_the_gateway() {
        for (answer, means) in [
            ("200 created s70df", Meaning::Taken),
            ("403 Invalid to number", Meaning::NoSuchAddress),
            ("403 Not enough credits", Meaning::NotTaken),
            ("503 busy", Meaning::NotNow),
            ("delivered", Meaning::NotTaken),
        ] {
            assert_eq!(meaning(Channel::Sms, answer), means, "{answer}");
        }
    }
}
