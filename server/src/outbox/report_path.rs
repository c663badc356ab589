//! The address that the text message gateway reports to: one for each try of each notice, which nobody else can make.
//!
//! `https://post.example/sms/rapport/<notice><try><mark>`, in hexadecimal digits. The mark is a keyed hash over the others, as in the
//! return paths of mail: without the house's key nobody can report a message as delivered or failed.

use crate::house::House;
use subtle::ConstantTimeEq as _;
use url::Url;
use uuid::Uuid;

/// Where reports are taken in; the token follows.
pub const PATH: &str = "/sms/rapport/";

/// Bytes of the mark: unlike the local part of a mail address, a path has room for all that a guess is measured by.
const MARK: usize = 16;

/// A message that was handed to the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The notice.
    pub notice: Uuid,
    /// Which try it was, from 1.
    pub attempt: u32,
}

/// The address for reports of one try, under the address of the house.
pub fn of(house: &House, public_url: &Url, handed: Handed) -> Option<Url> {
    let mut bytes = known(handed);
    bytes.extend(mark(house, handed));
    public_url.join(&format!("{PATH}{}", hex::encode(bytes))).ok()
}

/// What a token names; none for one that we did not make.
pub fn handed(house: &House, token: &str) -> Option<Handed> {
    let bytes = hex::decode(token).ok()?;
    let (notice, rest) = bytes.split_first_chunk::<16>()?;
    let (attempt, given) = rest.split_first_chunk::<4>()?;
    let handed = Handed {
        notice: Uuid::from_bytes(*notice),
        attempt: u32::from_be_bytes(*attempt),
    };
    bool::from(mark(house, handed).ct_eq(given)).then_some(handed)
}

fn known(handed: Handed) -> Vec<u8> {
    let mut bytes = handed.notice.as_bytes().to_vec();
    bytes.extend(handed.attempt.to_be_bytes());
    bytes
}

fn mark(house: &House, handed: Handed) -> [u8; MARK] {
    let hash = house.keys.blind_index("notice.sms-report", &hex::encode(known(handed)));
    hash.first_chunk::<MARK>().copied().unwrap_or_default()
}
