//! Whatever is done to a request: it is refused, or it is still exactly the letter that was signed.

use std::sync::LazyLock;

use contracts::service::{ReceivePolicy, receive};
use proptest::prelude::*;

use crate::pki::{NOW, Pki};
use crate::sample::{delivery, request, with_prefixes};

static PKI: LazyLock<Pki> = LazyLock::new(Pki::new);
static FORMS: LazyLock<[String; 2]> = LazyLock::new(|| {
    let plain = request(&PKI);
    let prefixed = with_prefixes(&plain);
    [plain, prefixed]
});

#[derive(Debug, Clone)]
enum Change {
    Set(u8),
    Insert(String),
    Remove(usize),
    /// A piece from elsewhere in the same request.
    Copy(prop::sample::Index, usize),
    Swap(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let markup = prop::sample::select(vec![
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&",
        "&lt;",
        "&#13;",
        "\"",
        " ",
        "\n",
        "<x/>",
        " Id=\"a\"",
        " xmlns=\"\"",
        " xmlns:ns2=\"urn:x\"",
        "<?x?>",
        "<!DOCTYPE a>",
        "<Signature/>",
        "=",
        "A",
    ]);
    prop_oneof![
        any::<u8>().prop_map(Change::Set),
        markup.prop_map(|text| Change::Insert(text.to_owned())),
        (1_usize..200).prop_map(Change::Remove),
        (any::<prop::sample::Index>(), 1_usize..3000).prop_map(|(from, length)| Change::Copy(from, length)),
        (any::<prop::sample::Index>(), 1_usize..3000).prop_map(|(from, length)| Change::Swap(from, length)),
    ]
}

fn apply(request: &mut Vec<u8>, at: usize, change: &Change) {
    match change {
        Change::Set(byte) => request[at] = *byte,
        Change::Insert(text) => drop(request.splice(at..at, text.bytes())),
        Change::Remove(length) => drop(request.drain(at..(at + length).min(request.len()))),
        Change::Copy(from, length) => {
            let from = from.index(request.len());
            let piece = request[from..(from + length).min(request.len())].to_vec();
            request.splice(at..at, piece);
        }
        Change::Swap(from, length) => {
            let from = from.index(request.len());
            let piece: Vec<u8> = request.drain(from..(from + length).min(request.len())).collect();
            let at = at.min(request.len());
            request.splice(at..at, piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_request_is_refused_or_still_the_same_letter(
        form in 0_usize..2,
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
    ) {
        let mut request = FORMS[form].clone().into_bytes();
        for (at, change) in &changes {
            if !request.is_empty() {
                let at = at.index(request.len());
                apply(&mut request, at, change);
            }
        }
        if let Ok(verified) = receive(&request, &ReceivePolicy::default(), &PKI.trust, NOW) {
            prop_assert_eq!(verified.delivery, delivery());
        }
    }
}
