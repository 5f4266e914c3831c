#!/usr/bin/env bash
# up.sh: tests `make up`: its first line, its answers, Ctrl-C, and the choice of the host.

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

work=$(mktemp -d)
group=''
cleanup() {
    [[ -z $group ]] || kill -- "-$group" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
printf 'MODEL_BACKEND=local\nLOCALE=en\n' >"$work/.env"
mkdir "$work/bin" "$work/old"

# up ARGUMENT…: `make up` with the settings of that file only, and without those of an outer make.
up() {
    env -u MAKEFLAGS -u MAKELEVEL -u HOST -u ADDR -u MODEL_BACKEND -u SPIN_VARIABLE_MODEL_BACKEND -u LOCALE \
        -u SPIN_VARIABLE_LOCALE DOTENV="$work/.env" make --no-print-directory -C "$root" up "$@"
}

# expect WHAT TEXT PATTERN: exits if the text does not match.
expect() {
    # shellcheck disable=SC2053  # it is a pattern
    [[ $2 == $3 ]] || die "make up, $1: expected '$3' and got:"$'\n'"$2"
}

# refuses WHAT PATTERN ARGUMENT…: `make up` with these arguments must fail with this message.
refuses() {
    local output
    if output=$(up "${@:3}" 2>&1); then die "make up, $1: succeeded:"$'\n'"$output"; fi
    expect "$1" "$output" "$2"
}

# --- It serves, and Ctrl-C stops everything ---

log=$work/log
# With job control, a job is a process group that receives the interrupt, as at a terminal.
set -m
up HOST=wasmtime ADDR=127.0.0.1:0 >"$log" 2>&1 &
group=$!
set +m
address=''
for _ in {1..600}; do
    address=$(sed -n 's|^Serving HTTP on http://\([^/]*\)/$|\1|p' "$log")
    [[ -z $address ]] || break
    kill -0 "$group" 2>/dev/null || die "make up ended:"$'\n'"$(<"$log")"
    sleep 0.2
done
expect "the first line" "$(head -n 1 "$log")" "Answering from the local backend"
[[ -n $address ]] || die "make up does not serve:"$'\n'"$(<"$log")"

# ask PATH: the status line and the body of a GET.
ask() { # in bash alone
    exec 3<>"/dev/tcp/${address/://}"
    printf 'GET %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n' "$1" >&3
    cat <&3
    exec 3<&-
}
expect "/health" "$(ask /health)" "*200 OK*\"backend\":\"local\"*"
expect "the language of .env" "$(ask /nowhere)" "*\"message\":\"This address does not exist.\"*"
refuses "a taken port" "*error: something listens on $address already*" HOST=wasmtime ADDR="$address"

kill -INT -- "-$group"
for _ in {1..50}; do
    kill -0 -- "-$group" 2>/dev/null || break
    sleep 0.1
done
if kill -0 -- "-$group" 2>/dev/null; then die "Ctrl-C left something running:"$'\n'"$(pgrep -lg "$group")"; fi
group=''
if (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null; then die "something still listens on $address"; fi

# --- Which host ---

# program FILE LINE…: a shell script.
program() {
    printf '%s\n' '#!/bin/sh' "${@:2}" >"$1"
    chmod +x "$1"
}
# shellcheck disable=SC2016  # for those scripts
{
    program "$work/bin/spin" 'case $1 in --version) echo "spin 4.1.0 (abc 2026-01-01)" ;; *) echo "spin $*"; env | grep ^SPIN_VARIABLE_MODEL ;; esac'
    program "$work/old/spin" 'echo "spin 4.0.2"'
    program "$work/wasmtime" 'echo "wasmtime $*"'
}
export SUPPORT_TICKET_WASMTIME=$work/wasmtime
system=$PATH
spin="*spin up --from $root/spin.toml --listen 127.0.0.1:1"$'\n'"SPIN_VARIABLE_MODEL_BACKEND=local"
wasmtime="*wasmtime serve *--addr 127.0.0.1:1 *--env SPIN_VARIABLE_MODEL_BACKEND *dist/support-ticket-ai.wasi.wasm"

export PATH=$work/bin:$system
expect "with spin" "$(up ADDR=localhost:1 2>&1)" "$spin"
expect "HOST=spin" "$(up ADDR=127.0.0.1:1 HOST=spin 2>&1)" "$spin"
expect "HOST=wasmtime" "$(up ADDR=127.0.0.1:1 HOST=wasmtime 2>&1)" "$wasmtime"
export PATH=$work/old:$system
expect "with an old spin" "$(up ADDR=127.0.0.1:1 2>&1)" "*spin 4.0 is older than 4.1: serving on wasmtime.$wasmtime"
export PATH=$system
if ! command -v spin >/dev/null; then
    expect "without spin" "$(up ADDR=127.0.0.1:1 2>&1)" "*spin is not on PATH: serving on wasmtime.$wasmtime"
    refuses "HOST=spin without spin" "*error: HOST=spin, and spin is not on PATH.*" HOST=spin
fi
refuses "another host" "*error: HOST is spin or wasmtime, not 'docker'.*" HOST=docker
refuses "no port" "*error: ADDR is host:port, not '3000'.*" ADDR=3000
say "make up: serves, stops on Ctrl-C, uses the requested host"
