//! `brevlada check-config`.

use super::CommandError;
use super::output::say;
use crate::config::Config;
use std::path::Path;

/// Says that the configuration is right, or everything that is wrong with it.
pub(super) fn check(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), CommandError> {
    let config = Config::check(file, environment)?;
    say!("The configuration is right. People come to {}", config.web.public_url)
}
