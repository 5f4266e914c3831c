# shellcheck shell=bash
# Sourced: exports the settings of this machine as SPIN_VARIABLE_<NAME>, which every host understands.
#
# A setting is a variable in spin.toml. It comes from SPIN_VARIABLE_<NAME> or <NAME> in the environment, or from the
# same two names in the file DOTENV (.env in this checkout). MANIFEST is another manifest, for tests.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

manifest=${MANIFEST:-$root/spin.toml}
dotenv=${DOTENV:-$root/.env}

# The manifest's variables, and the default of one.
declared() { sed -nE '/^\[variables\]/,/^\[/ s/^([a-z][a-z0-9_]*) *=.*/\1/p' "$manifest"; }
default_of() { sed -nE '/^\[variables\]/,/^\[/ s/^'"$1"' *=.*default *= *"([^"]*)".*/\1/p' "$manifest"; }

upper() { tr '[:lower:]' '[:upper:]' <<<"$1"; }

# dotenv_lines: the lines of .env as KEY=VALUE, without comments and quotes.
dotenv_lines() {
    local line value quote
    [[ -f $dotenv ]] || return 0
    while IFS= read -r line || [[ -n $line ]]; do
        [[ ${line%$'\r'} =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=[[:space:]]*(.*)$ ]] || continue
        value=${BASH_REMATCH[3]}
        quote=${value:0:1}
        if [[ $quote == [\'\"] ]]; then
            value=${value:1}
            value=${value%%"$quote"*}
        else
            value=${value%%[[:space:]]#*}
            value=${value%"${value##*[![:space:]]}"}
        fi
        printf '%s=%s\n' "${BASH_REMATCH[2]}" "$value"
    done <"$dotenv"
}

# Exports only the variables that are set. `passed` holds their names for wasmtime, to keep values off the command line.
# shellcheck disable=SC2034  # used by the sourcing scripts
passed=()
import_settings() {
    local lines name bare own
    lines=$(dotenv_lines)
    for name in $(declared); do
        bare=$(upper "$name")
        own=SPIN_VARIABLE_$bare
        if [[ -n ${!own+set} ]]; then
            :
        elif [[ -n ${!bare+set} ]]; then
            export "$own=${!bare}"
        elif [[ $'\n'$lines == *$'\n'"$own="* ]]; then
            export "$own=$(sed -n "s/^$own=//p" <<<"$lines" | tail -n 1)"
        elif [[ $'\n'$lines == *$'\n'"$bare="* ]]; then
            export "$own=$(sed -n "s/^$bare=//p" <<<"$lines" | tail -n 1)"
        else
            continue
        fi
        passed+=(--env "$own")
    done
}

# setting NAME: the value for the component.
setting() {
    local own
    own=SPIN_VARIABLE_$(upper "$1")
    if [[ -n ${!own+set} ]]; then printf '%s' "${!own}"; else default_of "$1"; fi
}

import_settings
