//! Metadata of identity providers: a single `EntityDescriptor` or a whole feed.

use super::names::{ALG, ASSURANCE, DS, ENTITY_CATEGORY, MD, MDATTR, MDUI, POST, REDIRECT, SAML, SAMLP, SHIBMD, XML};
use super::signature::{self, SignatureProblem, SigningKeys};
use super::time::parse_time;
use super::tree::{self, Read as _, TreeProblem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::xml::Element;
use time::OffsetDateTime;
use url::Url;

/// One identity provider, as its metadata describes it.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    /// Its entity id.
    pub entity_id: String,
    /// Where a redirect with our request goes, if it takes redirects.
    pub redirect: Option<String>,
    /// Where a form with our request goes, if it takes forms.
    pub post: Option<String>,
    /// Keys that may sign its responses.
    pub keys: SigningKeys,
    /// The certificates around them.
    pub certificates: Vec<Vec<u8>>,
    /// Levels it is certified for (`assurance-certification`).
    pub levels: Vec<String>,
    /// Entity categories it declares.
    pub categories: Vec<String>,
    /// Scopes it may use in scoped attributes. Patterns are not taken.
    pub scopes: Vec<String>,
    /// Signature algorithms it says it can check; empty if it does not say.
    pub signing_methods: Vec<String>,
    /// Display names by language tag.
    pub names: Vec<(String, String)>,
    /// After this its metadata must not be used.
    pub valid_until: Option<OffsetDateTime>,
}

impl IdentityProvider {
    /// Its name in a language, else in Swedish, else in any language, else its entity id.
    pub fn name(&self, language: &str) -> &str {
        [language, "sv", "en"]
            .iter()
            .find_map(|wanted| self.names.iter().find(|(tag, _)| tag == wanted))
            .or_else(|| self.names.first())
            .map_or(self.entity_id.as_str(), |(_, name)| name.as_str())
    }

    /// The address that requests are sent to.
    pub fn endpoint(&self) -> Option<&str> {
        self.redirect.as_deref().or(self.post.as_deref())
    }

    /// Whether it runs on this machine: then it is for demonstration only, whatever it says of itself.
    pub fn is_on_loopback(&self) -> bool {
        self.endpoint()
            .and_then(|address| Url::parse(address).ok())
            .is_some_and(|address| is_loopback(&address))
    }

    /// Whether its metadata may still be used.
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }
}

/// Whether an address is on the machine itself.
pub fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// What a metadata document held.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// Identity providers, in the document's order.
    pub providers: Vec<IdentityProvider>,
    /// Entities that look like identity providers and cannot be used: no address, no key, or an unreadable part.
    pub unusable: Vec<String>,
}

