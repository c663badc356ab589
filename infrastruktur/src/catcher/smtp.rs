//! A small SMTP server (RFC 5321) that accepts mail for anybody, since it never leaves the machine.
//!
//! Two kinds of address fail, so that failures can be tried: `studs@…` is refused for good (550), `senare@…` for now (451).

use super::{Caught, Kind, Message, mime};
use crate::clock::Clock;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// RFC 5321, 4.5.3.1.4, and room for extensions.
const LONGEST_COMMAND: u64 = 2_048;
/// RFC 5321, 4.5.3.1.8: at least this many.
const MOST_RECIPIENTS: usize = 100;
/// RFC 5321, 4.5.3.2.7.
const PATIENCE: Duration = Duration::from_mins(5);

/// Serves until `stop`; conversations that have begun are let finish.
pub async fn serve(listener: TcpListener, caught: Caught, clock: Clock, max_size: usize, stop: CancellationToken) {
    let conversations = TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "SMTP: a connection was not accepted");
                    continue;
                }
            },
        };
        let (caught, clock, stop) = (caught.clone(), clock.clone(), stop.clone());
        conversations.spawn(async move {
            let (reader, writer) = stream.into_split();
            let mut conversation = Conversation::new(BufReader::new(reader), writer, max_size);
            tokio::select! {
                () = stop.cancelled() => {}
                ended = conversation.run(&caught, &clock) => if let Err(error) = ended {
                    tracing::debug!(%error, "SMTP: a conversation broke off");
                },
            }
        });
    }
    conversations.close();
    conversations.wait().await;
}

struct Conversation<R, W> {
    reader: BufReader<R>,
    writer: W,
    max_size: usize,
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Conversation<R, W> {
    fn new(reader: BufReader<R>, writer: W, max_size: usize) -> Self {
        Self {
            reader,
            writer,
            max_size,
            greeted: false,
            from: None,
            to: Vec::new(),
        }
    }

    async fn run(&mut self, caught: &Caught, clock: &Clock) -> io::Result<()> {
        self.say("220 localhost brevlada demonstration SMTP").await?;
        loop {
            let Some(line) = self.line().await? else { return Ok(()) };
            let Ok(line) = line else {
                self.say("500 line too long").await?;
                continue;
            };
            let (verb, argument) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    self.begin();
                    let size = format!("250-SIZE {}", self.max_size);
                    for reply in ["250-localhost", &size, "250-PIPELINING", "250-8BITMIME"] {
                        self.say(reply).await?;
                    }
                    self.say("250 SMTPUTF8").await?;
                }
                "HELO" => {
                    self.begin();
                    self.say("250 localhost").await?;
                }
                "MAIL" => {
                    let reply = self.mail(argument);
                    self.say(reply).await?;
                }
                "RCPT" => {
                    let reply = self.rcpt(argument);
                    self.say(reply).await?;
                }
                "DATA" if self.to.is_empty() => self.say("503 no receiver yet").await?,
                "DATA" => {
                    self.say("354 go on, end with a dot").await?;
                    let reply = self.data(caught, clock).await?;
                    self.say(reply).await?;
                }
                "RSET" => {
                    self.reset();
                    self.say("250 forgotten").await?;
                }
                "NOOP" => self.say("250 still here").await?,
                "VRFY" => self.say("252 send, and we will see").await?,
                "QUIT" => return self.say("221 goodbye").await,
                _ => self.say("500 unknown command").await?,
            }
        }
    }

    fn begin(&mut self) {
        self.greeted = true;
        self.reset();
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn mail(&mut self, argument: &str) -> &'static str {
        if !self.greeted {
            return "503 EHLO first";
        }
        if self.from.is_some() {
            return "503 a mail has begun; RSET to forget it";
        }
        let Some((address, parameters)) = path(argument, "FROM:") else {
            return "501 MAIL FROM:<address>";
        };
        let declared = parameters
            .split(' ')
            .find_map(|p| p.to_ascii_uppercase().strip_prefix("SIZE=").map(str::to_owned));
        if declared
            .and_then(|s| s.parse::<usize>().ok())
            .is_some_and(|size| size > self.max_size)
        {
            return "552 too large";
        }
        self.from = Some(address);
        "250 ok"
    }

    fn rcpt(&mut self, argument: &str) -> &'static str {
        if self.from.is_none() {
            return "503 MAIL first";
        }
        let Some((address, _)) = path(argument, "TO:") else {
            return "501 RCPT TO:<address>";
        };
        let local = address.split('@').next().unwrap_or_default();
        if address.is_empty() || !address.contains('@') {
            return "553 not an address";
        }
        if local.eq_ignore_ascii_case("studs") {
            return "550 no such mailbox (demonstration of a refusal)";
        }
        if local.eq_ignore_ascii_case("senare") {
            return "451 try again later (demonstration of a delay)";
        }
        if self.to.len() >= MOST_RECIPIENTS {
            return "452 too many receivers";
        }
        self.to.push(address);
        "250 ok"
    }

    /// Reads to the dot, takes stuffed dots away, keeps the mail.
    async fn data(&mut self, caught: &Caught, clock: &Clock) -> io::Result<&'static str> {
        let mut source = Vec::new();
        let mut too_large = false;
        loop {
            let mut line = Vec::new();
            // A mail without line breaks must not fill the memory either.
            let room = u64::try_from(self.max_size)
                .unwrap_or(u64::MAX)
                .saturating_add(LONGEST_COMMAND);
            if self.read_to_line_end(room, &mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if matches!(line.as_slice(), b".\r\n" | b".\n") {
                break;
            }
            let content = line.strip_prefix(b".").unwrap_or(&line);
            too_large = too_large || source.len() + content.len() > self.max_size;
            if !too_large {
                source.extend_from_slice(content);
            }
        }
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        if too_large {
            return Ok("552 too large");
        }
        let mail = mime::read(&source);
        caught.add(Message {
            kind: Kind::Email,
            to: to.join(", "),
            from: if mail.from.is_empty() { from } else { mail.from },
            subject: Some(mail.subject),
            text: mail.text,
            html: mail.html,
            at: clock.now(),
            id: None,
            report: None,
        });
        Ok("250 caught")
    }

    /// One command; `None` when the client has left, an inner error when the line is too long.
    async fn line(&mut self) -> io::Result<Option<Result<String, ()>>> {
        let mut line = Vec::new();
        if self.read_to_line_end(LONGEST_COMMAND, &mut line).await? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            return Ok(Some(Ok(String::from_utf8_lossy(&line).trim_end().to_owned())));
        }
        // Read the rest of it away, so that it is not taken for commands.
        while line.last() != Some(&b'\n') {
            line.clear();
            if self.read_to_line_end(LONGEST_COMMAND, &mut line).await? == 0 {
                return Ok(None);
            }
        }
        Ok(Some(Err(())))
    }

    /// Reads at most `most` bytes, to the end of a line if there is one.
    async fn read_to_line_end(&mut self, most: u64, line: &mut Vec<u8>) -> io::Result<usize> {
        let mut limited = (&mut self.reader).take(most);
        tokio::time::timeout(PATIENCE, limited.read_until(b'\n', line))
            .await
            .map_err(|_| io::ErrorKind::TimedOut)?
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.writer.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.writer.flush().await
    }
}

