//! The address that mail comes back to when it cannot be delivered: one for each notice, which nobody else can make.
//!
//! `studs@post.example` becomes `studs+<notice><mark>@post.example`, in hexadecimal digits, as mail servers may change the case of
//! letters. The mark is a keyed hash: without the house's key nobody can report a notice as failed.

use crate::house::House;
use lettre::Address;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// Bytes of the mark: one guess in 2⁶⁴ is right.
const MARK: usize = 8;

/// The longest local part that leaves room for the rest (RFC 5321, 4.5.3.1.1: 64 octets in all).
pub const LONGEST: usize = 64 - 1 - 2 * (16 + MARK);

/// The return path of a notice; none where the configured address leaves no room for it.
pub fn of(house: &House, bounces: &Address, notice: Uuid) -> Option<Address> {
    let (name, notice_digits) = (bounces.user(), hex::encode(notice.as_bytes()));
    let user = format!("{name}+{notice_digits}{}", hex::encode(mark(house, notice)));
    Address::new(user, bounces.domain()).ok()
}

/// The notice that a return path names; none for one that we did not make.
pub fn notice_of(house: &House, address: &str) -> Option<Uuid> {
    let (user, _) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
    let (_, token) = user.rsplit_once('+')?;
    let bytes = hex::decode(token).ok()?;
    let (notice, given) = bytes.split_first_chunk::<16>()?;
    let notice = Uuid::from_bytes(*notice);
    bool::from(mark(house, notice).ct_eq(given)).then_some(notice)
}

fn mark(house: &House, notice: Uuid) -> [u8; MARK] {
    let hash = house.keys.blind_index("notice.return-path", &notice.to_string());
    hash.first_chunk::<MARK>().copied().unwrap_or_default()
}
