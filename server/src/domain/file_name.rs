//! Names under which files are saved on people's machines.

use super::visible::visible;

/// A name that is safe to show and to save: no folder, nothing unseen or direction-changing, nothing that Windows refuses, not too
/// long. What is left empty is called `otherwise`.
pub fn safe_file_name(given: &str, otherwise: &str) -> String {
    let last = visible(given.rsplit(['/', '\\']).next().unwrap_or_default());
    let name: String = last.chars().filter(|c| may_stand_in_a_name(*c)).take(120).collect();
    // Windows drops spaces and full stops at the end, and then does not find the file.
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() || is_a_device(name) {
        otherwise.to_owned()
    } else {
        name.to_owned()
    }
}

/// A name made of words that are no file's, a subject for instance: a slash in it is no folder. At most `longest` characters.
pub fn words_as_name(words: &str, longest: usize) -> String {
    let spaced: String = visible(words)
        .chars()
        .map(|c| if matches!(c, '/' | '\\') { '-' } else { c })
        .filter(|c| may_stand_in_a_name(*c))
        .take(longest)
        .collect();
    spaced.trim_matches(|c: char| c.is_whitespace() || c == '.').to_owned()
}

fn may_stand_in_a_name(c: char) -> bool {
    !matches!(c, '"' | '<' | '>' | '|' | '*' | '?' | ':')
}

/// Names that Windows keeps for itself, whatever comes after the full stop.
fn is_a_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = |kind: &str| {
        stem.strip_prefix(kind)
            .is_some_and(|n| n.len() == 1 && n.chars().all(|c| c.is_ascii_digit()))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_file_name_is_safe_to_save() {
        assert_eq!(safe_file_name("../../etc/passwd", "x"), "passwd");
        assert_eq!(safe_file_name("C:\\brev\\Beslut åäö.pdf", "x"), "Beslut åäö.pdf");
        assert_eq!(safe_file_name("a\u{202e}fdp.exe\r\n", "x"), "afdp.exe");
        assert_eq!(safe_file_name("..", "bilaga-3"), "bilaga-3");
        assert_eq!(safe_file_name("con.txt", "bilaga-1"), "bilaga-1");
        assert_eq!(safe_file_name("brev. .", "x"), "brev");
        assert_eq!(safe_file_name(" . \u{200f}.htaccess\u{2028}\u{61c}", "x"), "htaccess");
    }

    #[test]
    fn a_subject_is_a_name_of_one_part() {
        assert_eq!(words_as_name("Dnr 12/2026: beslut?", 60), "Dnr 12-2026 beslut");
        assert_eq!(words_as_name("..", 60), "");
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_its_folder(given in ".{0,60}") {
            for name in [safe_file_name(&given, "x"), words_as_name(&given, 40)] {
                prop_assert!(!name.contains(['/', '\\', '\0']) && name != ".." && name != ".");
            }
        }
    }
}
