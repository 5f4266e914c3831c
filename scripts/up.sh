#!/usr/bin/env bash
# up.sh: builds the component and serves it until Ctrl-C.
#
#   ADDR=host:port       where to listen (127.0.0.1:3000)
#   HOST=spin|wasmtime   on which host (spin where it is on PATH and new enough, else wasmtime)
#
# The first line of output names the backend that will answer. settings.sh reads the settings.

source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

addr=${ADDR:-127.0.0.1:3000}
addr=${addr/#localhost:/127.0.0.1:} # wasmtime wants an address
[[ $addr =~ ^(.+):([0-9]+)$ ]] || die "ADDR is host:port, not '$addr'."
listener=${BASH_REMATCH[1]//[\[\]]/}/${BASH_REMATCH[2]}

# spin_fits: whether spin is on PATH and runs WASI 0.3 components; if not, prints why.
spin_fits() {
    local version
    version=$(spin --version 2>/dev/null) || { say "spin is not on PATH: serving on wasmtime." && return 1; }
    [[ $version =~ ^spin\ ([0-9]+)\.([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] > 4 || (BASH_REMATCH[1] == 4 && BASH_REMATCH[2] >= 1))) ||
        { say "spin ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} is older than 4.1: serving on wasmtime." && return 1; }
}

"$root/scripts/backend.sh"

case ${HOST:-} in
    wasmtime) host=wasmtime ;;
    spin)
        host=spin
        command -v spin >/dev/null || die "HOST=spin, and spin is not on PATH. HOST=wasmtime needs no installed host."
        ;;
    *)
        # Some shells set HOST to the machine's name; only a HOST given to make counts.
        [[ " ${MAKEFLAGS:-}" != *" HOST="* ]] || die "HOST is spin or wasmtime, not '$HOST'."
        if spin_fits; then host=spin; else host=wasmtime; fi
        ;;
esac

# Before the build, which may take minutes.
if (exec 3<>"/dev/tcp/$listener") 2>/dev/null; then
    die "something listens on $addr already: end it, or choose another address with ADDR=host:port."
fi

"$root/scripts/build.sh"

# This process becomes the server, so Ctrl-C reaches it.
if [[ $host == spin ]]; then
    exec spin up --from "$root/spin.toml" --listen "$addr"
fi
exec "$root/scripts/serve-wasmtime.sh" --addr "$addr" ${passed[@]+"${passed[@]}"} "$root/dist/support-ticket-ai.wasi.wasm"
