//! Catches what is sent as e-mail, as SMS and to browsers, and shows it: nothing leaves the machine but reports of SMS, to who asked for
//! them.

mod mime;
mod page;
mod push;
mod report;
mod sms;
mod smtp;

pub use page::router as page_router;
pub use push::{Keys, PushService, Subscribed, router as push_router};
pub use report::{Fate, Report};
pub use sms::router as sms_router;
pub use smtp::serve as serve_smtp;

use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use time::OffsetDateTime;

/// How a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// By SMTP.
    Email,
    /// By the SMS gateway.
    Sms,
    /// By the push service.
    Push,
}

/// A caught message, as `/api/messages` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// E-mail, SMS or a notice to a browser.
    pub kind: Kind,
    /// Receivers; several are separated by a comma and a space.
    pub to: String,
    /// Sender.
    pub from: String,
    /// Subject, or the title of a notice to a browser; an SMS has none.
    pub subject: Option<String>,
    /// The plain text, if there is one.
    pub text: Option<String>,
    /// The HTML, if there is any.
    pub html: Option<String>,
    /// When it was caught.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The gateway's id of an SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is reported of an SMS, where its sender has asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
}

/// Every caught message, oldest first. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Caught {
    messages: Arc<Mutex<VecDeque<Message>>>,
    keep: usize,
}

impl Caught {
    /// Keeps the newest `keep` messages.
    pub fn new(keep: usize) -> Self {
        Self {
            messages: Arc::default(),
            keep: keep.max(1),
        }
    }

    /// Everything, newest last.
    pub fn all(&self) -> Vec<Message> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    fn add(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() >= self.keep {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// Notes whether the report of an SMS was taken.
    fn reported(&self, id: &str, taken: bool) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let message = messages
            .iter_mut()
            .rev()
            .find(|message| message.id.as_deref() == Some(id));
        if let Some(report) = message.and_then(|message| message.report.as_mut()) {
            report.taken = Some(taken);
        }
    }
}
