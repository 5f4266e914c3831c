//! libFuzzer's entry point for `properties::schema`.
#![no_main]

#[path = "../../properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::schema::check(data));
