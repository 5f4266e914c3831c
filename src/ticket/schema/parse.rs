//! From a JSON value to a [`Schema`], with the place of the first fault.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Choice, DEFAULT_MAX_LENGTH, Extract, Field, Kind, MAX_FIELDS, MAX_MAX_LENGTH, Question, Schema, SchemaError, fault,
};
use crate::language::Language;
use crate::ticket::is_missing;
use crate::ticket::words::key_form;

/// Annotations (JSON Schema, section 9) that change no value: allowed anywhere and ignored.
const ANNOTATIONS: &[&str] =
    &["$comment", "default", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"];
const ROOT_KEYWORDS: &[&str] = &["$schema", "$id", "type", "properties", "required", "additionalProperties"];

pub(super) fn schema(document: &Value) -> Result<Schema, SchemaError> {
    let root = object(document, "")?;
    known_keywords(root, "", ROOT_KEYWORDS)?;
    match root.get("type") {
        Some(Value::String(kind)) if kind == "object" => {}
        Some(_) => return fault("/type", "must be \"object\""),
        None => return fault("", "must have \"type\": \"object\""),
    }
    let Some(properties) = root.get("properties") else {
        return fault("", "must have \"properties\"");
    };
    let properties = object(properties, "/properties")?;
    if properties.is_empty() || properties.len() > MAX_FIELDS {
        return fault("/properties", format!("must have 1 to {MAX_FIELDS} properties"));
    }
    let mut forms = HashSet::new();
    for name in properties.keys() {
        // A model's answer is matched to the names by these forms.
        let form = key_form(name);
        if form.is_empty() {
            return fault(format!("/properties/{}", escape(name)), "a property's name must have a letter or a digit");
        }
        if !forms.insert(form) {
            let rule = "must differ from the other names by more than case, accents and punctuation";
            return fault(format!("/properties/{}", escape(name)), rule);
        }
    }
    let fields = properties.iter().map(|(name, value)| field(name, value)).collect::<Result<Vec<_>, _>>()?;
    required(root, properties)?;
    match root.get("additionalProperties") {
        None | Some(Value::Bool(_)) => {}
        Some(_) => return fault("/additionalProperties", "must be true or false"),
    }
    Ok(Schema { title: optional_text(root, "", "title")?, fields })
}

fn required(root: &Map<String, Value>, properties: &Map<String, Value>) -> Result<(), SchemaError> {
    let Some(required) = root.get("required") else { return Ok(()) };
    for (index, name) in texts(required, "/required")?.iter().enumerate() {
        if !properties.contains_key(name) {
            return fault(format!("/required/{index}"), "must name one of the properties");
        }
    }
    Ok(())
}

fn field(name: &str, value: &Value) -> Result<Field, SchemaError> {
    let at = format!("/properties/{}", escape(name));
    if name.trim().is_empty() || name.chars().count() > 64 || name.chars().any(crate::text::is_invisible) {
        return fault(at, "a property's name must have 1 to 64 visible characters");
    }
    let keywords = object(value, &at)?;
    let kind = match keywords.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(_) => return fault(format!("{at}/type"), "must be \"string\", \"boolean\", \"integer\" or \"number\""),
        None => return fault(at, "must have a \"type\""),
    };
    let own: &[&str] = match kind {
        "string" => &["type", "enum", "minLength", "maxLength"],
        "boolean" => &["type"],
        "integer" | "number" => &["type", "minimum", "maximum"],
        _ => return fault(format!("{at}/type"), "must be \"string\", \"boolean\", \"integer\" or \"number\""),
    };
    known_keywords(keywords, &at, own)?;
    let kind = match kind {
        "boolean" => Kind::Boolean,
        "integer" | "number" => {
            let (minimum, maximum) = bounds(keywords, &at)?;
            if kind == "integer" { Kind::Integer { minimum, maximum } } else { Kind::Number { minimum, maximum } }
        }
        _ => string_kind(keywords, &at)?,
    };
    if keywords.contains_key("x-keywords") && !matches!(kind, Kind::Choice { .. }) {
        return fault(format!("{at}/x-keywords"), "only a property with an \"enum\" has keywords");
    }
    let known_values = match keywords.get("x-values") {
        None => Vec::new(),
        Some(_) if !matches!(kind, Kind::Text { .. }) => {
            return fault(format!("{at}/x-values"), "only a string without an \"enum\" has known values");
        }
        Some(values) => {
            let longest = if let Kind::Text { max_length } = kind { max_length } else { MAX_MAX_LENGTH };
            distinct_values(values, &format!("{at}/x-values"), longest)?
        }
    };
    let extract = extract(keywords, &at, &kind)?;
    let description = optional_text(keywords, &at, "description")?;
    let title = optional_text(keywords, &at, "title")?;
    Ok(Field {
        name: name.to_owned(),
        kind,
        description: description.or_else(|| title.clone()),
        title,
        ask: ask(keywords, &at)?,
        question: question(keywords, &at)?,
        known_values,
        extract,
    })
}

