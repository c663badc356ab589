//! `brevlada text`: help, news and banners, as files with Markdown in them.

use super::output::say;
use super::{CommandError, shown};
use crate::audit::Actor;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::help::house_texts;
use crate::domain::text::{Kind, Slug};
use crate::house::House;
use crate::mailbox::texts::{Written, write};
use crate::store;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How many versions are listed.
const LISTED: i64 = 500;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Text {
    /// Every version of every text: what is shown, what waits, what was.
    List,
    /// Write a new version of a text, from a file. What was there before is kept.
    Publish(Publish),
    /// Take a text away, one that the house brings too. Its versions are kept.
    Withdraw(Withdraw),
    /// Print the Markdown of every version of a text, newest first, then what the house brings.
    Show(Name),
}

#[derive(Args, Clone, Debug)]
pub(super) struct Name {
    /// help, news or banner.
    #[arg(long)]
    kind: Kind,
    /// The text's name in addresses: small letters, digits and hyphens.
    #[arg(long)]
    name: Slug,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Publish {
    #[command(flatten)]
    text: Name,
    /// sv or en. Without English, the Swedish text is shown.
    #[arg(long, value_parser = ["sv", "en"])]
    language: String,
    /// Its heading.
    #[arg(long)]
    title: String,
    /// A file with the text, in Markdown.
    #[arg(long)]
    file: PathBuf,
    /// From when it is shown, such as 2026-12-01T08:00:00+01:00. At once when it is not said.
    #[arg(long, value_parser = moment)]
    at: Option<OffsetDateTime>,
    /// When it is gone by itself: for a banner, whose disturbance ends.
    #[arg(long, value_parser = moment)]
    until: Option<OffsetDateTime>,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Withdraw {
    #[command(flatten)]
    text: Name,
    /// sv or en.
    #[arg(long, value_parser = ["sv", "en"])]
    language: String,
    /// From when it is away. At once when it is not said.
    #[arg(long, value_parser = moment)]
    at: Option<OffsetDateTime>,
}

fn moment(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| "a time looks like 2026-12-01T08:00:00+01:00".to_owned())
}

impl Text {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = super::existing_db(config).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        match self {
            Text::List => list(&house).await?,
            Text::Show(name) => show(&house, &name).await?,
            Text::Publish(publish) => {
                let markdown = std::fs::read_to_string(&publish.file).map_err(|source| CommandError::File {
                    path: publish.file.clone(),
                    source,
                })?;
                let at = publish.at.unwrap_or_else(|| house.clock.now());
                let written = Written {
                    kind: publish.text.kind,
                    slug: publish.text.name,
                    language: publish.language,
                    title: publish.title,
                    markdown: Some(markdown),
                    shown_from: at,
                    shown_until: publish.until,
                    by: Actor::Command,
                };
                write(&house, written).await?;
                say!("Written; it is shown from {}.", shown(at))?;
            }
            Text::Withdraw(withdraw) => {
                let at = withdraw.at.unwrap_or_else(|| house.clock.now());
                let written = Written {
                    kind: withdraw.text.kind,
                    slug: withdraw.text.name,
                    language: withdraw.language,
                    title: String::new(),
                    markdown: None,
                    shown_from: at,
                    shown_until: None,
                    by: Actor::Command,
                };
                write(&house, written).await?;
                say!("It is away from {}; its versions are kept.", shown(at))?;
            }
        }
        house.db.close().await;
        Ok(())
    }
}

async fn list(house: &House) -> Result<(), CommandError> {
    let mut tx = house.db.read().await?;
    let texts = store::text::all(&mut tx, LISTED).await?;
    if texts.is_empty() {
        say!("There are no texts yet.")?;
    }
    for text in texts {
        let what = if text.withdrawn { "(taken away)" } else { &text.title };
        say!(
            "{} {} {} from {}: {what}",
            text.kind,
            text.slug,
            text.language,
            shown(text.shown_from)
        )?;
    }
    Ok(())
}

async fn show(house: &House, name: &Name) -> Result<(), CommandError> {
    let mut tx = house.db.read().await?;
    for text in store::text::versions(&mut tx, name.kind.as_str(), name.name.as_str()).await? {
        say!("--- {} from {}: {}", text.language, shown(text.shown_from), text.title)?;
        say!("{}", text.markdown)?;
    }
    let own = house_texts().filter(|text| name.kind == Kind::Help && text.slug == name.name.as_str());
    for text in own {
        say!("--- {} the house's own: {}", text.language, text.title)?;
        say!("{}", text.markdown)?;
    }
    Ok(())
}
