//! libFuzzer's entry point for `properties::stream`.
#![no_main]

#[path = "../../properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::stream::check(data));
