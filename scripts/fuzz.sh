#!/usr/bin/env bash
# fuzz.sh [TARGET…]: runs the fuzz targets one after the other, TIME seconds each (60); all of them without arguments.
#
# Needs cargo and a C++ compiler; rustc itself instruments the code for coverage.
# Inputs with new coverage go to fuzz/corpus, inputs that break a property to fuzz/artifacts.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cd "$root/fuzz/seeds"
(($#)) || set -- * # a folder for each target
cd ..
command -v c++ >/dev/null || die "the fuzzer's library needs a C++ compiler (c++)"

# The flags of cargo-fuzz without a sanitizer: the sources have no unsafe code.
coverage="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
coverage+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
coverage+=" -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')
# An explicit target, so that build scripts and macros are not instrumented.
RUSTFLAGS="${RUSTFLAGS:-} $coverage" \
    cargo build --quiet --locked --profile fuzz --target "$host" --manifest-path "$tools_manifest" --target-dir "$tools_dir" \
    -p support-ticket-ai-fuzz

for target; do
    say "fuzz: $target, ${TIME:-60} s"
    mkdir -p "corpus/$target" "artifacts/$target"
    options=(-max_total_time="${TIME:-60}" -max_len=4096 -timeout=10 -print_final_stats=1 -use_value_profile=1)
    "$tools_dir/$host/fuzz/$target" "${options[@]}" -artifact_prefix="artifacts/$target/" \
        "corpus/$target" "seeds/$target" || die "$target: an input breaks a property: see fuzz/artifacts/$target"
done
