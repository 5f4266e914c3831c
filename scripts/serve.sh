# shellcheck shell=bash
# Sourced by tests and eval.sh: serves the built component on a free port until the script ends.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

component=${SUPPORT_TICKET_COMPONENT:-$root/dist/support-ticket-ai.wasi.wasm}
[[ -f $component ]] || die "$component is missing: run 'make build'."
logs=$target_dir/logs
mkdir -p "$logs"
servers=()

stop_servers() {
    # One may have ended already.
    [[ ${#servers[@]} -eq 0 ]] || kill "${servers[@]}" 2>/dev/null || true
}
trap stop_servers EXIT

# serve NAME VARIABLE=value…: starts a server that logs to NAME.log; sets `origin` to its address.
serve() {
    local name=$1 log=$logs/$1.log variable arguments=()
    shift
    for variable in "$@"; do arguments+=(--env "$variable"); done
    : >"$log" # before the server starts: it holds the address of an earlier run
    "$root/scripts/serve-wasmtime.sh" --addr 127.0.0.1:0 "${arguments[@]}" "$component" >"$log" 2>&1 &
    servers+=("$!")
    for _ in {1..300}; do
        origin=$(sed -n 's|^Serving HTTP on \(http://[^/]*\)/$|\1|p' "$log")
        [[ -z $origin ]] || return 0
        kill -0 "${servers[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$log" >&2
    die "$name did not start (see above)."
}
