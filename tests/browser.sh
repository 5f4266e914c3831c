#!/usr/bin/env bash
# browser.sh ARGUMENT…: tests the console and the API reference of the served component in a real browser.
#
# The arguments go to node's test runner. Screenshots are written to target/screens.

source "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

playwright=1.65.1
axe=4.14.1

install_modules() {
    say "Installing playwright-core $playwright and axe-core $axe into $cache: some seconds, once per machine."
    # No installation scripts are needed; the browser is the system's own.
    npm install --silent --no-save --ignore-scripts --prefix "$1" "playwright-core@$playwright" "axe-core@$axe" >&2 ||
        die "npm could not install playwright-core; it needs node and the package registry."
}

find_browser() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [[ -n $name ]] && command -v "$name"; then return; fi
    done
    return 1
}

command -v node >/dev/null || die "node is not on PATH: the browser tests need it, version 20 or newer."
if ! browser=$(find_browser); then
    say "Installing chromium with apt-get."
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >&2 ||
        die "no Chromium was found, and apt-get could not install it: install one, or name it in CHROMIUM."
    browser=$(find_browser)
fi

export CHROMIUM=$browser
export SUPPORT_TICKET_COMPONENT=${SUPPORT_TICKET_COMPONENT:-$root/dist/support-ticket-ai.wasi.wasm}
[[ -f $SUPPORT_TICKET_COMPONENT ]] || die "$SUPPORT_TICKET_COMPONENT is missing: run 'make build'."
export SUPPORT_TICKET_SCREENS=$target_dir/screens
mkdir -p "$SUPPORT_TICKET_SCREENS"
modules=$(cached "playwright-core-$playwright-axe-core-$axe" install_modules)

NODE_PATH=$modules/node_modules exec node --test --test-reporter=spec "$@" "$root"/tests/browser/*.test.js
