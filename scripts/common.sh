# shellcheck shell=bash
# Shared by all scripts. Sourced, never run.
# shellcheck disable=SC2034  # used by the sourcing scripts

set -euo pipefail
# macOS has Bash 3 without this option: there, a failure inside $(…) shows one step later.
shopt -s inherit_errexit 2>/dev/null || true

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Tools, shared by all checkouts of this user.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/support-ticket-ai
target_dir=${CARGO_TARGET_DIR:-$root/target}
triple=wasm32-wasip2
# The workspace of the tools, the benchmarks and the fuzz targets.
tools_manifest=$root/tools/Cargo.toml
tools_dir=$target_dir/tools

# say TEXT…: prints a message for the user; standard output is for results.
say() { printf '%s\n' "$*" >&2; }

# die TEXT…: prints what failed and how to fix it, and exits.
die() {
    say "error: $*"
    exit 1
}

# limited SECONDS COMMAND…: runs a command with a time limit, if the system has `timeout`.
limited() {
    if command -v timeout >/dev/null; then timeout "$@"; else "${@:2}"; fi
}

# venv FOLDER ARGUMENT…: creates a Python environment in FOLDER and installs packages; the arguments go to pip.
#
# Its programs contain their path, which `cached` changes: call bin/python instead.
venv() {
    python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}" >&2
}

# cached NAME COMMAND…: prints the path of folder NAME in the cache. The first time, `COMMAND… FOLDER` fills it.
#
# The folder is always complete: it is filled under another name and then renamed. Checkouts that need the same
# folder at the same time wait for each other.
cached() {
    local name=$1 folder=$cache/$1
    shift
    [[ -d $folder ]] || (
        mkdir -p "$cache"
        exec 9>"$cache/.$name.lock"
        if command -v flock >/dev/null; then
            flock -n 9 || { say "waiting for another run that is installing $name" && flock 9; }
        fi
        if [[ ! -d $folder ]]; then
            rm -rf "$folder.part" # from an interrupted run
            mkdir "$folder.part"
            "$@" "$folder.part"
            mv "$folder.part" "$folder"
        fi
    )
    printf '%s\n' "$folder"
}
