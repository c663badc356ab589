//! The payment code that banks in Sweden read from invoices: `UsingQR`, a small JSON text in a QR code.
//!
//! Only from signed data, only in kronor, and only for Bankgiro and Plusgiro. Fields by the format's public description: `uqr` version,
//! `tp` 1 an invoice, `nme` and `cid` whom to pay, `iref` reference, `ddt` last day, `due` the sum, `pt` and `acc` the account.

use super::letter::Payment;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// A QR code, ready to be drawn: dark modules as one path in a square of `size`, quiet zone included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentCode {
    /// Width and height in modules.
    pub size: u32,
    /// SVG path data of the dark modules.
    pub path: String,
}

/// Modules of white around the code, as the standard wants.
const QUIET: i32 = 4;

/// The code for paying `payment` to `payee`, whose organisation number has twelve digits.
pub fn payment_code(payment: &Payment, payee: &str, number: &str) -> Option<PaymentCode> {
    let is_giro = matches!(payment.method.as_str(), "BG" | "PG");
    if payment.currency != "SEK" || !is_giro {
        return None;
    }
    let ten = number.strip_prefix("16").unwrap_or(number);
    let organisation = format!("{}-{}", ten.get(..6)?, ten.get(6..)?);
    let text = serde_json::json!({
        "uqr": 1,
        "tp": 1,
        "nme": payee,
        "cc": "SE",
        "cid": organisation,
        "iref": payment.reference.as_deref().unwrap_or_default(),
        "ddt": payment.due.replace('-', ""),
        "due": kronor(payment.amount_ore),
        "cur": "SEK",
        "pt": payment.method,
        "acc": payment.account,
    })
    .to_string();
    drawn(&QrCode::encode_text(&text, QrCodeEcc::Medium).ok()?)
}

/// A number with two decimals, exact: no float ever holds it.
fn kronor(ore: u64) -> serde_json::Value {
    let written = format!("{}.{:02}", ore / 100, ore % 100);
    serde_json::from_str(&written).unwrap_or(serde_json::Value::Null)
}

fn drawn(code: &QrCode) -> Option<PaymentCode> {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Some(PaymentCode {
        size: u32::try_from(code.size() + 2 * QUIET).ok()?,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment() -> Payment {
        Payment {
            amount_ore: 168_800,
            currency: "SEK".into(),
            due: "2026-03-31".into(),
            method: "BG".into(),
            account: "991-2346".into(),
            reference: Some("100020261101".into()),
        }
    }

    #[test]
    fn kronor_on_giro_have_a_code_and_nothing_else_has() {
        let code = payment_code(&payment(), "Kommun B", "162021003898").unwrap();
        assert!(
            code.path.starts_with("M4 4h1v1h-1z"),
            "the finder stands inside the quiet zone"
        );
        for change in [
            |it: &mut Payment| it.currency = "EUR".into(),
            |it: &mut Payment| it.method = "IBAN".into(),
        ] {
            let mut other = payment();
            change(&mut other);
            assert_eq!(payment_code(&other, "Kommun B", "162021003898"), None);
        }
    }

    #[test]
    fn the_sum_is_exact() {
        assert_eq!(kronor(168_800).to_string(), "1688.0");
        assert_eq!(kronor(5).to_string(), "0.05");
        assert_eq!(kronor(12_345_678_901).to_string(), "123456789.01");
    }
}
