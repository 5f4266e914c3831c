#!/usr/bin/env bash
# test.sh ARGUMENT…: every test that needs no network; the arguments go to `cargo test` of the last, largest part.
#
# The black-box tests read where the component and its host are from the environment.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME
export SUPPORT_TICKET_COMPONENT=$root/dist/support-ticket-ai.wasi.wasm
export SUPPORT_TICKET_SPIN_COMPONENT=$root/dist/support-ticket-ai.wasm

# How it starts and ends; the examples that clients copy; the served component as its own document describes it; its pages in a browser.
"$root/tests/up.sh"
"$root/tests/snippets.sh"
"$root/tests/schemathesis.sh"
"$root/tests/browser.sh"
# The examples in the documentation before the rest: the summary that people read is the last one.
cargo test --quiet --doc
"$root/scripts/bench-check.sh"
# The meter's tests run where it is built (tool.sh).
cargo test --quiet --locked --manifest-path "$tools_manifest" --target-dir "$tools_dir" \
    -p bench -p compose -p eval -p spin-adapter -p stub
cargo test --lib --tests "$@"
