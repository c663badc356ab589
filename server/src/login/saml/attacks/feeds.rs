//! Metadata of identity providers that must not be used.

use super::super::forge::*;
use super::super::names::*;
use super::super::provider::{FeedProblem, read_feed};
use super::super::signature::{SignatureProblem, SigningKeys};
use time::Duration;

#[test]
fn a_feed_is_checked_against_the_pinned_certificate() {
    let certificate = idp_key().certificate_base64();
    let single = idp_metadata(IDP, &[certificate], "").replacen(" ID=\"_md\"", "", 1);
    let template = template("_feed", RSA_SHA256, "");
    let feed =
        format!("<md:EntitiesDescriptor xmlns:md=\"{MD}\" ID=\"_feed\">{template}{single}</md:EntitiesDescriptor>");
    let signed = sign(&feed, next_idp_key().pair.private());
    let pin = |made: &Made| SigningKeys::from_certificates([made.pair.certificate()]);
    assert_eq!(
        read_feed(&signed, Some(&pin(next_idp_key())), NOW)
            .unwrap()
            .providers
            .len(),
        1
    );
    let wrong = read_feed(&signed, Some(&pin(stranger_key())), NOW).unwrap_err();
    assert_eq!(wrong, FeedProblem::Signature(SignatureProblem::DoesNotFit));
    let missing = read_feed(&single, Some(&pin(next_idp_key())), NOW).unwrap_err();
    assert_eq!(missing, FeedProblem::Signature(SignatureProblem::Missing));
    let changed = signed.replacen("Exempel-ID", "Exempel-1D", 1);
    assert!(read_feed(&changed, Some(&pin(next_idp_key())), NOW).is_err());
}

#[test]
fn expired_metadata_is_left_out() {
    let certificate = idp_key().certificate_base64();
    let at = |until: &str| read_feed(&idp_metadata(IDP, std::slice::from_ref(&certificate), until), None, NOW);
    assert_eq!(
        at("validUntil=\"2026-11-23T11:59:59Z\"").unwrap_err(),
        FeedProblem::Expired
    );
    assert_eq!(at("validUntil=\"soon\"").unwrap_err(), FeedProblem::Expired);
    let provider = at("validUntil=\"2026-11-23T12:00:01Z\"").unwrap().providers.remove(0);
    assert!(provider.is_valid_at(NOW) && !provider.is_valid_at(NOW + Duration::seconds(2)));
}
