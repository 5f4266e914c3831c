#!/usr/bin/env bash
# spin-build.sh ARGUMENT…: `spin build ARGUMENT…`, for which this machine's Rust may lack the standard library.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

command -v spin >/dev/null || die "spin is not on PATH; 'make build' needs none and makes the same component."
exec spin build --from "$root/spin.toml" "$@"
