//! Prepares at build time what would otherwise cost time or memory in every instance: the local backend's vocabulary
//! becomes tables, the ticket's schema loses its whitespace, the OpenAPI fragments and the pages' files are compressed.
#![expect(clippy::indexing_slicing, reason = "a panic here ends a build, not a request")]

mod vocabulary;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use miniz_oxide::deflate::compress_to_vec;
use rawzip::{CompressionMethod, ZipArchive, crc32};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

/// The console's files that are served with gzip, and `console/texts.js`.
const CONSOLE: [&str; 4] = ["console.js", "console.css", "console/service.js", "console/ticket.js"];
/// Its texts in one language, in the folder of that language.
const CONSOLE_TEXTS: &str = "console.js";
/// The files of Swagger UI that `/docs` loads.
const SWAGGER_UI: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];
/// Best and slowest compression.
const LEVEL: u8 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    // Without this, any changed file starts a new build.
    for source in ["build", "src/language", "src/local", "src/text/stem.rs", "src/ticket/schema.json", "src/http"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("vocabulary.rs"), vocabulary::compile(Path::new("src/language"))?)?;
    fs::write(out.join("schema.json"), compact(Path::new("src/ticket/schema.json"))?)?;
    fs::write(out.join("openapi.deflate"), compress_to_vec(fragments()?.as_bytes(), LEVEL))?;
    let mut console = vec![("console/texts.js", console_texts()?.into_bytes())];
    for name in CONSOLE {
        console.push((name, fs::read(Path::new("src/http/assets").join(name))?));
    }
    for (name, text) in console {
        let file = gzip(&compress_to_vec(&text, LEVEL), crc32(&text), text.len())?;
        fs::write(out.join(name.replace('/', "-")).with_added_extension("gz"), file)?;
    }
    for name in SWAGGER_UI {
        fs::write(out.join(name).with_added_extension("gz"), swagger_ui(name)?)?;
    }
    Ok(())
}

/// The console's texts in all languages, as one script.
fn console_texts() -> Result<String, Box<dyn Error>> {
    let mut script = "export const TEXTS = {\n".to_owned();
    for folder in vocabulary::languages(Path::new("src/language"))? {
        let path = folder.join(CONSOLE_TEXTS);
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let object = text.split_once("export default ").and_then(|(_, object)| object.trim_end().strip_suffix(';'));
        let object = object.ok_or_else(|| format!("{} must be `export default {{…}};`", path.display()))?;
        let tag = folder.file_name().unwrap_or_default().display();
        script += &format!("{tag}: {object},\n");
    }
    Ok(script + "};\n")
}

/// JSON without whitespace.
fn compact(json: &Path) -> Result<String, Box<dyn Error>> {
    let value: serde_json::Value = serde_json::from_slice(&fs::read(json)?)?;
    Ok(value.to_string())
}

/// The fragments of the OpenAPI document: what they share, and each endpoint's by the name of its folder.
fn fragments() -> Result<String, Box<dyn Error>> {
    let shared = serde_json::from_slice(&fs::read("src/http/openapi/document.json")?)?;
    let mut fragments = BTreeMap::from([("document".to_owned(), shared)]);
    for folder in fs::read_dir("src/http/endpoints")? {
        let folder = folder?;
        let fragment = folder.path().join("openapi.json");
        if fragment.exists() {
            let value: serde_json::Value = serde_json::from_slice(&fs::read(&fragment)?)?;
            fragments.insert(folder.file_name().to_string_lossy().into_owned(), value);
        }
    }
    Ok(serde_json::to_string(&fragments)?)
}

/// A file of Swagger UI with gzip: the archive's own compressed data in another frame.
fn swagger_ui(name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    for entry in archive.entries() {
        let entry = entry?;
        let path = entry.file_path().try_normalize()?;
        // The first folder's name holds the version.
        let is_wanted = path.as_ref().split_once('/').is_some_and(|(_, path)| path.strip_prefix("dist/") == Some(name));
        if is_wanted && entry.compression_method() == CompressionMethod::DEFLATE {
            let deflated = archive.get_entry(entry.wayfinder())?;
            return gzip(deflated.data(), entry.crc32(), usize::try_from(entry.uncompressed_size_hint())?);
        }
    }
    Err(format!("utoipa-swagger-ui-vendored has no deflated dist/{name}").into())
}

/// Deflated data as a gzip file without optional parts (RFC 1952, section 2.3): the same input gives the same bytes.
fn gzip(deflated: &[u8], crc32: u32, length: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    Ok([&HEADER, deflated, &crc32.to_le_bytes(), &u32::try_from(length)?.to_le_bytes()].concat())
}
