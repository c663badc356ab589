//! Ways to log in.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Ways to log in.
#[async_trait]
pub trait Login: Send + Sync {
    /// The e-legitimation services to choose from, in configured order.
    async fn choices(&self) -> Result<Vec<LoginChoice>, PortError>;
    /// Those that staff may choose from, on their side: logging in there is a POST to `/staff/logga-in`.
    async fn choices_of_staff(&self) -> Result<Vec<LoginChoice>, PortError>;
}

/// One e-legitimation service. Logging in is a POST to `/logga-in` with the field `idp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginChoice {
    /// Its entity id.
    pub idp: String,
    /// Name in Swedish.
    pub name_sv: String,
    /// Name in English.
    pub name_en: String,
    /// For demonstration only.
    pub demonstration: bool,
}
