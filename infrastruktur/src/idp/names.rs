//! Names of SAML and of the Swedish framework.

pub(super) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(super) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(super) const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
pub(super) const MDATTR: &str = "urn:oasis:names:tc:SAML:metadata:attribute";
pub(super) const MDUI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
pub(super) const ALG: &str = "urn:oasis:names:tc:SAML:metadata:algsupport";
pub(super) const SHIBMD: &str = "urn:mace:shibboleth:metadata:1.0";
pub(super) const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";

pub(super) const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
pub(super) const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
pub(super) const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
pub(super) const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
pub(super) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
pub(super) const NAME_FORMAT_URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
pub(super) const ENTITY_CATEGORY: &str = "http://macedir.org/entity-category";
pub(super) const ASSURANCE: &str = "urn:oasis:names:tc:SAML:attribute:assurance-certification";

pub(super) const LOA2: &str = "http://id.elegnamnden.se/loa/1.0/loa2";
pub(super) const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
pub(super) const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
pub(super) const CATEGORY_LOA3_PNR: &str = "http://id.elegnamnden.se/ec/1.0/loa3-pnr";
pub(super) const CATEGORY_LOA3_ORGID: &str = "http://id.swedenconnect.se/ec/1.0/loa3-orgid";
pub(super) const ACCEPTS_COORDINATION_NUMBER: &str =
    "http://id.swedenconnect.se/general-ec/1.0/accepts-coordination-number";

pub(super) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
pub(super) const REQUESTER: &str = "urn:oasis:names:tc:SAML:2.0:status:Requester";
pub(super) const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
pub(super) const NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
pub(super) const NO_AUTHN_CONTEXT: &str = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext";
pub(super) const AUTHN_FAILED: &str = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed";
pub(super) const CANCEL: &str = "http://id.elegnamnden.se/status/1.0/cancel";

/// Signature methods of the framework, for requests in addresses. No SHA-1, no HMAC.
pub(super) const SIGNATURE_METHODS: &[&str] = &[
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];
