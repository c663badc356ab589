//! The help that the house itself brings: one file for each text and language in `app/locales/help`, for translators and editors. Staff
//! put their own version over any of them with `brevlada text publish`, or take it away.

/// A text of the house's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseText {
    /// Its name in addresses.
    pub slug: &'static str,
    /// `sv` or `en`.
    pub language: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The text, in Markdown, without its heading.
    pub markdown: &'static str,
}

macro_rules! guides {
    ($($slug:literal),* $(,)?) => {
        [$(
            ($slug, "sv", include_str!(concat!("../../../app/locales/help/", $slug, ".sv.md"))),
            ($slug, "en", include_str!(concat!("../../../app/locales/help/", $slug, ".en.md"))),
        )*]
    };
}

/// In the order in which people need them.
const GUIDES: [(&str, &str, &str); 22] = guides![
    "kom-igang",
    "hitta",
    "ordning",
    "aviseringar",
    "vilka-far-skicka",
    "vidarebefordra",
    "spara",
    "falska-meddelanden",
    "e-legitimation",
    "skyddade-uppgifter",
    "las-pa-ditt-satt",
];

/// Every text, in the order in which people need them. The first line of a file is its heading.
pub fn house_texts() -> impl Iterator<Item = HouseText> {
    GUIDES.into_iter().map(|(slug, language, file)| {
        let (heading, markdown) = file.split_once('\n').unwrap_or((file, ""));
        HouseText {
            slug,
            language,
            title: heading.trim_start_matches('#').trim(),
            markdown: markdown.trim_start(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::markdown::to_html;
    use crate::domain::text::Slug;
    use std::collections::BTreeMap;

    /// The addresses of links in HTML.
    fn links(html: &str) -> Vec<&str> {
        let mut found: Vec<&str> = html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        found.sort_unstable();
        found
    }

    fn count(html: &str, part: &str) -> usize {
        html.matches(part).count()
    }

    #[test]
    fn each_text_says_the_same_in_both_languages() {
        let mut texts: BTreeMap<&str, Vec<HouseText>> = BTreeMap::new();
        for text in house_texts() {
            texts.entry(text.slug).or_default().push(text);
        }
        assert_eq!(texts.len(), 11);
        for (slug, both) in texts {
            let slug: Slug = slug.parse().unwrap();
            let [sv, en] = both.as_slice() else {
                panic!("{slug}: {}", both.len())
            };
            assert_eq!((sv.language, en.language), ("sv", "en"));
            assert!(!sv.title.is_empty() && !en.title.is_empty() && sv.title != en.title);
            let (sv, en) = (to_html(sv.markdown), to_html(en.markdown));
            assert!(sv.len() > 800, "{slug} is thin");
            assert_eq!(links(&sv), links(&en), "{slug}");
            for part in ["<h2>", "<li>", "<ol>", "<tr>"] {
                assert_eq!(count(&sv, part), count(&en, part), "{slug}: {part}");
            }
            assert_eq!(
                count(&sv, "<h1>") + count(&sv, "<h3>"),
                0,
                "{slug}: headings skip no level"
            );
        }
    }

    #[test]
    fn links_lead_to_pages_of_ours() {
        let site = include_str!("../../../app/src/site.rs");
        let guides: Vec<&str> = house_texts().map(|text| text.slug).collect();
        for text in house_texts() {
            for link in links(&to_html(text.markdown)) {
                let path = link.split(['?', '#']).next().unwrap_or_default();
                let is_page = site.contains(&format!("path!(\"{path}\")"));
                let is_guide = path.strip_prefix("/hjalp/").is_some_and(|slug| guides.contains(&slug));
                assert!(is_page || is_guide, "{} {}: {link}", text.slug, text.language);
            }
        }
    }
}
