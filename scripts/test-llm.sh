#!/usr/bin/env bash
# test-llm.sh ARGUMENT…: tests the built component with a real language model; the arguments go to `cargo test`.
#
# LLM_MODEL selects the model (llm.sh), SEED the injected faults.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME
# Build first, so that the model does not wait. One test at a time, because the model gives one answer at a time.
# `make test` tests the harness.
cargo test --quiet --test llm --no-run
exec "$root/scripts/llm.sh" cargo test --test llm -- --skip harness:: --test-threads 1 --nocapture "$@"
