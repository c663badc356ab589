//! Names of the framework: namespaces, algorithms, levels and attributes, each once.

pub const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
pub const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
pub const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
pub const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const MDUI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
pub const MDATTR: &str = "urn:oasis:names:tc:SAML:metadata:attribute";
pub const ALG: &str = "urn:oasis:names:tc:SAML:metadata:algsupport";
pub const SHIBMD: &str = "urn:mace:shibboleth:metadata:1.0";
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub const MDORGEXT: &str = "http://id.swedenconnect.se/authn/1.0/md-org-ext/ns";

pub const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
pub const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
pub const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
pub const ENTITY_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
pub const NAME_FORMAT_URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";

pub const ENTITY_CATEGORY: &str = "http://macedir.org/entity-category";
pub const ASSURANCE: &str = "urn:oasis:names:tc:SAML:attribute:assurance-certification";

pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const RSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384";
pub const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
pub const ECDSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
pub const ECDSA_SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
pub const ECDSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512";
pub const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
pub const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

pub const AES128_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
pub const AES192_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes192-cbc";
pub const AES256_CBC: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
pub const AES128_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
pub const AES192_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes192-gcm";
pub const AES256_GCM: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
pub const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
pub const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

pub const MGF1_SHA256: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha256";

pub const LOA3: &str = "http://id.elegnamnden.se/loa/1.0/loa3";
pub const LOA4: &str = "http://id.elegnamnden.se/loa/1.0/loa4";
pub const UNCERTIFIED_LOA3: &str = "http://id.swedenconnect.se/loa/1.0/uncertified-loa3";
pub const EIDAS_SUBSTANTIAL: &str = "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub";
pub const EIDAS_HIGH: &str = "http://id.elegnamnden.se/loa/1.0/eidas-nf-high";

pub const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
pub const STATUS_REQUESTER: &str = "urn:oasis:names:tc:SAML:2.0:status:Requester";
pub const STATUS_RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
pub const STATUS_VERSION: &str = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch";
pub const STATUS_NO_AUTHN_CONTEXT: &str = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext";
pub const STATUS_CANCEL: &str = "http://id.elegnamnden.se/status/1.0/cancel";
pub const STATUS_FRAUD: &str = "http://id.elegnamnden.se/status/1.0/fraud";
pub const STATUS_POSSIBLE_FRAUD: &str = "http://id.elegnamnden.se/status/1.0/possibleFraud";

pub const PERSONAL_NUMBER: &str = "urn:oid:1.2.752.29.4.13";
pub const GIVEN_NAME: &str = "urn:oid:2.5.4.42";
pub const SURNAME: &str = "urn:oid:2.5.4.4";
pub const DISPLAY_NAME: &str = "urn:oid:2.16.840.1.113730.3.1.241";
pub const MAPPED_NUMBER: &str = "urn:oid:1.2.752.201.3.16";
pub const MAPPED_BINDING: &str = "urn:oid:1.2.752.201.3.6";
pub const TRANSACTION: &str = "urn:oid:1.2.752.201.3.2";
pub const PRID: &str = "urn:oid:1.2.752.201.3.4";
pub const ORGANISATION_NAME: &str = "urn:oid:2.5.4.10";
pub const ORG_AFFILIATION: &str = "urn:oid:1.2.752.201.3.1";
