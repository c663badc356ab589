//! What every operation of FaR and Authority has in common: one element in, one element out, or a fault.

use crate::fault::{ReceivedFault, fault_in};
use crate::soap;
use crate::xml::{Element, Limits, ReadError, Sequence, Writer, Xml};

/// Something that travels alone in a SOAP body: a request or an answer.
pub trait Wire: Sized {
    /// Namespace of the element.
    const NAMESPACE: &'static str;
    /// Name of the element.
    const NAME: &'static str;

    /// Writes what is in the element.
    fn write(&self, xml: &mut Writer);

    /// Reads what is in the element; what is left over is refused afterwards.
    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError>;

    /// The whole envelope.
    fn to_envelope(&self) -> String {
        soap::envelope(|xml| {
            xml.start(Self::NAMESPACE, Self::NAME);
            self.write(xml);
            xml.end();
        })
    }

    /// Reads the element of a body.
    fn from_element(element: Element<'_>) -> Result<Self, ReadError> {
        if !element.is(Self::NAMESPACE, Self::NAME) {
            return Err(element.wrong("the element of this operation"));
        }
        let mut content = element.sequence()?;
        let read = Self::read(&mut content)?;
        content.end()?;
        Ok(read)
    }

    /// Reads a whole envelope that may hold a fault instead.
    fn from_envelope(envelope: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let xml = Xml::parse_bytes(envelope, limits).map_err(ReadError::from)?;
        match fault_in(&xml)? {
            Some(fault) => Err(AnswerError::Fault(fault)),
            None => Ok(Self::from_element(soap::body(&xml)?)?),
        }
    }
}

/// A request, and what answers it.
pub trait Call: Wire {
    /// The answer when all is well.
    type Answer: Wire;
}

/// Why an envelope holds no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The other side refused.
    #[error(transparent)]
    Fault(#[from] ReceivedFault),
    /// The other side answered something that its schema does not allow.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// A closed list of texts, as an enumeration of a schema.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As the schema writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// From the schema's text.
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use texts;
