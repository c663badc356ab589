//! Reading SAML strictly, over the one parser of the house: a child stands once where one is meant, and a value is text.
//!
//! The same parsed tree is verified and then read. Nothing goes back to the text it came from.

use contracts::xml::{Element, Limits, NodeKind, Xml};

/// What a message may cost: some kilobytes in truth, and no more than the form field may hold.
pub const MESSAGE: Limits = Limits {
    bytes: 512 * 1024,
    depth: 48,
    tags: 10_000,
    attributes: 64,
    attributes_in_all: 20_000,
    namespaces: 256,
};
/// What a feed of metadata may cost: Sweden Connect's has some hundred entities.
pub const FEED: Limits = Limits {
    bytes: 32 * 1024 * 1024,
    depth: 48,
    tags: 2_000_000,
    attributes: 64,
    attributes_in_all: 2_000_000,
    namespaces: 256,
};

/// Why a document cannot be read. Never carries what stood in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeProblem {
    /// Not well-formed, has a DOCTYPE, costs too much or has more than one root.
    #[error("not a well-formed document of one root without DOCTYPE, within limits")]
    Malformed,
    /// An element is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An element stands more than once where one is allowed.
    #[error("{0} stands more than once")]
    Repeated(&'static str),
    /// A value holds something else than text.
    #[error("a value holds something else than text")]
    NotText,
}

/// Parses `text` within `limits`.
pub fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Xml<'a>, TreeProblem> {
    Xml::parse(text, limits).map_err(|_| TreeProblem::Malformed)
}

/// What SAML asks of an element beside what the contract does.
pub trait Read<'d>: Sized {
    /// The child elements of one name.
    fn all(self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = Element<'d>>;

    /// The child of that name, if there is one; two are refused.
    fn optional(self, namespace: &'static str, name: &'static str) -> Result<Option<Element<'d>>, TreeProblem>;

    /// The one child of that name.
    fn one(self, namespace: &'static str, name: &'static str) -> Result<Element<'d>, TreeProblem>;

    /// Its text, trimmed. An element, comment or processing instruction inside is refused: parsers disagree on what such
    /// a value is (CVE-2017-11428), and no honest sender writes one.
    fn value(self) -> Result<String, TreeProblem>;

    /// The value of an attribute in a namespace.
    fn attribute_in(self, namespace: &str, name: &str) -> Option<&'d str>;

    /// Namespace declarations in force at this element, prefix and name: what a fragment in this place may use.
    fn namespaces_in_scope(self) -> Vec<(&'d str, &'d str)>;
}

impl<'d> Read<'d> for Element<'d> {
    fn all(self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = Element<'d>> {
        self.children().filter(move |child| child.is(namespace, name))
    }

    fn optional(self, namespace: &'static str, name: &'static str) -> Result<Option<Element<'d>>, TreeProblem> {
        let mut found = self.all(namespace, name);
        let first = found.next();
        if found.next().is_some() {
            Err(TreeProblem::Repeated(name))
        } else {
            Ok(first)
        }
    }

    fn one(self, namespace: &'static str, name: &'static str) -> Result<Element<'d>, TreeProblem> {
        self.optional(namespace, name)?.ok_or(TreeProblem::Missing(name))
    }

    fn value(self) -> Result<String, TreeProblem> {
        let mut text = String::new();
        for id in self.document().children(self.node()) {
            match self.document().node_kind(id) {
                Some(NodeKind::Text(part) | NodeKind::CData(part)) => text.push_str(part),
                _ => return Err(TreeProblem::NotText),
            }
        }
        Ok(text.trim().to_owned())
    }

    fn attribute_in(self, namespace: &str, name: &str) -> Option<&'d str> {
        self.attributes()
            .find(|it| it.namespace == namespace && it.name == name)
            .map(|it| it.value)
    }

    fn namespaces_in_scope(self) -> Vec<(&'d str, &'d str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut at = Some(self);
        while let Some(element) = at {
            for (prefix, uri) in element
                .document()
                .element(element.node())
                .into_iter()
                .flat_map(|it| &it.namespace_declarations)
            {
                if !found.iter().any(|(known, _)| known == prefix) {
                    found.push((prefix, uri));
                }
            }
            at = element.parent();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_root_and_no_doctype() {
        assert!(parse("<a/>", &MESSAGE).is_ok());
        assert!(parse("<?xml version=\"1.0\"?><!-- c --><a/>", &MESSAGE).is_ok());
        for bad in [
            "",
            "<a/><b/>",
            "<a/>text",
            "<a>",
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
            "<a>&e;</a>",
            "<p:a/>",
        ] {
            assert!(matches!(parse(bad, &MESSAGE), Err(TreeProblem::Malformed)), "{bad}");
        }
        assert!(parse(&("<a>".repeat(200) + &"</a>".repeat(200)), &MESSAGE).is_err());
    }

    #[test]
    fn a_value_is_text_and_nothing_else() {
        let text = "<a><b> one </b><c>o<!-- -->ne</c><d>o<e/>ne</d><f><![CDATA[one]]></f></a>";
        let document = parse(text, &MESSAGE).unwrap();
        let values: Vec<_> = document.root().children().map(Read::value).collect();
        let one = || Ok("one".to_owned());
        assert_eq!(
            values,
            [one(), Err(TreeProblem::NotText), Err(TreeProblem::NotText), one()]
        );
    }

    #[test]
    fn a_second_child_of_a_name_is_refused() {
        let document = parse("<a xmlns='n'><b/><b/><c/></a>", &MESSAGE).unwrap();
        assert!(matches!(document.root().one("n", "b"), Err(TreeProblem::Repeated("b"))));
        assert!(document.root().one("n", "c").is_ok());
        assert!(matches!(document.root().one("m", "c"), Err(TreeProblem::Missing("c"))));
    }
}
