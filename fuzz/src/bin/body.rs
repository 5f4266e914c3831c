//! libFuzzer's entry point for `properties::body`.
#![no_main]

#[path = "../../properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::body::check(data));
