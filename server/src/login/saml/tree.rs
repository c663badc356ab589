//! Reading a SAML document strictly: one root, no DOCTYPE, namespaces always, and values that are only text.
//!
//! The same parsed tree is verified and then read. Nothing goes back to the text it came from.

use bergshamra::xml::uppsala::{Document, NodeId, NodeKind, Parser};

/// Deeper than any message of the framework, shallow enough for any stack.
const MAX_DEPTH: u32 = 48;

/// Why a document cannot be read. Never carries what stood in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeProblem {
    /// Not well-formed, has a DOCTYPE, is too deep or has more than one root.
    #[error("not a well-formed document of one root without DOCTYPE")]
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

/// Parses `text` under the limits of this module.
pub fn parse(text: &str) -> Result<Document<'_>, TreeProblem> {
    let document = Parser::new()
        .with_forbid_dtd(true)
        .with_forbid_entities(true)
        .with_max_depth(MAX_DEPTH)
        .parse(text.strip_prefix('\u{feff}').unwrap_or(text))
        .map_err(|_| TreeProblem::Malformed)?;
    let roots = document
        .children(document.root())
        .into_iter()
        .filter(|&id| !matches!(document.node_kind(id), Some(NodeKind::Comment(_) | NodeKind::ProcessingInstruction(_))))
        .count();
    if roots == 1 && document.document_element().is_some() { Ok(document) } else { Err(TreeProblem::Malformed) }
}

/// An element of a parsed document. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Element<'t, 'a> {
    document: &'t Document<'a>,
    id: NodeId,
}

impl<'t, 'a> Element<'t, 'a> {
    /// The document element.
    pub fn root(document: &'t Document<'a>) -> Result<Self, TreeProblem> {
        let id = document.document_element().ok_or(TreeProblem::Malformed)?;
        Ok(Self { document, id })
    }

    /// The element with this node id, if that node is one.
    pub fn at(document: &'t Document<'a>, id: NodeId) -> Option<Self> {
        document.element(id).map(|_| Self { document, id })
    }

    /// Its node in the document.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The document it stands in.
    pub fn document(self) -> &'t Document<'a> {
        self.document
    }

    /// Whether it has this name in this namespace. Prefixes never matter.
    pub fn is(self, namespace: &str, name: &str) -> bool {
        self.document.element(self.id).is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    /// Its namespace and local name.
    pub fn name(self) -> (&'t str, &'t str) {
        self.document.element(self.id).map_or(("", ""), |element| {
            (element.name.namespace_uri.as_deref().unwrap_or_default(), &*element.name.local_name)
        })
    }

    /// The value of an attribute without namespace.
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        self.document
            .element(self.id)?
            .attributes
            .iter()
            .find(|attribute| attribute.name.namespace_uri.is_none() && attribute.name.local_name == name)
            .map(|attribute| &*attribute.value)
    }

    /// The value of an attribute in a namespace.
    pub fn attribute_in(self, namespace: &str, name: &str) -> Option<&'t str> {
        self.document.element(self.id)?.get_attribute_ns(namespace, name)
    }

    /// Whether every attribute is one of `names`, and none is in a namespace.
    pub fn has_only_attributes(self, names: &[&str]) -> bool {
        self.document.element(self.id).is_some_and(|element| {
            element
                .attributes
                .iter()
                .all(|attribute| attribute.name.namespace_uri.is_none() && names.contains(&&*attribute.name.local_name))
        })
    }

    /// Its child elements, in order.
    pub fn children(self) -> impl Iterator<Item = Self> + 't {
        let document = self.document;
        document.children(self.id).into_iter().filter_map(move |id| Self::at(document, id))
    }

    /// Its child elements of one name.
    pub fn all(self, namespace: &'t str, name: &'t str) -> impl Iterator<Item = Self> + 't {
        self.children().filter(move |child| child.is(namespace, name))
    }

    /// The child of that name, if there is one; two are refused.
    pub fn optional(self, namespace: &'static str, name: &'static str) -> Result<Option<Self>, TreeProblem> {
        let mut found = self.all(namespace, name);
        let first = found.next();
        if found.next().is_some() { Err(TreeProblem::Repeated(name)) } else { Ok(first) }
    }

    /// The one child of that name.
    pub fn one(self, namespace: &'static str, name: &'static str) -> Result<Self, TreeProblem> {
        self.optional(namespace, name)?.ok_or(TreeProblem::Missing(name))
    }

    /// It and every element under it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> + 't {
        let document = self.document;
        std::iter::once(self)
            .chain(document.descendants(self.id).into_iter().filter_map(move |id| Self::at(document, id)))
    }

    /// Its text, trimmed. An element, comment or processing instruction inside is refused: parsers disagree on what
    /// such a value is (CVE-2017-11428), and no honest sender writes one.
    pub fn text(self) -> Result<String, TreeProblem> {
        let mut text = String::new();
        for id in self.document.children(self.id) {
            match self.document.node_kind(id) {
                Some(NodeKind::Text(part) | NodeKind::CData(part)) => text.push_str(part),
                _ => return Err(TreeProblem::NotText),
            }
        }
        Ok(text.trim().to_owned())
    }

    /// Namespace declarations in force at this element, nearest first wins: what a fragment in this place may use.
    pub fn namespaces_in_scope(self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut at = Some(self.id);
        while let Some(id) = at {
            if let Some(element) = self.document.element(id) {
                for (prefix, uri) in &element.namespace_declarations {
                    if !found.iter().any(|(known, _)| known == prefix) {
                        found.push((prefix.to_string(), uri.to_string()));
                    }
                }
            }
            at = self.document.parent(id);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_root_and_no_doctype() {
        assert!(parse("<a/>").is_ok());
        assert!(parse("<?xml version=\"1.0\"?><!-- c --><a/>").is_ok());
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
            assert!(matches!(parse(bad), Err(TreeProblem::Malformed)), "{bad}");
        }
        assert!(parse(&("<a>".repeat(200) + &"</a>".repeat(200))).is_err());
    }

    #[test]
    fn a_value_is_text_and_nothing_else() {
        let document = parse("<a><b> one </b><c>o<!-- -->ne</c><d>o<e/>ne</d><f><![CDATA[one]]></f></a>").unwrap();
        let values: Vec<_> = Element::root(&document).unwrap().children().map(Element::text).collect();
        assert_eq!(
            values,
            [Ok("one".to_owned()), Err(TreeProblem::NotText), Err(TreeProblem::NotText), Ok("one".to_owned())]
        );
    }

    #[test]
    fn a_second_child_of_a_name_is_refused() {
        let document = parse("<a xmlns='n'><b/><b/><c/></a>").unwrap();
        let root = Element::root(&document).unwrap();
        assert!(matches!(root.one("n", "b"), Err(TreeProblem::Repeated("b"))));
        assert!(root.one("n", "c").is_ok());
        assert!(matches!(root.one("m", "c"), Err(TreeProblem::Missing("c"))));
    }
}
