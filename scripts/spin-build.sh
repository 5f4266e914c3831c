#!/usr/bin/env bash
# spin-build.sh ARGUMENT…: `spin build ARGUMENT…`, with the standard library for wasm32-wasip2 if it is missing.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

command -v spin >/dev/null || die "spin is not on PATH; 'make build' builds the same component without it."
exec spin build --from "$root/spin.toml" "$@"
