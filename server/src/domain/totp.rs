//! Codes that follow from a secret and the time (RFC 6238): six digits, half a minute each, SHA-1, which is what every authenticator app
//! knows. SHA-1 is weak where somebody can choose what is hashed; in an HMAC under a random key it is not.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;

/// How long a code lasts, in seconds.
const STEP: i64 = 30;

/// How many steps a clock may be before or behind.
const SKEW: i64 = 1;

/// The signs of base 32 (RFC 4648).
const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of time at a moment.
pub fn step(at: OffsetDateTime) -> i64 {
    at.unix_timestamp().div_euclid(STEP)
}

/// The code of a secret in a step.
pub fn code(secret: &[u8], step: i64) -> String {
    // HMAC takes keys of every length, so this cannot fail; a code of letters would fit nothing.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return "none".to_owned();
    };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let four = digest
        .get(offset..)
        .and_then(|rest| rest.first_chunk::<4>())
        .copied()
        .unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The step that `typed` is the code of, now or a step away; never one that is not after `used`, so that no code counts twice.
pub fn fitting(secret: &[u8], typed: &str, at: OffsetDateTime, used: i64) -> Option<i64> {
    let now = step(at);
    (now - SKEW..=now + SKEW)
        .filter(|step| *step > used)
        .find(|step| bool::from(code(secret, *step).as_bytes().ct_eq(typed.as_bytes())))
}

/// The secret as people and apps write it.
pub fn written(secret: &[u8]) -> String {
    let mut text = String::with_capacity(secret.len() * 8 / 5 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in secret {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            push(&mut text, bits >> held);
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        push(&mut text, bits << (5 - held));
    }
    text
}

fn push(text: &mut String, bits: u32) {
    let sign = SIGNS
        .get(usize::try_from(bits & 31).unwrap_or_default())
        .copied()
        .unwrap_or(b'A');
    text.push(char::from(sign));
}

/// The secret as an address that an authenticator app takes.
pub fn address(secret: &[u8], host: &str, name: &str) -> String {
    let part = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    format!(
        "otpauth://totp/{host}:{name}?secret={secret}&issuer={host}&algorithm=SHA1&digits=6&period={STEP}",
        host = part(host),
        name = part(name),
        secret = written(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            assert_eq!(code(secret, step(at)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_once_and_for_a_step_around() {
        let (secret, at) = (b"12345678901234567890", datetime!(2026-11-27 08:00 UTC));
        let now = step(at);
        for step in [now - 1, now, now + 1] {
            assert_eq!(fitting(secret, &code(secret, step), at, 0), Some(step));
            assert_eq!(fitting(secret, &code(secret, step), at, step), None, "used");
        }
        for step in [now - 2, now + 2] {
            assert_eq!(fitting(secret, &code(secret, step), at, 0), None);
        }
        for wrong in ["", "12345", "1234567", "abcdef", "none"] {
            assert_eq!(fitting(secret, wrong, at, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_written_in_base_32() {
        for (plain, expected) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(written(plain.as_bytes()), expected);
        }
        assert_eq!(
            address(b"foobar", "post.example:8443", "drift"),
            "otpauth://totp/post.example%3A8443:drift?secret=MZXW6YTBOI&issuer=post.example%3A8443&algorithm=SHA1&digits=6&period=30"
        );
    }
}
