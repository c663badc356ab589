//! `brevlada check-config`.

use crate::config::{Config, Problems};
use std::path::Path;

/// Says that the configuration is right, or everything that is wrong with it.
pub(super) fn check(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), Problems> {
    let config = Config::check(file, environment)?;
    println!("The configuration is right. People come to {}", config.web.public_url);
    Ok(())
}
