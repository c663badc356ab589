//! Lays defaults, file and environment on top of each other, and finds what does not belong.

use super::{DEFAULTS, Problem, USUAL_FILE};
use figment::error::Kind;
use figment::providers::{Format as _, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::de::DeserializeOwned;
use std::path::Path;

/// What the names of our variables begin with.
const PREFIX: &str = "BREVLADA__";

/// The layers as one.
pub(super) struct Layers {
    merged: Figment,
    defaults: Dict,
    /// The file is not among them: it cannot be read.
    pub(super) file_is_missing: bool,
}

impl Layers {
    /// Reads what there is. What cannot be used is told in `problems` and left out, so that the rest can be looked at.
    pub(super) fn read(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let defaults = content(&Toml::string(DEFAULTS)).unwrap_or_default();
        let mut merged = Figment::from(Layer::named("the defaults", defaults.clone()));
        let mut file_is_missing = false;
        let file = file.or_else(|| Some(Path::new(USUAL_FILE)).filter(|usual| usual.exists()));
        if let Some(file) = file {
            let name = file.display().to_string();
            match std::fs::read_to_string(file) {
                Err(error) => {
                    file_is_missing = true;
                    problems.push(Problem::new(&name, format!("cannot be read: {error}")));
                }
                Ok(text) => match content(&Toml::string(&text)) {
                    Err(error) => {
                        file_is_missing = true;
                        problems.push(Problem::new(&name, format!("is not TOML: {error}")));
                    }
                    Ok(mut given) => {
                        drop_unknown(&mut given, &defaults, "", &|key| format!("in {name}; {key}"), problems);
                        merged = merged.merge(Layer::named(&name, given));
                    }
                },
            }
        }
        let given = from_environment(environment, &defaults, problems);
        merged = merged.merge(Layer::named("the environment", given));
        Self {
            merged,
            defaults,
            file_is_missing,
        }
    }

    /// One section. A value that cannot be what its key asks for is told, and its default taken to go on with.
    pub(super) fn section<T: DeserializeOwned>(&self, name: &str, problems: &mut Vec<Problem>) -> T {
        let mut layers = self.merged.clone();
        let mut left = 50;
        loop {
            left -= 1;
            let error = match layers.extract_inner::<T>(name) {
                Ok(section) => return section,
                Err(error) => error,
            };
            // The path's parts come in an order of figment's own, with places in lists among them: the key is the part we know.
            let known = match self.defaults.get(name) {
                Some(Value::Dict(_, known)) => error.path.iter().find(|part| known.contains_key(*part)),
                _ => None,
            };
            let key = known.map_or_else(|| name.to_owned(), |known| format!("{name}.{known}"));
            let source = error.metadata.as_ref().map(|m| m.name.to_string()).unwrap_or_default();
            problems.push(Problem::new(&key, format!("{} (in {source})", plain(&error.kind))));
            match Value::from(self.defaults.clone()).find(&key) {
                Some(default) if left > 0 && known.is_some() => layers = layers.merge((key.as_str(), default)),
                // The defaults themselves do not fit the struct: a mistake of ours that the first test finds.
                _ => unreachable_defaults(name, &error),
            }
        }
    }
}

/// Ends the program: the compiled-in defaults do not fit the compiled-in types, and nothing can be right after that.
fn unreachable_defaults(section: &str, error: &figment::Error) -> ! {
    eprintln!("brevlada.default.toml does not fit section {section}: {error}");
    std::process::exit(70)
}

/// What is wrong with a value, in plain words.
fn plain(kind: &Kind) -> String {
    match kind {
        Kind::Message(text) => text.clone(),
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!("is {actual}, but must be {expected}")
        }
        Kind::UnknownVariant(given, known) => format!("is «{given}», but must be one of {}", known.join(", ")),
        other => other.to_string(),
    }
}

/// The tables of a provider.
fn content(provider: &impl Provider) -> Result<Dict, figment::Error> {
    Ok(provider.data()?.remove(&Profile::Default).unwrap_or_default())
}

/// Values with the name of where they stand, for error texts.
struct Layer {
    name: String,
    values: Dict,
}

impl Layer {
    fn named(name: &str, values: Dict) -> Self {
        Self {
            name: name.to_owned(),
            values,
        }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }
    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

/// Tells of every key that the defaults do not have, and takes it away.
fn drop_unknown(
    given: &mut Dict,
    known: &Dict,
    path: &str,
    tell: &dyn Fn(&str) -> String,
    problems: &mut Vec<Problem>,
) {
    given.retain(|name, value| {
        let key = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        match (known.get(name), value) {
            (None, _) => {
                problems.push(Problem::new(&key, tell(&unknown(name, known, path))));
                false
            }
            (Some(Value::Dict(_, known)), Value::Dict(_, given)) => {
                drop_unknown(given, known, &key, tell, problems);
                true
            }
            (Some(Value::Dict(..)), _) => {
                problems.push(Problem::new(&key, tell(&format!("this is a section: write [{key}]"))));
                false
            }
            (Some(_), _) => true,
        }
    });
}

/// Says that a key is not known, and which one may have been meant.
fn unknown(name: &str, known: &Dict, path: &str) -> String {
    let nearest = known
        .keys()
        .map(|candidate| (distance(name, candidate), candidate))
        .min()
        .filter(|(steps, candidate)| *steps <= 1 + candidate.len() / 3);
    match nearest {
        Some((_, candidate)) if path.is_empty() => format!("no such section, did you mean {candidate}?"),
        Some((_, candidate)) => format!("no such key, did you mean {path}.{candidate}?"),
        None => "no such key; brevlada.default.toml lists them all".to_owned(),
    }
}

/// How many letters to change, add or take away to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (b, above) in to.iter().zip(row.iter().skip(1)) {
            left = (left + 1).min(above + 1).min(diagonal + usize::from(a != *b));
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// The variables that are ours, each turned into what its key's default is: a list, a number, a text.
fn from_environment(
    environment: impl IntoIterator<Item = (String, String)>,
    defaults: &Dict,
    problems: &mut Vec<Problem>,
) -> Dict {
    let mut ours: Vec<(String, String)> = environment
        .into_iter()
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect();
    ours.sort();
    let mut given = Dict::new();
    for (variable, text) in ours {
        let place = variable.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
        let mut parts = place.splitn(2, "__");
        let section = parts.next().unwrap_or_default().to_owned();
        let key = parts.next().unwrap_or_default().to_owned();
        let Some(Value::Dict(_, known)) = defaults.get(&section) else {
            let text = format!("from {variable}; {}", unknown(&section, defaults, ""));
            problems.push(Problem::new(section, text));
            continue;
        };
        let Some(default) = known.get(&key) else {
            let text = format!("from {variable}; {}", unknown(&key, known, &section));
            problems.push(Problem::new(format!("{section}.{key}"), text));
            continue;
        };
        let table = given.entry(section).or_insert_with(|| Value::from(Dict::new()));
        if let Value::Dict(_, table) = table {
            table.insert(key, like(default, text));
        }
    }
    given
}

/// A variable's text as the kind of value that the default is; what does not fit stays text, to be told of later.
fn like(default: &Value, text: String) -> Value {
    match default {
        Value::Array(..) => {
            let parts: Vec<Value> = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(Value::from)
                .collect();
            Value::from(parts)
        }
        Value::Num(..) => text
            .trim()
            .parse::<u64>()
            .map_or_else(|_| Value::from(text), Value::from),
        Value::Bool(..) => text
            .trim()
            .parse::<bool>()
            .map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    }
}
