#!/usr/bin/env bash
# bench-check.sh: compares the component's instruction counts for fixed requests and its size with the committed
# numbers; fails beyond 5 %. UPDATE=1 writes new numbers.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

"$root/scripts/build.sh"
meter=$("$root/scripts/tool.sh" meter)
action="check"
[[ -z ${UPDATE:-} ]] || action="write"
exec "$meter" "$action" dist/support-ticket-ai.wasi.wasm bench/instructions.json
