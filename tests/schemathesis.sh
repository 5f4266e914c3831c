#!/usr/bin/env bash
# schemathesis.sh ARGUMENT…: tests the served component with requests made from its own /openapi.json, all checks on.
#
# Once as nobody configured it but for the local backend, once with keys, another ticket and a small body limit.
# The same requests each time; the arguments go to schemathesis (`--seed`, `--max-examples`, …).

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/serve.sh"

version=4.32.5

install_schemathesis() {
    say "Installing schemathesis $version into $cache: about half a minute, once per machine."
    if ! python3 -m venv "$1" || ! "$1/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" >&2; then
        die "pip could not install schemathesis; it needs python3 with venv and the package index."
    fi
}

# A venv's programs name its place in their first line, and `cached` renames it: python itself is called.
python=$(cached "schemathesis-$version" install_schemathesis)/bin/python

# check NAME ARGUMENT…: tests the server at `origin`.
check() {
    say "Schemathesis: $1"
    shift
    (cd "$logs" && "$python" -m schemathesis.cli run "$origin/openapi.json" --checks all --continue-on-failure --no-color \
        --generation-deterministic --max-examples 40 --request-timeout 10 "$@")
}

ticket='{"type": "object", "properties": {
    "site": {"type": "string", "maxLength": 40, "x-ask": 1, "x-values": ["Lyon", "Paris"], "description": "Site"},
    "urgent": {"type": "boolean", "x-ask": 2}, "postes": {"type": "integer", "minimum": 1, "maximum": 500},
    "gravité": {"type": "string", "enum": ["mineure", "majeure"]}}}'

serve open MODEL_BACKEND=local
check "open" "$@"
serve keyed MODEL_BACKEND=local API_KEYS=a-key CORS_ORIGINS='*' LOCALE=en TICKET_SCHEMA="$ticket"
check "with keys and another ticket" --header 'Authorization: Bearer a-key' "$@"
