//! Style sheets: several files to write, one to fetch.

use crate::Error;
use std::fs;
use std::path::Path;

/// Each sheet that is served, and the files it is joined from, in the order of the cascade.
const SHEETS: [(&str, &[&str]); 2] = [
    (
        "brevlada.css",
        &[
            "tokens",
            "ground",
            "press",
            "fields",
            "door",
            "list",
            "folders",
            "letter",
            "pages",
            "keep",
            "notices",
            "keys",
            "reception",
            "matters",
            "search",
            "start",
            "staff",
            "print",
        ],
    ),
    ("brevtext.css", &["letter-text"]),
];

/// Joins the sheets without comments and line breaks.
pub(crate) fn join(style: &Path, out: &Path) -> Result<(), Error> {
    for (sheet, parts) in SHEETS {
        let mut joined = String::new();
        for part in parts {
            let file = style.join(part).with_extension("css");
            joined += &tightened(&fs::read_to_string(&file).map_err(Error::file("read", &file))?);
        }
        let place = out.join(sheet);
        fs::write(&place, joined).map_err(Error::file("write", &place))?;
    }
    Ok(())
}

/// Takes out comments, indentation and line breaks. What is left keeps every space that can mean something.
fn tightened(css: &str) -> String {
    let mut bare = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);

    let mut out = String::with_capacity(bare.len());
    for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() && !out.ends_with(['{', '}', ';', ',']) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out.replace(" {", "{")
        .replace("{ ", "{")
        .replace(" }", "}")
        .replace(";}", "}")
}

#[cfg(test)]
mod tests {
    use super::tightened;

    /// The dark of the device and the dark that was chosen are the same.
    #[test]
    fn both_darks_are_alike() {
        let tokens = include_str!("../../style/tokens.css");
        let block = |head: &str| {
            let (_, after) = tokens.split_once(head).unwrap();
            let (block, _) = after.split_once('}').unwrap();
            let lines = block.lines().map(str::trim).filter(|line| line.starts_with("--"));
            lines.collect::<Vec<_>>()
        };
        let chosen = block(":root[data-look=\"dark\"] {");
        assert!(chosen.len() > 20);
        assert_eq!(block(":root:not([data-look=\"light\"]) {"), chosen);
    }

    #[test]
    fn spaces_that_mean_something_stay() {
        let css = "/* why */\n.a :focus,\n.b > .c {\n  width: calc(1rem + 2px); /* x */\n  color: red;\n}\n";
        assert_eq!(tightened(css), ".a :focus,.b > .c{width: calc(1rem + 2px);color: red}");
    }

    #[test]
    fn a_selector_over_two_lines_keeps_its_space() {
        assert_eq!(tightened(".a\n.b { color: red }"), ".a .b{color: red}");
    }
}
