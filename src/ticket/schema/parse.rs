//! From a JSON value to a [`Schema`].

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Extract, Field, MAX_FIELDS, Question, Schema, SchemaError, error};
use crate::language::Language;
use crate::text::name_key;
use crate::ticket::is_missing;
use crate::ticket::kinds::{FieldKind, Kind};

/// Annotations (JSON Schema, section 9) that change no value: allowed anywhere and ignored.
const ANNOTATIONS: &[&str] =
    &["$comment", "default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"];
const ROOT_KEYWORDS: &[&str] = &["$schema", "$id", "type", "properties", "required", "additionalProperties"];

pub(super) fn schema(document: &Value) -> Result<Schema, SchemaError> {
    let root = object(document, "")?;
    known_keywords(root, "", ROOT_KEYWORDS)?;
    match root.get("type") {
        Some(Value::String(kind)) if kind == "object" => {}
        Some(_) => return error("/type", "must be \"object\""),
        None => return error("", "must have \"type\": \"object\""),
    }
    let Some(properties) = root.get("properties") else {
        return error("", "must have \"properties\"");
    };
    let properties = object(properties, "/properties")?;
    if properties.is_empty() || properties.len() > MAX_FIELDS {
        return error("/properties", format!("must have 1 to {MAX_FIELDS} properties"));
    }
    let mut forms = HashSet::new();
    for name in properties.keys() {
        // The keys of answers are matched by these forms.
        let form = name_key(name);
        if form.is_empty() {
            return error(format!("/properties/{}", escape(name)), "a property's name must have a letter or a digit");
        }
        if !forms.insert(form) {
            let rule = "must differ from the other names by more than case, accents and punctuation";
            return error(format!("/properties/{}", escape(name)), rule);
        }
    }
    let fields = properties.iter().map(|(name, value)| field(name, value)).collect::<Result<Vec<_>, _>>()?;
    required(root, properties)?;
    match root.get("additionalProperties") {
        None | Some(Value::Bool(_)) => {}
        Some(_) => return error("/additionalProperties", "must be true or false"),
    }
    Ok(Schema { title: optional_text(root, "", "title")?, fields })
}

fn required(root: &Map<String, Value>, properties: &Map<String, Value>) -> Result<(), SchemaError> {
    let Some(required) = root.get("required") else { return Ok(()) };
    for (index, name) in texts(required, "/required")?.iter().enumerate() {
        if !properties.contains_key(name) {
            return error(format!("/required/{index}"), "must name one of the properties");
        }
    }
    Ok(())
}

fn field(name: &str, value: &Value) -> Result<Field, SchemaError> {
    let at = format!("/properties/{}", escape(name));
    if name.trim().is_empty() || name.chars().count() > 64 || name.chars().any(crate::text::is_invisible) {
        return error(at, "a property's name must have 1 to 64 visible characters");
    }
    let keywords = object(value, &at)?;
    let property = Property { keywords, at: &at };
    let kind = Kind::parse(&property)?;
    let title = optional_text(keywords, &at, "title")?;
    Ok(Field {
        name: name.to_owned(),
        extract: extract(&property, &kind)?,
        kind,
        description: optional_text(keywords, &at, "description")?.or_else(|| title.clone()),
        title,
        ask: ask(keywords, &at)?,
        question: question(keywords, &at)?,
    })
}

/// A property as it is written, for its kind to read.
pub(in crate::ticket) struct Property<'a> {
    keywords: &'a Map<String, Value>,
    at: &'a str,
}

