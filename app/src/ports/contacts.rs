//! Where the person is reached: e-mail addresses, mobile numbers and browsers.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Where the person is reached.
#[async_trait]
pub trait Contacts: Send + Sync {
    /// Every address, oldest first, and what was typed last if it was not taken.
    async fn contacts(&self) -> Result<ContactList, PortError>;
    /// Gives an address; a code goes out to it.
    async fn add(&self, channel: Channel, address: String) -> Result<Added, PortError>;
    /// Adds the browser that the person sits at.
    async fn subscribe(&self, form: BrowserForm) -> Result<Subscribed, PortError>;
    /// Sends a new code to an address that waits for one.
    async fn new_code(&self, id: AddressId) -> Result<Added, PortError>;
    /// Gives back the code; with `tell_there`, a channel that the usual rule says "not at all" of tells at once from then on.
    async fn confirm(&self, id: AddressId, code: String, tell_there: bool) -> Result<Confirmed, PortError>;
    /// Takes an address away. It is told so.
    async fn remove(&self, id: AddressId) -> Result<(), PortError>;
}

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// A notice in a browser.
    Push,
}

/// An address as a page names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// As its owner writes it.
    Written(String),
    /// A browser.
    Browser {
        /// What it is called.
        name: Option<String>,
        /// What it runs on.
        system: Option<String>,
    },
}

/// What a browser gives when it is subscribed; nothing in it is known to be right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserForm {
    /// Where its push service takes messages.
    pub endpoint: String,
    /// Its public key, base64url.
    pub p256dh: String,
    /// The secret that it shares with us, base64url.
    pub auth: String,
    /// The endpoint that it had before, of a browser that was given another by itself.
    pub replaces: Option<String>,
}

/// What came of subscribing a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subscribed {
    /// Notices go there.
    Done,
    /// They did already.
    Already,
    /// What it gave is no subscription that we take.
    NotASubscription,
    /// There are as many addresses as there may be.
    Full,
    /// Too many within an hour.
    TooMany,
}

/// Names one address, in forms too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressId(pub String);

/// The addresses of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactList {
    /// Oldest first.
    pub addresses: Vec<ContactRow>,
    /// No more can be added.
    pub full: bool,
    /// What was typed a moment ago and was not taken.
    pub typed: Option<(Channel, String)>,
    /// The channels that the usual rule for notices says "not at all" of.
    pub silent: Vec<Channel>,
    /// What browsers are subscribed with; none when they are not offered notices.
    pub push_key: Option<String>,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Names it.
    pub id: AddressId,
    /// The way that leads to it.
    pub channel: Channel,
    /// Its name.
    pub shown: Shown,
    /// Of a browser: how the browser itself can tell that it is the one.
    pub endpoint: Option<String>,
    /// Since when notices go there; none while it waits for its code.
    #[serde(with = "time::serde::rfc3339::option")]
    pub confirmed: Option<OffsetDateTime>,
    /// It takes nothing any more.
    pub broken: Option<Broken>,
}

impl ContactRow {
    /// Notices go there.
    pub fn is_in_use(&self) -> bool {
        self.confirmed.is_some() && self.broken.is_none()
    }
}

/// Since when an address takes nothing, and the other side's number for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// `550`, `5.1.1`.
    pub number: String,
}

/// What came of giving an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Added {
    /// A code is on its way to this one.
    CodeSent(AddressId),
    /// That cannot be an address of its kind.
    NotAnAddress,
    /// A number outside the EU and the EES.
    Abroad,
    /// It is confirmed already.
    Already,
    /// There are as many as there may be.
    Full,
    /// Too many codes were asked for; wait an hour.
    TooMany,
}

/// What came of giving a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmed {
    /// The address is confirmed.
    Done,
    /// Another code was sent; so many tries are left.
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// That cannot be a code: it costs no try.
    NotACode,
    /// No tries are left, or the code is too old: ask for a new one.
    Over,
}
