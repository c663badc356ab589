//! Help, news and banners: staff write them in both languages, look at them, and choose from when they are shown.

use super::access::OnDuty;
use super::{SupportError, draft};
use crate::domain::calendar::moment_in_sweden;
use crate::domain::help::house_texts;
use crate::domain::markdown;
use crate::domain::staff::StaffAct;
use crate::domain::text::{Kind, Slug};
use crate::house::House;
use crate::mailbox::texts::{Written, write_in};
use crate::store;
use crate::store::text::TextRow;
use serde::{Deserialize, Serialize};
use time::format_description::FormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};
use uuid::Uuid;

/// The longest heading, in characters.
pub const LONGEST_TITLE: usize = 120;
/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 20_000;
/// How many versions of how many texts a list looks through.
const LISTED: i64 = 2_000;

const DAY: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]");
const CLOCK: &[FormatItem<'_>] = format_description!("[hour]:[minute]");

/// A text as it is typed: everything as it stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// `help`, `news` or `banner`.
    pub kind: String,
    /// The text's name in addresses.
    pub name: String,
    /// Heading and text in Swedish.
    pub sv: (String, String),
    /// The same in English.
    pub en: (String, String),
    /// Day and time from which it is shown; at once when there is no day.
    pub from: (String, String),
    /// Day and time when a banner is gone.
    pub until: (String, String),
}

/// A field that is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such kind of text.
    Kind,
    /// It is no name.
    Name,
    /// The Swedish heading is missing or too long.
    TitleSv,
    /// The Swedish text is missing or too long.
    TextSv,
    /// The English heading is missing or too long.
    TitleEn,
    /// The English text is missing or too long.
    TextEn,
    /// The day or the time from which it is shown is none.
    From,
    /// The day or the time when it is gone is none, or is over, or is before the other.
    Until,
}

/// What came of saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Written, in so many languages; shown from then.
    Done {
        /// Which kind.
        kind: Kind,
        /// Its name.
        name: String,
    },
    /// Kept under this id, to be looked at or put right.
    Kept {
        /// Names what was typed.
        draft: Uuid,
        /// What is not right.
        wrong: Vec<Wrong>,
    },
}

/// How a text stands in one language.
#[derive(Clone, Debug)]
pub struct Version {
    /// The row.
    pub row: TextRow,
    /// Its place in time.
    pub when: When,
}

/// Where a version stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It is shown now; or, of one that takes the text away, nothing is.
    Now,
    /// Its time has not come.
    Coming,
    /// Another one has come after it, or it has ended.
    Past,
}

/// A text of which there are versions.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The house brings a text of this name.
    pub houses: bool,
    /// The newest version in each language that is not past, or the newest of all.
    pub versions: Vec<Version>,
}

/// Every text that there is: those that staff have written, and the help that the house brings.
pub async fn list(house: &House, duty: &OnDuty) -> Result<Vec<Listed>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeTexts).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let rows = store::text::all(&mut tx, LISTED).await?;
    leave.write(&mut tx, house, None).await?;
    tx.commit().await?;
    let mut listed: Vec<Listed> = Vec::new();
    for version in placed(rows, now) {
        let (kind, name) = (version.row.kind.clone(), version.row.slug.clone());
        match listed.iter_mut().find(|one| one.kind == kind && one.name == name) {
            Some(one) => one.versions.push(version),
            None => listed.push(Listed {
                houses: is_houses(&kind, &name),
                kind,
                name,
                versions: vec![version],
            }),
        }
    }
    for one in &mut listed {
        let any = one.versions.iter().any(|version| version.when != When::Past);
        let mut seen: Vec<String> = Vec::new();
        one.versions.retain(|version| {
            let first = !seen.contains(&version.row.language);
            let keep = version.when != When::Past || (!any && first);
            if keep {
                seen.push(version.row.language.clone());
            }
            keep
        });
    }
    for text in house_texts().filter(|text| text.language == "sv") {
        if !listed
            .iter()
            .any(|one| one.kind == Kind::Help.as_str() && one.name == text.slug)
        {
            listed.push(Listed {
                kind: Kind::Help.as_str().to_owned(),
                name: text.slug.to_owned(),
                houses: true,
                versions: Vec::new(),
            });
        }
    }
    Ok(listed)
}

/// Every version of a text, newest first; nothing when there is none and the house brings none.
pub async fn versions(house: &House, duty: &OnDuty, kind: Kind, name: &Slug) -> Result<Option<Listed>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeTexts).await?;
    let mut tx = house.db.begin().await?;
    let rows = store::text::versions(&mut tx, kind.as_str(), name.as_str()).await?;
    let houses = is_houses(kind.as_str(), name.as_str());
    if rows.is_empty() && !houses {
        return Ok(None);
    }
    leave
        .write(&mut tx, house, Some(format!("{} {name}", kind.as_str())))
        .await?;
    tx.commit().await?;
    Ok(Some(Listed {
        kind: kind.as_str().to_owned(),
        name: name.to_string(),
        houses,
        versions: placed(rows, house.clock.now()),
    }))
}

