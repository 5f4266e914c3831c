#!/usr/bin/env bash
# bench-check.sh: what the built component costs, in instructions of fixed requests and in bytes, against the committed
# numbers; beyond 5 % it fails. UPDATE=1 writes the numbers anew.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
meter=$("$root/scripts/tool.sh" meter)
action="check"
[[ -z ${UPDATE:-} ]] || action="write"
exec "$meter" "$action" dist/support-ticket-ai.wasi.wasm bench/instructions.json
