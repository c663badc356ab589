//! Reading a parsed tree in the order that a schema gives.

use std::borrow::Cow;

use super::{Document, NodeId, NodeKind, XmlError};

/// Why a document does not say what its schema asks for. The texts name elements and rules, never values, so that they
/// may be answered and logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// An element that must be there is not, or something else stands in its place.
    #[error("{parent} must have the element {child} here; add it, in the order of the schema")]
    Missing {
        /// The element around.
        parent: String,
        /// The element that is missing.
        child: &'static str,
    },
    /// An element that the schema does not know at this place.
    #[error("{parent} has the element {child}, which the schema does not allow there; remove it or check the order")]
    Unexpected {
        /// The element around.
        parent: String,
        /// The element that should not be there.
        child: String,
    },
    /// Text between elements.
    #[error("{element} has text between its elements; remove it")]
    StrayText {
        /// The element around.
        element: String,
    },
    /// Elements where only text may be.
    #[error("{element} must hold text only; remove the elements in it")]
    NotText {
        /// The element.
        element: String,
    },
    /// An attribute that the schema does not know.
    #[error("{element} has an attribute that the schema does not allow; remove it")]
    Attribute {
        /// The element.
        element: String,
    },
    /// A value of the wrong type, length or enumeration.
    #[error("{element} must be {rule}")]
    Value {
        /// The element or attribute.
        element: String,
        /// What it must be, as the end of a sentence.
        rule: &'static str,
    },
    /// The document was refused before it was read.
    #[error(transparent)]
    Document(#[from] XmlError),
}

/// An element of a parsed document. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    id: NodeId,
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({})", self.label())
    }
}

/// An attribute that is not a namespace declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'d> {
    /// Its namespace; empty for an unprefixed one.
    pub namespace: &'d str,
    /// Its prefix as written; empty for none.
    pub prefix: &'d str,
    /// Its name without prefix.
    pub name: &'d str,
    /// Its value, normalised by the parser.
    pub value: &'d str,
}

impl<'d> Element<'d> {
    pub(super) fn new(document: &'d Document<'d>, id: NodeId) -> Self {
        Self { document, id }
    }

