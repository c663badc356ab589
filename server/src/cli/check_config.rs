//! `brevlada check-config`.

use crate::config::{Config, Problems};

/// Says that the configuration is right, or everything that is wrong with it.
pub(super) fn check(config: &Config) -> Result<(), Problems> {
    super::refuse_problems(config)?;
    println!("The configuration is right. People come to {}", config.web.public_url);
    Ok(())
}
