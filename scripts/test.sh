#!/usr/bin/env bash
# test.sh ARGUMENT…: all tests that need no network; the arguments go to the last and largest `cargo test`.
#
# The environment tells the black-box tests the paths of the component and its host.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME
export SUPPORT_TICKET_COMPONENT=$root/dist/support-ticket-ai.wasi.wasm
export SUPPORT_TICKET_SPIN_COMPONENT=$root/dist/support-ticket-ai.wasm

# Start and stop; the README's examples; the OpenAPI document; the pages in a browser.
"$root/tests/up.sh"
"$root/tests/snippets.sh"
"$root/tests/schemathesis.sh"
"$root/tests/browser.sh"
# Documentation examples first: people read the last summary.
cargo test --quiet --doc
"$root/scripts/bench-check.sh"
# The meter's tests run where it is built (tool.sh).
cargo test --quiet --locked --manifest-path "$tools_manifest" --target-dir "$tools_dir" \
    -p bench -p compose -p eval -p spin-adapter -p stub
cargo test --lib --tests "$@"