    /// Another element of the same tree.
    pub(crate) fn at(&self, id: NodeId) -> Element<'d> {
        Self {
            document: self.document,
            id,
        }
    }

    /// The node in the tree, for the signature library.
    pub fn node(&self) -> NodeId {
        self.id
    }

    /// The tree that the element stands in.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// Name without prefix.
    pub fn name(&self) -> &'d str {
        self.document
            .element(self.id)
            .map_or("", |element| element.name.local_name.as_ref())
    }

    /// Namespace; empty for none.
    pub fn namespace(&self) -> &'d str {
        self.document
            .element(self.id)
            .and_then(|element| element.name.namespace_uri.as_deref())
            .unwrap_or("")
    }

    /// Whether the element has this namespace and name.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name() == name && self.namespace() == namespace
    }

    /// The value of the unprefixed attribute `name`. Prefixed attributes of the same name are another thing.
    pub fn attribute(&self, name: &str) -> Option<&'d str> {
        self.attributes()
            .find(|attribute| attribute.namespace.is_empty() && attribute.name == name)
            .map(|a| a.value)
    }

    /// All attributes in the order of the document; namespace declarations are not among them.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'d>> + use<'d> {
        let attributes = self
            .document
            .element(self.id)
            .map_or(&[][..], |element| element.attributes.as_slice());
        attributes.iter().map(|attribute| Attribute {
            namespace: attribute.name.namespace_uri.as_deref().unwrap_or(""),
            prefix: attribute.name.prefix.as_deref().unwrap_or(""),
            name: attribute.name.local_name.as_ref(),
            value: attribute.value.as_ref(),
        })
    }

    /// Refuses every attribute but those unprefixed ones that are named. Attributes of other namespaces
    /// (`xsi:type` and the like) are refused too.
    pub fn only_attributes(&self, allowed: &[&str]) -> Result<(), ReadError> {
        if self
            .attributes()
            .all(|attribute| attribute.namespace.is_empty() && allowed.contains(&attribute.name))
        {
            Ok(())
        } else {
            Err(ReadError::Attribute { element: self.label() })
        }
    }

    /// The elements directly within, in order.
    pub fn children(&self) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let document = self.document;
        document
            .children_iter(self.id)
            .filter(move |id| document.element(*id).is_some())
            .map(move |id| Element { document, id })
    }

    /// The first element directly within that has this namespace and name.
    pub fn child(&self, namespace: &str, name: &str) -> Option<Element<'d>> {
        self.children().find(|child| child.is(namespace, name))
    }

    /// The only element directly within that has this namespace and name; an error when there is none or more than one.
    pub fn only_child(&self, namespace: &str, name: &'static str) -> Result<Element<'d>, ReadError> {
        let mut found = self.children().filter(|child| child.is(namespace, name));
        let Some(first) = found.next() else {
            return Err(ReadError::Missing {
                parent: self.label(),
                child: name,
            });
        };
        match found.next() {
            None => Ok(first),
            Some(_) => Err(ReadError::Unexpected {
                parent: self.label(),
                child: name.to_owned(),
            }),
        }
    }

    /// The element around; `None` for the document element.
    pub fn parent(&self) -> Option<Element<'d>> {
        let id = self.document.parent(self.id)?;
        self.document.element(id).map(|_| Element {
            document: self.document,
            id,
        })
    }

    /// The element itself and all within it, in document order.
    pub fn descend(&self) -> Vec<Element<'d>> {
        let (mut found, mut waiting) = (Vec::new(), vec![*self]);
        while let Some(element) = waiting.pop() {
            found.push(element);
            let first = waiting.len();
            waiting.extend(element.children());
            // The last one in comes out first, and document order is what callers expect.
            if let Some(new) = waiting.get_mut(first..) {
                new.reverse();
            }
        }
        found
    }

    /// The text of an element that holds only text. Comments are not part of it.
    pub fn text(&self) -> Result<Cow<'d, str>, ReadError> {
        let mut text = Cow::Borrowed("");
        for id in self.document.children_iter(self.id) {
            match self.document.node_kind(id) {
                Some(NodeKind::Text(piece) | NodeKind::CData(piece)) => {
                    if text.is_empty() {
                        text = Cow::Borrowed(piece.as_ref());
                    } else {
                        text.to_mut().push_str(piece);
                    }
                }
                Some(NodeKind::Comment(_)) => {}
                _ => return Err(ReadError::NotText { element: self.label() }),
            }
        }
        Ok(text)
    }

    /// The text, without white space around it: for types whose white space collapses (numbers, dates, identifiers).
    pub fn token(&self) -> Result<Cow<'d, str>, ReadError> {
        Ok(match self.text()? {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_space)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(is_space).to_owned()),
        })
    }

    /// The text as `T`, read by `read`; `rule` says what it must be.
    pub fn parse<T>(&self, rule: &'static str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, ReadError> {
        let text = self.token()?;
        read(&text).ok_or_else(|| self.wrong(rule))
    }

    /// The error for a value that breaks `rule`.
    pub fn wrong(&self, rule: &'static str) -> ReadError {
        ReadError::Value {
            element: self.label(),
            rule,
        }
    }

    /// The children one after the other, as a schema's sequence. Refuses text between them.
    pub fn sequence(&self) -> Result<Sequence<'d>, ReadError> {
        for id in self.document.children_iter(self.id) {
            if let Some(NodeKind::Text(text) | NodeKind::CData(text)) = self.document.node_kind(id)
                && !text.chars().all(is_space)
            {
                return Err(ReadError::StrayText { element: self.label() });
            }
        }
        Ok(Sequence {
            parent: *self,
            rest: self.children().collect::<Vec<_>>().into_iter().peekable(),
        })
    }

    /// The element's name, fit for an error text: what a stranger wrote is shown only when it is a plain short name.
    pub fn label(&self) -> String {
        let name = self.name();
        let plain = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if plain && name.len() <= 40 {
            name.to_owned()
        } else {
            "(unnamed)".to_owned()
        }
    }
}

/// White space as XML knows it.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The children of an element, taken in the order of a schema.
pub struct Sequence<'d> {
    parent: Element<'d>,
    rest: std::iter::Peekable<std::vec::IntoIter<Element<'d>>>,
}

