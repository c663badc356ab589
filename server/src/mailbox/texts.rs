//! Help and news: staff write them, each version with the time from which it is shown, and anybody reads them. Help that nobody has
//! written anew, or taken away, is the house's own.

use super::MailboxError;
use crate::audit::{self, Actor, Event, Scribe};
use crate::db::Tx;
use crate::domain::audit::AuditAct;
use crate::domain::help::{HouseText, house_texts};
use crate::domain::markdown;
use crate::domain::text::{Kind, Slug};
use crate::house::House;
use crate::store;
use crate::store::text::TextRow;
use time::OffsetDateTime;

/// A text as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name in addresses.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// The language that it is in: the one asked for, or Swedish where there is no other.
    pub language: String,
    /// From when this version is shown; of the house's own nothing is said.
    pub shown_from: Option<OffsetDateTime>,
}

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What the list says of it.
    pub listed: Listed,
    /// The text, safe to put on a page.
    pub html: String,
}

/// A version to be written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Help or news.
    pub kind: Kind,
    /// The text's name.
    pub slug: Slug,
    /// `sv` or `en`.
    pub language: String,
    /// Its heading.
    pub title: String,
    /// The text; none takes the text away.
    pub markdown: Option<String>,
    /// From when it is shown.
    pub shown_from: OffsetDateTime,
    /// When it is gone, if it ends by itself.
    pub shown_until: Option<OffsetDateTime>,
    /// Who writes it.
    pub by: Actor,
}

/// The texts that are shown now, each once: those that the house brings in its order, then staff's, newest first.
pub async fn list(house: &House, kind: Kind, language: &str) -> Result<Vec<Listed>, MailboxError> {
    let texts = shown(house, kind, language).await?;
    Ok(texts.iter().map(listed).collect())
}

/// One text, as it is shown now.
pub async fn read(house: &House, kind: Kind, slug: &str, language: &str) -> Result<Option<Read>, MailboxError> {
    let texts = shown(house, kind, language).await?;
    Ok(texts.iter().find(|text| text.slug == slug).map(|text| Read {
        listed: listed(text),
        html: markdown::to_html(&text.markdown),
    }))
}

/// Writes a version. What was there before stays, and is shown until the new one's time has come.
pub async fn write(house: &House, text: Written) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    write_in(&mut tx, house, text).await?;
    tx.commit().await?;
    Ok(())
}

/// The same in the caller's transaction.
pub(crate) async fn write_in(tx: &mut Tx, house: &House, text: Written) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let row = TextRow {
        id: house.ids.at(now),
        kind: text.kind.as_str().to_owned(),
        slug: text.slug.to_string(),
        language: text.language,
        withdrawn: text.markdown.is_none(),
        title: text.title,
        markdown: text.markdown.unwrap_or_default(),
        shown_from: text.shown_from,
        shown_until: text.shown_until,
        written_at: now,
    };
    store::text::insert(tx, &row).await?;
    let act = if row.withdrawn {
        AuditAct::WithdrewText
    } else {
        AuditAct::WroteText
    };
    let object = format!("{} {} {}", row.kind, row.slug, row.language);
    audit::append(tx, Scribe::of(house), Event::by(&text.by, act).about_object(object)).await?;
    Ok(())
}

/// A banner: what is said of a disturbance, on every page while it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// Its heading.
    pub title: String,
    /// The language that it is in.
    pub language: String,
    /// The text, safe to put on a page.
    pub html: String,
}

/// The banners that are shown now, newest first.
pub async fn banners(house: &House, language: &str) -> Result<Vec<Banner>, MailboxError> {
    let shown = shown(house, Kind::Banner, language).await?;
    Ok(shown
        .into_iter()
        .map(|text| Banner {
            html: markdown::to_html(&text.markdown),
            title: text.title,
            language: text.language,
        })
        .collect())
}

/// A text that is shown now.
#[derive(Clone)]
struct Current {
    slug: String,
    language: String,
    title: String,
    markdown: String,
    since: Option<OffsetDateTime>,
}

/// The version of each text in the language asked for, or in Swedish.
async fn shown(house: &House, kind: Kind, language: &str) -> Result<Vec<Current>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let texts = store::text::shown(&mut tx, kind.as_str(), now).await?;
    let mut texts: Vec<Current> = texts.into_iter().map(Current::from).collect();
    if kind == Kind::Help {
        let decided = store::text::decided(&mut tx, kind.as_str(), now).await?;
        let is_decided = |text: &HouseText| {
            decided
                .iter()
                .any(|(slug, language)| slug == text.slug && language == text.language)
        };
        texts.extend(house_texts().filter(|text| !is_decided(text)).map(Current::from));
        let place = |text: &Current| house_texts().position(|own| own.slug == text.slug);
        texts.sort_by_key(|text| place(text).unwrap_or(usize::MAX));
    }
    let has_own = |slug: &str| texts.iter().any(|text| text.slug == slug && text.language == language);
    Ok(texts
        .iter()
        .filter(|text| text.language == language || (text.language == "sv" && !has_own(&text.slug)))
        .cloned()
        .collect())
}

impl From<TextRow> for Current {
    fn from(row: TextRow) -> Self {
        Self {
            slug: row.slug,
            language: row.language,
            title: row.title,
            markdown: row.markdown,
            since: Some(row.shown_from),
        }
    }
}

impl From<HouseText> for Current {
    fn from(text: HouseText) -> Self {
        Self {
            slug: text.slug.to_owned(),
            language: text.language.to_owned(),
            title: text.title.to_owned(),
            markdown: text.markdown.to_owned(),
            since: None,
        }
    }
}

fn listed(text: &Current) -> Listed {
    Listed {
        slug: text.slug.clone(),
        title: text.title.clone(),
        language: text.language.clone(),
        shown_from: text.since,
    }
}
