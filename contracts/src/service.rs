//! The operator's service, version 3 (section 5): what comes in, verified before it is read, and what is answered.

mod answer;
mod receive;
mod stored;
mod wsdl;

pub use answer::{DeliveryResult, read_delivery_result, write_delivery_result};
pub use receive::{ReceivePolicy, Refusal, VerifiedDelivery, receive, receive_again};
pub use stored::{ReopenError, SignatureReport, copy_of_one, recheck, reopen, reopen_copy};
pub use wsdl::{schema, wsdl};

pub use crate::delivery::Seal;