fn is_houses(kind: &str, name: &str) -> bool {
    kind == Kind::Help.as_str() && house_texts().any(|text| text.slug == name)
}

/// Each version with its place in time. The rows stand by language, newest first.
fn placed(rows: Vec<TextRow>, now: OffsetDateTime) -> Vec<Version> {
    let mut current: Vec<(String, String, String)> = Vec::new();
    rows.into_iter()
        .map(|row| {
            let text = (row.kind.clone(), row.slug.clone(), row.language.clone());
            let when = if row.shown_from > now {
                When::Coming
            } else if current.contains(&text) || row.shown_until.is_some_and(|until| until <= now) {
                When::Past
            } else {
                When::Now
            };
            if row.shown_from <= now {
                current.push(text);
            }
            Version { row, when }
        })
        .collect()
}

/// What stands in the form at first: the newest version of a text in each language, or what the house brings; empty fields for a new one.
pub async fn begin(house: &House, duty: &OnDuty, kind: Kind, name: Option<&Slug>) -> Result<Typed, SupportError> {
    duty.leave_to(house, StaffAct::WriteText).await?;
    let mut typed = Typed {
        kind: kind.as_str().to_owned(),
        ..Typed::default()
    };
    let Some(name) = name else {
        return Ok(typed);
    };
    typed.name = name.to_string();
    let mut tx = house.db.read().await?;
    let rows = store::text::versions(&mut tx, kind.as_str(), name.as_str()).await?;
    let of = |language: &str| {
        rows.iter()
            .find(|row| row.language == language && !row.withdrawn)
            .map(|row| (row.title.clone(), row.markdown.clone()))
            .or_else(|| {
                house_texts()
                    .find(|text| kind == Kind::Help && text.slug == name.as_str() && text.language == language)
                    .map(|text| (text.title.to_owned(), text.markdown.to_owned()))
            })
            .unwrap_or_default()
    };
    typed.sv = of("sv");
    typed.en = of("en");
    Ok(typed)
}

/// What was typed before, if it is theirs, with how it will look in each language.
pub async fn resume(house: &House, duty: &OnDuty, draft: Uuid) -> Result<Option<Typed>, SupportError> {
    duty.leave_to(house, StaffAct::WriteText).await?;
    let mut tx = house.db.read().await?;
    draft::find(&mut tx, house, duty, draft).await
}

/// How a text will look.
pub fn preview(markdown: &str) -> String {
    markdown::to_html(markdown)
}

/// Keeps what was typed, to be looked at; or, when everything is right and it is asked for, writes it in each language that it has.
pub async fn save(house: &House, duty: &OnDuty, typed: Typed, publish: bool) -> Result<Saved, SupportError> {
    let leave = duty.leave_to(house, StaffAct::WriteText).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let (texts, wrong) = read(&typed, now);
    let Some((kind, name, from, until)) = texts.filter(|_| publish && wrong.is_empty()) else {
        let draft = draft::keep(&mut tx, house, duty, &typed).await?;
        tx.commit().await?;
        return Ok(Saved::Kept { draft, wrong });
    };
    for (language, (title, markdown)) in [("sv", typed.sv), ("en", typed.en)] {
        if title.trim().is_empty() {
            continue;
        }
        let written = Written {
            kind,
            slug: name.clone(),
            language: language.to_owned(),
            title: title.trim().to_owned(),
            markdown: Some(markdown.replace("\r\n", "\n")),
            shown_from: from,
            shown_until: until,
            by: leave.actor().clone(),
        };
        write_in(&mut tx, house, written).await?;
    }
    tx.commit().await?;
    Ok(Saved::Done {
        kind,
        name: name.to_string(),
    })
}

/// Takes a text away in both languages, from now on; false when nothing of it is shown or coming.
pub async fn withdraw(house: &House, duty: &OnDuty, kind: Kind, name: &Slug) -> Result<bool, SupportError> {
    let leave = duty.leave_to(house, StaffAct::WriteText).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let rows = placed(store::text::versions(&mut tx, kind.as_str(), name.as_str()).await?, now);
    let houses = is_houses(kind.as_str(), name.as_str());
    let mut any = false;
    for language in ["sv", "en"] {
        let of_it: Vec<_> = rows.iter().filter(|version| version.row.language == language).collect();
        let shown = of_it
            .iter()
            .any(|version| version.when == When::Now && !version.row.withdrawn)
            || (houses && !of_it.iter().any(|version| version.when == When::Now));
        // What is still to come is taken away too: by another version at the same time.
        let coming = of_it
            .iter()
            .filter(|version| version.when == When::Coming && !version.row.withdrawn)
            .map(|version| version.row.shown_from);
        for at in shown.then_some(now).into_iter().chain(coming) {
            any = true;
            let written = Written {
                kind,
                slug: name.clone(),
                language: language.to_owned(),
                title: String::new(),
                markdown: None,
                shown_from: at,
                shown_until: None,
                by: leave.actor().clone(),
            };
            write_in(&mut tx, house, written).await?;
        }
    }
    tx.commit().await?;
    Ok(any)
}

