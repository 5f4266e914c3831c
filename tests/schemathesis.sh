#!/usr/bin/env bash
# schemathesis.sh ARGUMENT…: validates the served /openapi.json against OpenAPI 3.1, and tests the component with requests
# generated from it, all checks on.
#
# In several configurations, and with the same requests in each run; the arguments go to schemathesis (`--seed`,
# `--max-examples`, …).

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/serve.sh"

schemathesis=4.32.5
validator=0.9.0

install_python_tools() {
    say "Installing schemathesis $schemathesis and openapi-spec-validator $validator into $cache: about half a minute, once per machine."
    venv "$1" "schemathesis==$schemathesis" "openapi-spec-validator==$validator" ||
        die "pip could not install them; it needs python3 with venv and the package index."
}

python=$(cached "schemathesis-$schemathesis-openapi-$validator" install_python_tools)/bin/python

# validate NAME: validates the document of the server at `origin`.
validate() {
    say "OpenAPI document: $1"
    curl --silent --show-error --fail "$origin/openapi.json" >"$logs/openapi.json"
    "$python" -m openapi_spec_validator --schema 3.1 "$logs/openapi.json" >&2
}

# check NAME ARGUMENT…: validates the document, and tests the server at `origin`.
check() {
    validate "$1"
    say "Schemathesis: $1"
    shift
    (cd "$logs" && "$python" -m schemathesis.cli run "$origin/openapi.json" --checks all --continue-on-failure --no-color \
        --generation-deterministic --max-examples 40 --request-timeout 10 "$@")
}

ticket='{"type": "object", "properties": {
    "site": {"type": "string", "maxLength": 40, "x-ask": 1, "x-values": ["Lyon", "Paris"], "description": "Site"},
    "urgent": {"type": "boolean", "x-ask": 2}, "postes": {"type": "integer", "minimum": 1, "maximum": 500},
    "gravité": {"type": "string", "enum": ["mineure", "majeure"]}}}'

serve default MODEL_BACKEND=ollama
validate "default configuration"
serve servers MODEL_BACKEND=mistral,ollama FALLBACK_BACKEND= CORS_ORIGINS=
validate "two servers, no fallback, no origins"
serve open MODEL_BACKEND=local
check "open" "$@"
serve keyed MODEL_BACKEND=local API_KEYS=a-key CORS_ORIGINS='*' LOCALE=en TICKET_SCHEMA="$ticket"
check "with keys and another ticket" --header 'Authorization: Bearer a-key' "$@"
