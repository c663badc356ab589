//! The namespace rule of deliveries (section 7.2).
//!
//! Senders sign a stand-alone document without prefixes; SOAP stacks then give it whatever prefixes they like. So what
//! arrives is written anew: no prefixes, `xmlns` only where the namespace changes. The result is in canonical form as it
//! stands, which is why its bytes are at once what is digested, what is read and what is kept.

use super::SignatureError;
use crate::namespace::XML;
use crate::xml::{Attribute, Element, NodeId, NodeKind, escape_attribute, escape_text};

/// Writes `element` as a document of its own, under another name when `name` (namespace and name) says so.
///
/// Text stays to the last byte, comments are dropped (canonical form has none), processing instructions are refused.
/// Attributes with a prefix keep it, and the declaration they need is added: what the signer did with those is not
/// defined anywhere, so such a document may fail to verify, but it is never read differently from what was verified.
pub fn rebuild(element: Element<'_>, name: Option<(&str, &str)>) -> Result<String, SignatureError> {
    let (namespace, local) = name.unwrap_or((element.namespace(), element.name()));
    let size = element
        .document()
        .node_range(element.node())
        .map_or(0, |range| range.len());
    let mut rebuilding = Rebuilding {
        out: String::with_capacity(size + 1024),
        declared: Vec::new(),
        most: size.saturating_mul(GROWTH).saturating_add(64 * 1024),
    };
    rebuilding.element(element, namespace, local, "")?;
    Ok(rebuilding.out)
}

struct Rebuilding<'d> {
    out: String,
    /// Prefixes declared in the new document, innermost last.
    declared: Vec<(&'d str, &'d str)>,
    /// A namespace declared once may have to be written at every element, so a small document could become a huge one.
    most: usize,
}

/// How many times its own size a document may become when it is written anew.
const GROWTH: usize = 8;

impl<'d> Rebuilding<'d> {
    /// The parser has limited the depth, so this may call itself.
    fn element(
        &mut self,
        element: Element<'d>,
        namespace: &str,
        name: &str,
        around: &str,
    ) -> Result<(), SignatureError> {
        let outer = self.declared.len();
        self.out.push('<');
        self.out.push_str(name);
        if namespace != around {
            self.attribute("", "xmlns", namespace);
        }
        let mut attributes: Vec<_> = element.attributes().collect();
        if !attributes.is_empty() {
            self.attributes(&mut attributes);
        }
        self.out.push('>');
        if self.out.len() > self.most {
            return Err(SignatureError::Structure(
                "it becomes too large when it is written without prefixes",
            ));
        }
        for node in element.document().children_iter(element.node()) {
            self.node(element, node, namespace)?;
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.declared.truncate(outer);
        Ok(())
    }

    fn node(&mut self, parent: Element<'d>, node: NodeId, namespace: &str) -> Result<(), SignatureError> {
        match parent.document().node_kind(node) {
            Some(NodeKind::Text(text) | NodeKind::CData(text)) => escape_text(text, &mut self.out),
            Some(NodeKind::Element(_)) => {
                let child = parent.at(node);
                self.element(child, child.namespace(), child.name(), namespace)?;
            }
            Some(NodeKind::Comment(_)) => {}
            _ => return Err(SignatureError::ProcessingInstruction),
        }
        Ok(())
    }

    /// Declarations first, by prefix; then the attributes, by namespace and name: the order of canonical form.
    fn attributes(&mut self, attributes: &mut [Attribute<'d>]) {
        let mut needed: Vec<_> = attributes
            .iter()
            .filter(|a| !a.namespace.is_empty() && a.namespace != XML && !self.is_declared(a.prefix, a.namespace))
            .map(|a| (a.prefix, a.namespace))
            .collect();
        needed.sort_unstable();
        needed.dedup();
        for (prefix, namespace) in needed {
            self.attribute("xmlns", prefix, namespace);
            self.declared.push((prefix, namespace));
        }
        attributes.sort_unstable_by_key(|a| (a.namespace, a.name));
        for attribute in attributes.iter() {
            self.attribute(attribute.prefix, attribute.name, attribute.value);
        }
    }

    fn is_declared(&self, prefix: &str, namespace: &str) -> bool {
        self.declared
            .iter()
            .rev()
            .find(|(known, _)| *known == prefix)
            .is_some_and(|(_, known)| *known == namespace)
    }

    fn attribute(&mut self, prefix: &str, name: &str, value: &str) {
        self.out.push(' ');
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape_attribute(value, &mut self.out);
        self.out.push('"');
    }
}
