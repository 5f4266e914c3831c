# shellcheck shell=bash
# To be sourced by tests: serves the built component on a free port, and ends it with the script.

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

component=${SUPPORT_TICKET_COMPONENT:-$root/dist/support-ticket-ai.wasi.wasm}
[[ -f $component ]] || die "$component is missing: run 'make build'."
logs=$target_dir/logs
mkdir -p "$logs"
servers=()

stop_servers() {
    # They may have ended by themselves.
    [[ ${#servers[@]} -eq 0 ]] || kill "${servers[@]}" 2>/dev/null || true
}
trap stop_servers EXIT

# serve NAME VARIABLE=value…: serves; its log is NAME.log, its address stands in `origin`.
serve() {
    local name=$1 log=$logs/$1.log variable arguments=()
    shift
    # The last run's address must not be taken for this one's.
    : >"$log"
    for variable in "$@"; do arguments+=(--env "$variable"); done
    : >"$log" # now, not when the server starts: an earlier run's address stands there
    "$root/scripts/serve-wasmtime.sh" --addr 127.0.0.1:0 "${arguments[@]}" "$component" >"$log" 2>&1 &
    servers+=("$!")
    for _ in {1..300}; do
        origin=$(sed -n 's|^Serving HTTP on \(http://[^/]*\)/$|\1|p' "$log")
        [[ -z $origin ]] || return 0
        kill -0 "${servers[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$log" >&2
    die "$name did not start; what it said stands above."
}
