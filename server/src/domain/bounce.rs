//! What a mail server says of a mail that it could not deliver: a delivery status notification (RFC 3464, in the report of RFC 6522).
//!
//! The reader takes what a hostile sender may write: it looks for a few lines in a bounded text, and never fails otherwise than by saying
//! that this is no such notification.

/// How deep parts may lie in parts.
const DEPTH: usize = 4;

/// What a server did with a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It has given up.
    Failed,
    /// It goes on trying, or has passed it on.
    Other,
}

/// One recipient's part of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// What was done.
    pub action: Action,
    /// `5.1.1` (RFC 3463).
    pub status: String,
    /// What it says of why, when it says anything.
    pub diagnostic: Option<String>,
    /// Those are the words of the server that refused it, not of the one that reports.
    pub answered: bool,
}

impl Status {
    /// Whether the address will never take anything: given up for a permanent reason that speaks of the address or its mailbox, not of
    /// the network, of a moment, or of us. Gives the number that says so.
    ///
    /// Exim writes `5.0.0` whatever it was told, and so does Postfix of an answer without such a number: then the refusing server's own
    /// words count.
    pub fn for_good(&self) -> Option<String> {
        if self.action != Action::Failed || !self.status.starts_with("5.") {
            return None;
        }
        if self.status != "5.0.0" {
            return is_of_the_address(&self.status).then(|| self.status.clone());
        }
        let words = self.answered.then_some(self.diagnostic.as_deref()).flatten()?;
        refusal(words)
    }
}

/// The number for an address that takes nothing, and never will, in a server's answer: `5.1.1` of `550 5.1.1 No such user`, `550` of
/// `550 No such user`; nothing when trying again may help.
///
/// Of SMTP's permanent answers only those that speak of the address count (RFC 5321, 4.2.3), and not those whose second number says
/// that a server does not want *us*, or that the mailbox is only full.
pub fn refusal(answer: &str) -> Option<String> {
    let (code, rest) = answer.split_at_checked(3)?;
    if !matches!(code, "550" | "551" | "553") {
        return None;
    }
    match rest.split_whitespace().next().filter(|word| is_status(word)) {
        Some("5.0.0") | None => Some(code.to_owned()),
        Some(status) if ["5.1.", "5.2.", "5.7."].iter().any(|class| status.starts_with(class)) => {
            is_of_the_address(status).then(|| status.to_owned())
        }
        Some(status) => Some(status.to_owned()),
    }
}

/// Whether a permanent status says that the address takes nothing, and never will (RFC 3463, 3.2 and 3.3). Of those about addresses
/// 5.1.7 and 5.1.8 speak of ours; of those about mailboxes only a closed one is for good: one that is full is emptied.
pub(super) fn is_of_the_address(status: &str) -> bool {
    match status.strip_prefix("5.1.") {
        Some(detail) => !matches!(detail, "7" | "8"),
        None => status == "5.2.1",
    }
}

/// Three numbers with dots between them.
pub(super) fn is_status(word: &str) -> bool {
    let is_number = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    word.split('.').count() == 3 && word.split('.').all(is_number)
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The addresses that the notification itself was sent to, by its headers: one of them is our return path.
    pub sent_to: Vec<String>,
    /// What became of the mail, recipient by recipient.
    pub statuses: Vec<Status>,
}

/// Reads a message; nothing when it is no delivery status notification.
pub fn read(message: &str) -> Option<Bounce> {
    let message = message.replace("\r\n", "\n");
    let part = Part::of(&message);
    let statuses = statuses(&part, DEPTH)?;
    let sent_to = ["to", "delivered-to", "x-original-to", "envelope-to"]
        .iter()
        .flat_map(|name| part.all(name))
        .flat_map(|value| value.split(','))
        .map(|address| match address.rsplit_once('<') {
            Some((_, rest)) => rest.trim_end().trim_end_matches('>').to_owned(),
            None => address.trim().to_owned(),
        })
        .collect();
    Some(Bounce { sent_to, statuses })
}

/// The statuses of the first part that has them.
fn statuses(part: &Part<'_>, depth: usize) -> Option<Vec<Status>> {
    let kind = part.first("content-type").unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(
        media_type.as_str(),
        "message/delivery-status" | "message/global-delivery-status"
    ) {
        // The first group speaks of the message, each other of a recipient.
        let groups = part.body.split("\n\n").map(Fields::read);
        let found: Vec<Status> = groups.filter_map(|fields| status(&fields)).collect();
        return (!found.is_empty()).then_some(found);
    }
    if !media_type.starts_with("multipart/") || depth == 0 {
        return None;
    }
    let boundary = format!("--{}", boundary(kind)?);
    part.body.split(boundary.as_str()).skip(1).find_map(|inner| {
        statuses(
            &Part::of(inner.trim_start_matches([' ', '\t']).strip_prefix('\n')?),
            depth - 1,
        )
    })
}