fn string_kind(keywords: &Map<String, Value>, at: &str) -> Result<Kind, SchemaError> {
    let length = |keyword: &str| match keywords.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_u64().and_then(|n| usize::try_from(n).ok()) {
            Some(n) if n <= MAX_MAX_LENGTH => Ok(Some(n)),
            _ => fault(format!("{at}/{keyword}"), format!("must be a whole number from 0 to {MAX_MAX_LENGTH}")),
        },
    };
    // A blank is never a value, so 1 is kept; more is not, and a rule that is not kept must not be taken.
    if length("minLength")?.is_some_and(|minimum| minimum > 1) {
        return fault(format!("{at}/minLength"), "must be 0 or 1");
    }
    let maximum = length("maxLength")?;
    if maximum == Some(0) {
        return fault(format!("{at}/maxLength"), "must be at least 1");
    }
    let Some(values) = keywords.get("enum") else {
        return Ok(Kind::Text { max_length: maximum.unwrap_or(DEFAULT_MAX_LENGTH) });
    };
    let values = distinct_values(values, &format!("{at}/enum"), maximum.unwrap_or(MAX_MAX_LENGTH))?;
    let mut options: Vec<Choice> = values.into_iter().map(|value| Choice { value, keywords: Vec::new() }).collect();
    if let Some(by_value) = keywords.get("x-keywords") {
        let at = format!("{at}/x-keywords");
        for (value, words) in object(by_value, &at)? {
            let at = format!("{at}/{}", escape(value));
            match options.iter_mut().find(|option| option.value == *value) {
                Some(option) => option.keywords = texts(words, &at)?,
                None => return fault(at, "must be one of the property's \"enum\" values"),
            }
        }
    }
    Ok(Kind::Choice { options })
}

fn bounds(keywords: &Map<String, Value>, at: &str) -> Result<(Option<f64>, Option<f64>), SchemaError> {
    let bound = |keyword: &str| match keywords.get(keyword) {
        None => Ok(None),
        Some(value) => {
            value.as_f64().map_or_else(|| fault(format!("{at}/{keyword}"), "must be a number"), |n| Ok(Some(n)))
        }
    };
    let (minimum, maximum) = (bound("minimum")?, bound("maximum")?);
    match (minimum, maximum) {
        (Some(low), Some(high)) if low > high => fault(format!("{at}/minimum"), "must not exceed maximum"),
        both => Ok(both),
    }
}

fn ask(keywords: &Map<String, Value>, at: &str) -> Result<Option<i64>, SchemaError> {
    match keywords.get("x-ask") {
        None => Ok(None),
        Some(value) => {
            value.as_i64().map_or_else(|| fault(format!("{at}/x-ask"), "must be a whole number"), |n| Ok(Some(n)))
        }
    }
}

