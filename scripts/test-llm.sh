#!/usr/bin/env bash
# test-llm.sh ARGUMENT…: the built component against a real language model; the arguments go to `cargo test`.
#
# LLM_MODEL chooses the model (llm.sh), SEED another course of injected faults.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME
# Built before the model waits; one test at a time, for it gives one answer at a time. The harness tests itself in
# `make test`.
cargo test --quiet --test llm --no-run
exec "$root/scripts/llm.sh" cargo test --test llm -- --skip harness:: --test-threads 1 --nocapture "$@"
