#!/usr/bin/env bash
# serve.sh COMPONENT: serves the built component with the settings of the environment, for containers and systemd.
#
#   ADDR=address:port        where to listen (127.0.0.1:3000)
#   CREDENTIALS_DIRECTORY    a folder of secret settings, one file per variable, such as api_keys
#
# The process becomes wasmtime, so signals and the exit status are the server's.

# Before settings.sh: a file takes precedence over the environment.
for file in "${CREDENTIALS_DIRECTORY:-/nonexistent}"/*; do
    [[ -r $file ]] || continue
    name=${file##*/}
    [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || continue
    export "SPIN_VARIABLE_$(tr '[:lower:]' '[:upper:]' <<<"$name")=$(<"$file")"
done

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/settings.sh"

[[ $# -eq 1 ]] || die "usage: serve.sh COMPONENT"
exec "$root/scripts/serve-wasmtime.sh" --addr "${ADDR:-127.0.0.1:3000}" ${passed[@]+"${passed[@]}"} "$1"