fn status(fields: &Fields) -> Option<Status> {
    let action = match fields.first("action")?.trim().to_ascii_lowercase().as_str() {
        "failed" => Action::Failed,
        _ => Action::Other,
    };
    let status = fields.first("status")?.split_whitespace().next()?.to_owned();
    let (kind, diagnostic) = match fields.first("diagnostic-code") {
        Some(value) => value.split_once(';').unwrap_or(("", value)),
        None => ("", ""),
    };
    let diagnostic = diagnostic.split_whitespace().collect::<Vec<_>>().join(" ");
    is_status(&status).then(|| Status {
        action,
        status,
        answered: kind.trim().eq_ignore_ascii_case("smtp"),
        diagnostic: Some(diagnostic).filter(|words| !words.is_empty()),
    })
}

/// The boundary of a multipart's `Content-Type`.
fn boundary(content_type: &str) -> Option<String> {
    let (_, rest) = content_type
        .char_indices()
        .find(|(at, _)| {
            content_type
                .get(*at..*at + "boundary=".len())
                .is_some_and(|word| word.eq_ignore_ascii_case("boundary="))
        })
        .and_then(|(at, _)| content_type.split_at_checked(at + "boundary=".len()))?;
    let value = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', ' ', '\t', '\n']).next(),
    }?;
    (!value.is_empty() && value.len() <= 70).then(|| value.to_owned())
}

/// Header fields, unfolded.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(fields)
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A message, or a part of one.
struct Part<'a> {
    fields: Fields,
    body: &'a str,
}

impl<'a> Part<'a> {
    fn of(text: &'a str) -> Self {
        let (head, body) = match text.strip_prefix('\n') {
            Some(body) => ("", body),
            None => text.split_once("\n\n").unwrap_or((text, "")),
        };
        Self {
            fields: Fields::read(head),
            body,
        }
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.fields.first(name)
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.all(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POSTFIX: &str = "From: MAILER-DAEMON@post.example (Mail Delivery System)\r\n\
        To: studs+00ff@brevlada.example\r\n\
        Subject: Undelivered Mail Returned to Sender\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"8D6B.1/post.example\"\r\n\
        \r\n\
        This is a MIME-encapsulated message.\r\n\
        \r\n\
        --8D6B.1/post.example\r\n\
        Content-Description: Notification\r\n\
        Content-Type: text/plain; charset=us-ascii\r\n\
        \r\n\
        Action: failed is only told here, and is no status\r\n\
        \r\n\
        --8D6B.1/post.example\r\n\
        Content-Description: Delivery report\r\n\
        Content-Type: message/delivery-status\r\n\
        \r\n\
        Reporting-MTA: dns; post.example\r\n\
        Arrival-Date: Fri, 15 Jan 2027 09:00:00 +0100 (CET)\r\n\
        \r\n\
        Final-Recipient: rfc822; anna@borta.example\r\n\
        Original-Recipient: rfc822;anna@borta.example\r\n\
        Action: failed\r\n\
        Status: 5.1.1\r\n\
        Remote-MTA: dns; mx.borta.example\r\n\
        Diagnostic-Code: smtp; 550 5.1.1 <anna@borta.example>: Recipient address\r\n    rejected: User unknown\r\n\
        \r\n\
        --8D6B.1/post.example\r\n\
        Content-Type: text/rfc822-headers\r\n\
        \r\n\
        Subject: Du har fått ett nytt brev\r\n\
        \r\n\
        --8D6B.1/post.example--\r\n";

    #[test]
    fn a_report_in_the_form_of_postfix_is_read() {
        let bounce = read(POSTFIX).unwrap();
        assert_eq!(bounce.sent_to, ["studs+00ff@brevlada.example"]);
        assert_eq!(bounce.statuses.len(), 1);
        let status = &bounce.statuses[0];
        assert_eq!(
            (status.action, status.status.as_str(), status.for_good().as_deref()),
            (Action::Failed, "5.1.1", Some("5.1.1"))
        );
        assert_eq!(
            status.diagnostic.as_deref(),
            Some("550 5.1.1 <anna@borta.example>: Recipient address rejected: User unknown")
        );
    }

    #[test]
    fn a_delay_and_a_policy_are_not_for_good() {
        let delayed = read(
            &POSTFIX
                .replace("Action: failed\r\n", "Action: delayed\r\n")
                .replace("Status: 5.1.1", "Status: 4.4.1"),
        );
        assert!(delayed.unwrap().statuses[0].for_good().is_none());
        for status in ["5.7.1", "5.4.4", "4.2.2", "5.2.2", "5.1.8"] {
            let told = read(&POSTFIX.replace("Status: 5.1.1", &format!("Status: {status}"))).unwrap();
            assert!(told.statuses[0].for_good().is_none(), "{status}");
        }
    }

    #[test]
    fn what_is_no_report_is_none() {
        for message in [
            "",
            "Subject: Semester\n\nJag är borta",
            "Content-Type: multipart/report\n\nx",
            "Content-Type: message/delivery-status\n\nx",
        ] {
            assert_eq!(read(message), None, "{message}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in ".{0,200}", at in 0..POSTFIX.len(), cut in 0..40_usize) {
            let _ = read(&text);
            let mut changed = POSTFIX.as_bytes().to_vec();
            changed.splice(at..(at + cut).min(POSTFIX.len()), text.bytes());
            let _ = read(&String::from_utf8_lossy(&changed));
        }
    }
}
