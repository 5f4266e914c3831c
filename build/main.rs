//! What needs no work when an instance starts because it is done here: the local backend's vocabulary becomes tables
//! that are read where they lie, the ticket's schema loses its blanks, the texts of the OpenAPI document are compressed.
#![expect(clippy::indexing_slicing, reason = "a panic here ends a build, not a request")]

mod vocabulary;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use miniz_oxide::deflate::compress_to_vec;

/// The texts of the OpenAPI document.
const DOCUMENT: [&str; 2] = ["document.json", "components.json"];
/// Deflate's best, which is slow.
const LEVEL: u8 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    // Without this, any file that changes has the build done anew.
    for source in ["build", "src/local", "src/text/stem.rs", "src/ticket/schema.json", "src/http/openapi"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(out.join("vocabulary.rs"), vocabulary::compile(Path::new("src/local/data"))?)?;
    fs::write(out.join("schema.json"), without_blanks(Path::new("src/ticket/schema.json"))?)?;
    for name in DOCUMENT {
        let text = without_blanks(&Path::new("src/http/openapi").join(name))?;
        fs::write(out.join(name).with_extension("json.deflate"), compress_to_vec(text.as_bytes(), LEVEL))?;
    }
    Ok(())
}

fn without_blanks(json: &Path) -> Result<String, Box<dyn Error>> {
    let value: serde_json::Value = serde_json::from_slice(&fs::read(json)?)?;
    Ok(value.to_string())
}