impl<'a> Property<'a> {
    /// The value of a keyword.
    pub(in crate::ticket) fn get(&self, keyword: &str) -> Option<&'a Value> {
        self.keywords.get(keyword)
    }

    /// Whether it has a keyword.
    pub(in crate::ticket) fn has(&self, keyword: &str) -> bool {
        self.keywords.contains_key(keyword)
    }

    /// Its `type`; the error names all `types`.
    pub(in crate::ticket) fn type_name(&self, types: &[&[&str]]) -> Result<&'a str, SchemaError> {
        match self.get("type") {
            Some(Value::String(name)) => Ok(name),
            Some(_) => self.wrong_type(types),
            None => error(self.at, "must have a \"type\""),
        }
    }

    /// The error for a type that is none of `types`.
    pub(in crate::ticket) fn wrong_type<T>(&self, types: &[&[&str]]) -> Result<T, SchemaError> {
        let mut names: Vec<String> = Vec::new();
        for name in types.concat().into_iter().map(|name| format!("\"{name}\"")) {
            // Several kinds may take a type.
            names.extend((!names.contains(&name)).then_some(name));
        }
        let last = names.pop().unwrap_or_default();
        self.error("type", format!("must be {} or {last}", names.join(", ")))
    }

    /// Refuses every keyword but `type`, `own`, annotations and extensions.
    pub(in crate::ticket) fn check_keywords(&self, own: &[&str]) -> Result<(), SchemaError> {
        known_keywords(self.keywords, self.at, &[&["type"], own].concat())
    }

    /// An error at a keyword.
    pub(in crate::ticket) fn error<T>(&self, keyword: &str, rule: impl Into<String>) -> Result<T, SchemaError> {
        error(format!("{}/{keyword}", self.at), rule)
    }

    /// An error at a member of a keyword's object.
    pub(in crate::ticket) fn error_within<T>(&self, keyword: &str, key: &str, rule: &str) -> Result<T, SchemaError> {
        error(format!("{}/{keyword}/{}", self.at, escape(key)), rule)
    }

    /// A keyword's array of strings of at most `longest` characters. They differ by more than case and accents, so that a
    /// near miss means one of them. [`UNKNOWN`](super::UNKNOWN) may be listed and is left out: every field takes it.
    pub(in crate::ticket) fn distinct_texts(&self, keyword: &str, longest: usize) -> Result<Vec<String>, SchemaError> {
        let at = format!("{}/{keyword}", self.at);
        let mut values = texts(self.get(keyword).unwrap_or(&Value::Null), &at)?;
        let mut seen = HashSet::new();
        for (index, value) in values.iter().enumerate() {
            let at = format!("{at}/{index}");
            if value.chars().count() > longest {
                return error(at, format!("must not be longer than {longest} characters"));
            }
            // Answers lose these characters, and would match no value.
            if value.contains(char::is_control) {
                return error(at, "must have no control character or line break");
            }
            if !seen.insert(crate::text::fold(value)) {
                return error(at, "must differ from the others by more than case and accents");
            }
        }
        values.retain(|value| !is_missing(Some(&Value::from(value.as_str()))));
        if values.is_empty() { error(at, "must list at least one value") } else { Ok(values) }
    }

    /// A keyword's object of arrays of strings; nothing if it is absent.
    pub(in crate::ticket) fn texts_by_key(&self, keyword: &str) -> Result<Vec<(&'a str, Vec<String>)>, SchemaError> {
        let at = format!("{}/{keyword}", self.at);
        let Some(value) = self.get(keyword) else { return Ok(Vec::new()) };
        let member =
            |(key, value): (&'a String, &Value)| Ok((key.as_str(), texts(value, &format!("{at}/{}", escape(key)))?));
        object(value, &at)?.iter().map(member).collect()
    }
}

fn ask(keywords: &Map<String, Value>, at: &str) -> Result<Option<i64>, SchemaError> {
    match keywords.get("x-ask") {
        None => Ok(None),
        Some(value) => {
            value.as_i64().map_or_else(|| error(format!("{at}/x-ask"), "must be a whole number"), |n| Ok(Some(n)))
        }
    }
}

fn question(keywords: &Map<String, Value>, at: &str) -> Result<Option<Question>, SchemaError> {
    let Some(value) = keywords.get("x-question") else { return Ok(None) };
    let at = format!("{at}/x-question");
    let by_language = object(value, &at)?;
    if let Some(key) = by_language.keys().find(|key| Language::ALL.iter().all(|language| language.tag() != *key)) {
        return error(format!("{at}/{}", escape(key)), format!("must be {}", Language::tags('"', "or")));
    }
    let mut wordings = Vec::new();
    for language in Language::ALL {
        wordings.extend(optional_text(by_language, &at, language.tag())?.map(|text| (language, text)));
    }
    if wordings.is_empty() {
        return error(at, format!("must have {}", Language::tags('"', "or")));
    }
    Ok(Some(Question(wordings)))
}

fn extract(property: &Property<'_>, kind: &Kind) -> Result<Option<Extract>, SchemaError> {
    let Some(value) = property.get("x-extract") else { return Ok(None) };
    let extract = match value.as_str() {
        Some("title") => Extract::Title,
        Some("description") => Extract::Description,
        Some("place") => Extract::Place,
        Some("equipment") => Extract::Equipment,
        Some("priority") => Extract::Priority,
        _ => {
            let rule = "must be \"title\", \"description\", \"place\", \"equipment\" or \"priority\"";
            return property.error("x-extract", rule);
        }
    };
    if kind.extracts(extract) {
        return Ok(Some(extract));
    }
    let rule = match extract {
        Extract::Priority => "only a property with an \"enum\" has a priority",
        Extract::Title | Extract::Description | Extract::Place | Extract::Equipment => {
            "only a string without an \"enum\" takes free text"
        }
    };
    property.error("x-extract", rule)
}

fn known_keywords(keywords: &Map<String, Value>, at: &str, own: &[&str]) -> Result<(), SchemaError> {
    let unknown = keywords
        .keys()
        .map(String::as_str)
        .find(|key| !key.starts_with("x-") && !own.contains(key) && !ANNOTATIONS.contains(key));
    match unknown {
        Some(key) => error(format!("{at}/{}", escape(key)), "this keyword is not supported here"),
        None => Ok(()),
    }
}

fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Map<String, Value>, SchemaError> {
    value.as_object().map_or_else(|| error(at, "must be an object"), Ok)
}

fn optional_text(keywords: &Map<String, Value>, at: &str, keyword: &str) -> Result<Option<String>, SchemaError> {
    match keywords.get(keyword) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
        Some(_) => error(format!("{at}/{keyword}"), "must be a non-blank string"),
    }
}

fn texts(value: &Value, at: &str) -> Result<Vec<String>, SchemaError> {
    let Some(items) = value.as_array() else {
        return error(at, "must be an array of strings");
    };
    let text = |(index, item): (usize, &Value)| match item {
        Value::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => error(format!("{at}/{index}"), "must be a non-blank string"),
    };
    items.iter().enumerate().map(text).collect()
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