impl<'d> Sequence<'d> {
    /// The next element, which must be this one.
    pub fn required(&mut self, namespace: &str, name: &'static str) -> Result<Element<'d>, ReadError> {
        self.optional(namespace, name).ok_or_else(|| ReadError::Missing {
            parent: self.parent.label(),
            child: name,
        })
    }

    /// The next element, when it is this one.
    pub fn optional(&mut self, namespace: &str, name: &str) -> Option<Element<'d>> {
        self.rest.next_if(|element| element.is(namespace, name))
    }

    /// All next elements that are this one; perhaps none.
    pub fn many(&mut self, namespace: &str, name: &str) -> Vec<Element<'d>> {
        std::iter::from_fn(|| self.optional(namespace, name)).collect()
    }

    /// All next elements that are this one; at least one.
    pub fn some(&mut self, namespace: &str, name: &'static str) -> Result<Vec<Element<'d>>, ReadError> {
        let first = self.required(namespace, name)?;
        let mut all = vec![first];
        all.extend(self.many(namespace, name));
        Ok(all)
    }

    /// All next elements that are not of the given namespace (the schema's `##other`).
    pub fn foreign(&mut self, namespace: &str) -> Vec<Element<'d>> {
        std::iter::from_fn(|| {
            self.rest
                .next_if(|element| element.namespace() != namespace && !element.namespace().is_empty())
        })
        .collect()
    }

    /// Whether nothing is left.
    pub fn is_empty(&mut self) -> bool {
        self.rest.peek().is_none()
    }

    /// Refuses whatever is left.
    pub fn end(mut self) -> Result<(), ReadError> {
        match self.rest.next() {
            None => Ok(()),
            Some(child) => Err(ReadError::Unexpected {
                parent: self.parent.label(),
                child: child.label(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Xml};
    use super::*;

    fn with<T>(text: &str, read: impl FnOnce(Element<'_>) -> T) -> T {
        read(Xml::parse(text, &Limits::default()).unwrap().root())
    }

    #[test]
    fn a_sequence_is_read_in_order_and_to_its_end() {
        with("<a xmlns='n'> <b>1</b><c/><c/> <d/></a>", |a| {
            let mut children = a.sequence().unwrap();
            assert_eq!(children.required("n", "b").unwrap().text().unwrap(), "1");
            assert!(children.optional("n", "x").is_none());
            assert_eq!(children.many("n", "c").len(), 2);
            assert_eq!(
                children.required("n", "e").unwrap_err(),
                ReadError::Missing {
                    parent: "a".into(),
                    child: "e"
                }
            );
            assert_eq!(
                children.end().unwrap_err(),
                ReadError::Unexpected {
                    parent: "a".into(),
                    child: "d".into()
                }
            );
        });
    }

    #[test]
    fn namespaces_tell_elements_and_attributes_apart() {
        with(
            "<a xmlns='n' xmlns:o='m' o:id='1' id='2'><o:b/><b xmlns=''/></a>",
            |a| {
                assert_eq!(a.attribute("id"), Some("2"));
                assert!(a.child("n", "b").is_none());
                assert_eq!(a.child("", "b").unwrap().namespace(), "");
                assert!(a.only_attributes(&["id"]).is_err());
                assert_eq!(a.sequence().unwrap().foreign("n").len(), 1);
            },
        );
    }

    #[test]
    fn text_is_joined_over_comments_and_sections() {
        with("<a> x<!-- no -->y<![CDATA[<z>]]>&amp; </a>", |a| {
            assert_eq!(a.text().unwrap(), " xy<z>& ");
            assert_eq!(a.token().unwrap(), "xy<z>&");
        });
        with("<a>x<b/></a>", |a| {
            assert!(matches!(a.text(), Err(ReadError::NotText { .. })));
        });
        with("<a>x<b/></a>", |a| {
            assert!(matches!(a.sequence(), Err(ReadError::StrayText { .. })));
        });
    }

    #[test]
    fn descending_follows_the_document() {
        with("<a><b><c/></b><d/></a>", |a| {
            let names: Vec<_> = a.descend().iter().map(Element::name).collect();
            assert_eq!(names, ["a", "b", "c", "d"]);
        });
    }

    #[test]
    fn an_error_never_quotes_what_a_stranger_wrote() {
        with("<a><åäö/></a>", |a| {
            let error = a.sequence().unwrap().end().unwrap_err();
            assert_eq!(
                error.to_string(),
                "a has the element (unnamed), which the schema does not allow there; remove it or check the order"
            );
        });
    }
}