type Read = (Kind, Slug, OffsetDateTime, Option<OffsetDateTime>);

/// What is meant by what was typed, and every field that is not right.
fn read(typed: &Typed, now: OffsetDateTime) -> (Option<Read>, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let kind = typed.kind.parse::<Kind>().ok();
    let name = typed.name.trim().parse::<Slug>().ok();
    if kind.is_none() {
        wrong.push(Wrong::Kind);
    }
    if name.is_none() {
        wrong.push(Wrong::Name);
    }
    let fits = |text: &str, longest: usize| (1..=longest).contains(&text.trim().chars().count());
    // Of a disturbance everybody is told in their own language; other texts are shown in Swedish where there is no English.
    let english = kind == Some(Kind::Banner) || !(typed.en.0.trim().is_empty() && typed.en.1.trim().is_empty());
    for (field, is_wrong) in [
        (Wrong::TitleSv, !fits(&typed.sv.0, LONGEST_TITLE)),
        (Wrong::TextSv, !fits(&typed.sv.1, LONGEST_TEXT)),
        (Wrong::TitleEn, english && !fits(&typed.en.0, LONGEST_TITLE)),
        (Wrong::TextEn, english && !fits(&typed.en.1, LONGEST_TEXT)),
    ] {
        if is_wrong {
            wrong.push(field);
        }
    }
    let from = match moment(&typed.from) {
        Ok(from) => from.unwrap_or(now).max(now),
        Err(()) => {
            wrong.push(Wrong::From);
            now
        }
    };
    let until = if kind == Some(Kind::Banner) {
        match moment(&typed.until) {
            Ok(Some(until)) if until > from => Some(until),
            _ => {
                wrong.push(Wrong::Until);
                None
            }
        }
    } else {
        None
    };
    (kind.zip(name).map(|(kind, name)| (kind, name, from, until)), wrong)
}

/// A moment in Sweden by day and time; nothing without a day, midnight without a time.
fn moment((day, clock): &(String, String)) -> Result<Option<OffsetDateTime>, ()> {
    let (day, clock) = (day.trim(), clock.trim());
    if day.is_empty() && clock.is_empty() {
        return Ok(None);
    }
    let day = Date::parse(day, DAY).map_err(drop)?;
    let clock = if clock.is_empty() {
        Time::MIDNIGHT
    } else {
        Time::parse(&clock.replace('.', ":"), CLOCK).map_err(drop)?
    };
    Ok(Some(moment_in_sweden(day, clock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    fn banner() -> Typed {
        Typed {
            kind: "banner".to_owned(),
            name: "driftstopp".to_owned(),
            sv: pair("Driftstopp", "Stängt i natt."),
            en: pair("Disturbance", "Closed tonight."),
            from: pair("", ""),
            until: pair("2026-11-28", "06.30"),
        }
    }

    #[test]
    fn what_is_typed_is_read_field_by_field() {
        let now = datetime!(2026-11-27 08:00 UTC);
        let wrong = |typed: &Typed| read(typed, now).1;
        let (read_it, none) = read(&banner(), now);
        assert_eq!(none, []);
        let (kind, name, from, until) = read_it.unwrap();
        assert_eq!(
            (kind, name.as_str(), from, until),
            (Kind::Banner, "driftstopp", now, Some(datetime!(2026-11-28 05:30 UTC)))
        );

        assert_eq!(
            wrong(&Typed {
                en: pair("", ""),
                ..banner()
            }),
            [Wrong::TitleEn, Wrong::TextEn]
        );
        assert_eq!(
            wrong(&Typed {
                until: pair("", ""),
                ..banner()
            }),
            [Wrong::Until],
            "a banner ends"
        );
        assert_eq!(
            wrong(&Typed {
                until: pair("2026-11-27", "08.59"),
                ..banner()
            }),
            [Wrong::Until],
            "it is over"
        );
        assert_eq!(
            wrong(&Typed {
                until: pair("2026-02-30", ""),
                ..banner()
            }),
            [Wrong::Until]
        );
        assert_eq!(
            wrong(&Typed {
                from: pair("i går", ""),
                ..banner()
            }),
            [Wrong::From]
        );
        assert_eq!(
            wrong(&Typed {
                name: "Å".to_owned(),
                ..banner()
            }),
            [Wrong::Name]
        );
        assert_eq!(
            wrong(&Typed {
                kind: "letter".to_owned(),
                ..banner()
            }),
            [Wrong::Kind]
        );

        let news = Typed {
            kind: "news".to_owned(),
            en: pair("", ""),
            until: pair("", ""),
            ..banner()
        };
        assert_eq!(wrong(&news), []);
        assert_eq!(
            wrong(&Typed {
                en: pair("Only a heading", " "),
                ..news.clone()
            }),
            [Wrong::TextEn]
        );
        let earlier = Typed {
            from: pair("2026-11-01", "12:00"),
            ..news
        };
        assert_eq!(read(&earlier, now).0.unwrap().2, now, "what is past cannot be changed");
    }
}