/// Why a metadata document is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedProblem {
    /// Not readable.
    #[error("{0}")]
    Tree(#[from] TreeProblem),
    /// The root is no metadata.
    #[error("the root element is neither EntityDescriptor nor EntitiesDescriptor")]
    NotMetadata,
    /// Its signature does not count under the pinned certificate.
    #[error("{0}")]
    Signature(#[from] SignatureProblem),
    /// Its `validUntil` has passed, or cannot be read.
    #[error("its validUntil has passed or cannot be read")]
    Expired,
}

/// Reads a metadata document. With `pinned` keys its root must be signed by one of them; what expired is left out.
pub fn read_feed(text: &str, pinned: Option<&SigningKeys>, now: OffsetDateTime) -> Result<Feed, FeedProblem> {
    let document = tree::parse(text, &tree::FEED)?;
    let root = document.root();
    if !root.is(MD, "EntityDescriptor") && !root.is(MD, "EntitiesDescriptor") {
        return Err(FeedProblem::NotMetadata);
    }
    if let Some(keys) = pinned {
        signature::require(root, keys)?;
    }
    let mut feed = Feed::default();
    if collect(root, None, now, &mut feed) {
        Ok(feed)
    } else {
        Err(FeedProblem::Expired)
    }
}

/// Takes in an entity or a group of them; says whether it is still valid.
fn collect(element: Element<'_>, inherited: Option<OffsetDateTime>, now: OffsetDateTime, feed: &mut Feed) -> bool {
    let own = match element.attribute("validUntil").map(parse_time) {
        Some(Some(until)) if now < until => Some(until),
        Some(_) => return false,
        None => None,
    };
    let until = match (own, inherited) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if element.is(MD, "EntityDescriptor") {
        if element.all(MD, "IDPSSODescriptor").next().is_some() {
            let entity_id = element.attribute("entityID").unwrap_or_default().to_owned();
            match read_provider(element, until) {
                Ok(provider) if !feed.providers.iter().any(|known| known.entity_id == provider.entity_id) => {
                    feed.providers.push(provider);
                }
                _ => feed.unusable.push(entity_id),
            }
        }
    } else {
        for child in element.children() {
            if child.is(MD, "EntityDescriptor") || child.is(MD, "EntitiesDescriptor") {
                collect(child, until, now, feed);
            }
        }
    }
    true
}

fn read_provider(entity: Element<'_>, valid_until: Option<OffsetDateTime>) -> Result<IdentityProvider, TreeProblem> {
    let entity_id = entity
        .attribute("entityID")
        .filter(|id| !id.is_empty())
        .ok_or(TreeProblem::Missing("entityID"))?
        .to_owned();
    let role = entity.one(MD, "IDPSSODescriptor")?;
    let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
    if !protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP) {
        return Err(TreeProblem::Missing("SAML 2.0"));
    }
    let address = |binding: &str| {
        role.all(MD, "SingleSignOnService")
            .find(|service| service.attribute("Binding") == Some(binding))
            .and_then(|service| service.attribute("Location"))
            .filter(|location| is_usable(location))
            .map(str::to_owned)
    };
    let (redirect, post) = (address(REDIRECT), address(POST));
    if redirect.is_none() && post.is_none() {
        return Err(TreeProblem::Missing("SingleSignOnService"));
    }
    let certificates = certificates(role)?;
    let keys = SigningKeys::from_certificates(certificates.iter().map(Vec::as_slice));
    if keys.is_empty() {
        return Err(TreeProblem::Missing("signing key"));
    }
    let outer = entity.optional(MD, "Extensions")?;
    let inner = role.optional(MD, "Extensions")?;
    let extensions: Vec<_> = outer.into_iter().chain(inner).collect();
    let mut names = Vec::new();
    if let Some(info) = inner.map(|inner| inner.optional(MDUI, "UIInfo")).transpose()?.flatten() {
        for name in info.all(MDUI, "DisplayName") {
            names.push((
                name.attribute_in(XML, "lang").unwrap_or_default().to_owned(),
                name.value()?,
            ));
        }
    }
    let mut scopes = Vec::new();
    let mut signing_methods = Vec::new();
    for extension in &extensions {
        for scope in extension.all(SHIBMD, "Scope") {
            if !matches!(scope.attribute("regexp"), Some("true" | "1")) {
                scopes.push(scope.value()?);
            }
        }
        for method in extension.all(ALG, "SigningMethod") {
            signing_methods.extend(method.attribute("Algorithm").map(str::to_owned));
        }
    }
    Ok(IdentityProvider {
        entity_id,
        redirect,
        post,
        keys,
        certificates,
        levels: entity_attribute(outer, ASSURANCE)?,
        categories: entity_attribute(outer, ENTITY_CATEGORY)?,
        scopes,
        signing_methods,
        names,
        valid_until,
    })
}

/// An address that a browser may be sent to: https, or http on this machine.
fn is_usable(location: &str) -> bool {
    Url::parse(location)
        .is_ok_and(|address| address.scheme() == "https" || (address.scheme() == "http" && is_loopback(&address)))
}

/// Certificates for signing: `use="signing"` or no use given.
fn certificates(role: Element<'_>) -> Result<Vec<Vec<u8>>, TreeProblem> {
    let mut found = Vec::new();
    for descriptor in role.all(MD, "KeyDescriptor") {
        if !matches!(descriptor.attribute("use"), None | Some("signing")) {
            continue;
        }
        for data in descriptor.one(DS, "KeyInfo")?.all(DS, "X509Data") {
            for certificate in data.all(DS, "X509Certificate") {
                let text: String = certificate.value()?.split_ascii_whitespace().collect();
                found.extend(STANDARD.decode(text).ok());
            }
        }
    }
    Ok(found)
}

fn entity_attribute(extensions: Option<Element<'_>>, name: &str) -> Result<Vec<String>, TreeProblem> {
    let mut values = Vec::new();
    for attributes in extensions
        .into_iter()
        .flat_map(|it| it.all(MDATTR, "EntityAttributes").collect::<Vec<_>>())
    {
        for attribute in attributes
            .all(SAML, "Attribute")
            .filter(|it| it.attribute("Name") == Some(name))
        {
            for value in attribute.all(SAML, "AttributeValue") {
                values.push(value.value()?);
            }
        }
    }
    Ok(values)
}
