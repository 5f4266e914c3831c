//! `shrink IN OUT PROGRAM ARGUMENT…`: runs PROGRAM, a wasm-opt, over each core module of the component IN.
//!
//! wasm-opt reads only core modules. A component has them as sections of id 1, without references to their sizes
//! (Component Model, binary format), so they can be replaced by smaller ones.

use anyhow::{Context, Result, bail, ensure};
use std::{env, fs, path::Path, process::Command, process::ExitCode};

/// The start of every component: magic number, version and layer.
const PREAMBLE: &[u8] = b"\0asm\x0d\0\x01\0";
const CUSTOM: u8 = 0;
const CORE_MODULE: u8 = 1;
/// The custom section with names for debugging: ten kilobytes that no host reads.
const NAMES: &[u8] = b"\x0ecomponent-name";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match shrink(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shrink: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn shrink(arguments: &[String]) -> Result<()> {
    let [input, output, program, options @ ..] = arguments else {
        bail!("usage: shrink IN OUT PROGRAM ARGUMENT…");
    };
    let component = fs::read(input).with_context(|| format!("cannot read {input}"))?;
    let mut rest = component.strip_prefix(PREAMBLE).context("not a component")?;
    let mut shrunk = PREAMBLE.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (length, after) = read_length(after)?;
        let (content, after) = after.split_at_checked(length).context("a section ends beyond the file")?;
        rest = after;
        if id == CUSTOM && content.starts_with(NAMES) {
            continue;
        }
        let smaller = if id == CORE_MODULE { Some(optimise(content, output, program, options)?) } else { None };
        let content = smaller.as_deref().unwrap_or(content);
        shrunk.push(id);
        write_length(content.len(), &mut shrunk);
        shrunk.extend_from_slice(content);
    }
    fs::write(output, shrunk).with_context(|| format!("cannot write {output}"))
}

fn optimise(module: &[u8], output: &str, program: &str, options: &[String]) -> Result<Vec<u8>> {
    let (before, after) = (format!("{output}.module"), format!("{output}.smaller"));
    fs::write(&before, module)?;
    let status = Command::new(program).args([&before, "-o", &after]).args(options).status();
    let status = status.with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "{program} failed");
    let smaller = fs::read(&after)?;
    for file in [before, after] {
        fs::remove_file(Path::new(&file))?;
    }
    Ok(smaller)
}

/// Reads an unsigned LEB128 number.
fn read_length(bytes: &[u8]) -> Result<(usize, &[u8])> {
    let mut length = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((length, &bytes[index + 1..]));
        }
    }
    bail!("a section's length is not a number")
}

fn write_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_round_trip() {
        for length in [0, 1, 127, 128, 300, 1 << 20, usize::try_from(u32::MAX).unwrap()] {
            let mut bytes = Vec::new();
            write_length(length, &mut bytes);
            bytes.push(7);
            assert_eq!(read_length(&bytes).unwrap(), (length, &[7][..]));
        }
        assert!(read_length(&[0x80; 9]).is_err() && read_length(&[]).is_err());
    }
}
