# shellcheck shell=bash
# What every script shares. Sourced, never run.
# shellcheck disable=SC2034  # used by those that source it

set -euo pipefail
# Bash 3, which macOS ships, does not know it; there a failure inside $(…) shows one step later.
shopt -s inherit_errexit 2>/dev/null || true

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Tools are shared by every checkout of this user and found again by the next run.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/support-ticket-ai
target_dir=${CARGO_TARGET_DIR:-$root/target}
triple=wasm32-wasip2
# The workspace of the tools, the benchmarks and the fuzz targets.
tools_manifest=$root/tools/Cargo.toml
tools_dir=$target_dir/tools

# say TEXT…: tells the person what is going on; standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# die TEXT…: says what failed and what to do about it, and stops.
die() {
    say "error: $*"
    exit 1
}

# limited SECONDS COMMAND…: with that limit, where the system has `timeout`.
limited() {
    if command -v timeout >/dev/null; then timeout "$@"; else "${@:2}"; fi
}

# cached NAME COMMAND…: prints the cache's folder NAME. The first time, `COMMAND… FOLDER` fills it.
#
# A folder of that name is always whole: it is filled under another name and renamed. Two checkouts that want the
# same one at once wait for each other.
cached() {
    local name=$1 folder=$cache/$1
    shift
    [[ -d $folder ]] || (
        mkdir -p "$cache"
        exec 9>"$cache/.$name.lock"
        if command -v flock >/dev/null; then
            flock -n 9 || { say "waiting for another run that is making $name" && flock 9; }
        fi
        if [[ ! -d $folder ]]; then
            rm -rf "$folder.part" # what an interrupted run left
            mkdir "$folder.part"
            "$@" "$folder.part"
            mv "$folder.part" "$folder"
        fi
    )
    printf '%s\n' "$folder"
}