/// `FROM:<a@b> SIZE=1` → address and parameters. A space after the colon is common and forgiven.
fn path(argument: &str, word: &str) -> Option<(String, String)> {
    let start = argument.get(..word.len())?;
    let rest = argument.get(word.len()..)?.trim_start();
    let (address, parameters) = rest.strip_prefix('<')?.split_once('>')?;
    start
        .eq_ignore_ascii_case(word)
        .then(|| (address.to_owned(), parameters.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn converse(commands: &str, max_size: usize) -> (String, Vec<Message>) {
        let caught = Caught::new(10);
        let mut said = Vec::new();
        let reader = BufReader::new(commands.as_bytes());
        let mut conversation = Conversation::new(reader, &mut said, max_size);
        conversation.run(&caught, &Clock::system()).await.unwrap();
        (String::from_utf8(said).unwrap(), caught.all())
    }

    #[tokio::test]
    async fn catches_a_mail_and_takes_stuffed_dots_away() {
        let (said, caught) = converse(
            "EHLO me\r\nMAIL FROM:<a@b.se> SIZE=100\r\nRCPT TO:<c@d.se>\r\nRCPT TO: <e@f.se>\r\nDATA\r\n\
             Subject: hi\r\n\r\n..dot\r\nend\r\n.\r\nQUIT\r\n",
            1_000,
        )
        .await;
        assert!(said.ends_with("250 caught\r\n221 goodbye\r\n"), "{said}");
        let mail = caught.first().unwrap();
        assert_eq!((mail.to.as_str(), mail.from.as_str()), ("c@d.se, e@f.se", "a@b.se"));
        assert_eq!(mail.text.as_deref(), Some(".dot\nend\n"));
    }

    #[tokio::test]
    async fn says_when_the_order_is_wrong_and_goes_on() {
        let (said, _) = converse(
            "MAIL FROM:<a@b>\r\nEHLO x\r\nRCPT TO:<c@d>\r\nDATA\r\nHM\r\nQUIT\r\n",
            1_000,
        )
        .await;
        let codes: Vec<_> = said
            .lines()
            .filter_map(|l| l.get(..4))
            .filter(|l| l.ends_with(' '))
            .collect();
        assert_eq!(codes, ["220 ", "503 ", "250 ", "503 ", "503 ", "500 ", "221 "]);
    }

    #[tokio::test]
    async fn refuses_what_is_too_large_and_what_stands_for_a_refusal() {
        let body = "x".repeat(200);
        let (said, caught) = converse(
            &format!(
                "EHLO x\r\nMAIL FROM:<a@b> SIZE=5000\r\nMAIL FROM:<a@b>\r\nRCPT TO:<studs@d>\r\nRCPT TO:<senare@d>\r\n\
                 RCPT TO:<c@d>\r\nDATA\r\n{body}\r\n.\r\nQUIT\r\n"
            ),
            100,
        )
        .await;
        let codes: Vec<_> = said.lines().filter_map(|l| l.get(..3)).skip(6).collect();
        assert_eq!(codes, ["552", "250", "550", "451", "250", "354", "552", "221"]);
        assert!(caught.is_empty());
    }

    #[tokio::test]
    async fn a_line_without_end_is_refused_and_the_next_is_understood() {
        let (said, _) = converse(&format!("{}\r\nNOOP\r\nQUIT\r\n", "x".repeat(5_000)), 100).await;
        assert!(said.contains("500 line too long\r\n250 still here"), "{said}");
    }
}