fn question(keywords: &Map<String, Value>, at: &str) -> Result<Option<Question>, SchemaError> {
    let Some(value) = keywords.get("x-question") else { return Ok(None) };
    let at = format!("{at}/x-question");
    let by_language = object(value, &at)?;
    let tags = || Language::ALL.map(|locale| format!("\"{}\"", locale.tag())).join(" or ");
    if let Some(language) = by_language.keys().find(|key| Language::ALL.iter().all(|locale| locale.tag() != *key)) {
        return fault(format!("{at}/{}", escape(language)), format!("must be {}", tags()));
    }
    let mut wordings = Vec::new();
    for locale in Language::ALL {
        wordings.extend(optional_text(by_language, &at, locale.tag())?.map(|text| (locale, text)));
    }
    if wordings.is_empty() {
        return fault(at, format!("must have {}", tags()));
    }
    Ok(Some(Question(wordings)))
}

fn extract(keywords: &Map<String, Value>, at: &str, kind: &Kind) -> Result<Option<Extract>, SchemaError> {
    let Some(value) = keywords.get("x-extract") else { return Ok(None) };
    let at = format!("{at}/x-extract");
    let extract = match value.as_str() {
        Some("title") => Extract::Title,
        Some("description") => Extract::Description,
        Some("place") => Extract::Place,
        Some("equipment") => Extract::Equipment,
        Some("priority") => Extract::Priority,
        _ => return fault(at, "must be \"title\", \"description\", \"place\", \"equipment\" or \"priority\""),
    };
    match (extract, kind) {
        (Extract::Priority, Kind::Choice { .. }) => Ok(Some(extract)),
        (Extract::Priority, _) => fault(at, "only a property with an \"enum\" has a priority"),
        (_, Kind::Text { .. }) => Ok(Some(extract)),
        _ => fault(at, "only a string without an \"enum\" takes free text"),
    }
}

fn known_keywords(keywords: &Map<String, Value>, at: &str, own: &[&str]) -> Result<(), SchemaError> {
    let unknown = keywords
        .keys()
        .map(String::as_str)
        .find(|key| !key.starts_with("x-") && !own.contains(key) && !ANNOTATIONS.contains(key));
    match unknown {
        Some(key) => fault(format!("{at}/{}", escape(key)), "this keyword is not supported here"),
        None => Ok(()),
    }
}

fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Map<String, Value>, SchemaError> {
    value.as_object().map_or_else(|| fault(at, "must be an object"), Ok)
}

fn optional_text(keywords: &Map<String, Value>, at: &str, keyword: &str) -> Result<Option<String>, SchemaError> {
    match keywords.get(keyword) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
        Some(_) => fault(format!("{at}/{keyword}"), "must be a text that is not blank"),
    }
}

fn texts(value: &Value, at: &str) -> Result<Vec<String>, SchemaError> {
    let Some(items) = value.as_array() else {
        return fault(at, "must be a list of texts");
    };
    let text = |(index, item): (usize, &Value)| match item {
        Value::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => fault(format!("{at}/{index}"), "must be a text that is not blank"),
    };
    items.iter().enumerate().map(text).collect()
}

/// Values of at most `longest` characters that stay apart once case and accents are folded: else none of them could be
/// told from a near miss. The unknown value may be spelt out, and is left out: every field has it anyway.
fn distinct_values(value: &Value, at: &str, longest: usize) -> Result<Vec<String>, SchemaError> {
    let mut values = texts(value, at)?;
    let mut seen = HashSet::new();
    for (index, value) in values.iter().enumerate() {
        if value.chars().count() > longest {
            return fault(format!("{at}/{index}"), format!("must not be longer than {longest} characters"));
        }
        // A model's answer is read without them, and would name no value.
        if value.contains(char::is_control) {
            return fault(format!("{at}/{index}"), "must have no control character or line break");
        }
        if !seen.insert(crate::text::fold(value)) {
            return fault(format!("{at}/{index}"), "must differ from the others by more than case and accents");
        }
    }
    values.retain(|value| !is_missing(Some(&Value::from(value.as_str()))));
    if values.is_empty() { fault(at, "must list at least one value") } else { Ok(values) }
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
