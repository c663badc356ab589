//! The source of the house, for the tests that read it.

use std::path::{Path, PathBuf};

/// A source file without its comments and its own tests.
pub(crate) struct Source {
    /// Relative to the top of the repository.
    pub path: PathBuf,
    /// What is compiled.
    pub code: String,
}

/// Every Rust file under a folder of the repository.
pub(crate) fn rust_files(folder: &str) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut folders = vec![top.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let whole = std::fs::read_to_string(&path).unwrap();
                found.push(Source {
                    path: path.strip_prefix(top).unwrap().to_owned(),
                    code: compiled(&whole),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Leaves out comments and everything from the file's tests on: tests are last in a file.
fn compiled(whole: &str) -> String {
    let before_tests = whole.split("\n#[cfg(test)]\nmod ").next().unwrap_or(whole);
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |mut code, line| {
            code.push_str(line);
            code.push('\n');
            code
        })
}

/// Every string literal of a file, as the program sees it.
pub(crate) fn string_literals(code: &str) -> Vec<String> {
    let code: Vec<char> = code.chars().collect();
    let is = |at: usize, c: char| code.get(at) == Some(&c);
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        match code[at] {
            // A quote as a character, '"' or '\'', opens no string.
            '\'' if is(at + 1, '\\') => at += 4,
            '\'' if is(at + 2, '\'') => at += 3,
            'r' if is(at + 1, '"') || is(at + 1, '#') => {
                let hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
                let begin = at + hashes + 2;
                if !is(begin - 1, '"') {
                    at += 1;
                    continue;
                }
                let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let length = code[begin..]
                    .windows(end.len())
                    .position(|part| part == end)
                    .unwrap_or(code.len() - begin);
                found.push(code[begin..begin + length].iter().collect());
                at = begin + length + end.len();
            }
            '"' => {
                let mut literal = String::new();
                at += 1;
                while at < code.len() && code[at] != '"' {
                    if code[at] == '\\' {
                        at += 1;
                        match code.get(at) {
                            // A line that ends in a backslash goes on without the white space that follows.
                            Some('\n') => {
                                while code.get(at + 1).is_some_and(|c| c.is_whitespace()) {
                                    at += 1;
                                }
                            }
                            Some('n') => literal.push('\n'),
                            Some(other) => literal.push(*other),
                            None => break,
                        }
                    } else {
                        literal.push(code[at]);
                    }
                    at += 1;
                }
                found.push(literal);
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}
