#!/usr/bin/env bash
# lint.sh: static checks of the sources.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

step() { say "lint: $1"; }
in_tools=(--manifest-path "$tools_manifest")

step rustfmt
cargo fmt --all --check
cargo fmt "${in_tools[@]}" --all --check

step "clippy: native, wasm, tools (a minute or two the first time)"
clippy() { cargo clippy --quiet --locked "$@" -- -D warnings; }
clippy --all-targets
# Not part of --all-targets, because `cargo test` leaves it out.
clippy --test llm
clippy --lib --target "$triple"
# Without default features: the fuzzer's own library needs a C++ compiler.
clippy "${in_tools[@]}" --target-dir "$tools_dir" --workspace --all-targets --no-default-features
clippy "${in_tools[@]}" --target-dir "$tools_dir" -p proxy -p spin-adapter --target "$triple"

step "links in the documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --lib --no-deps

step "licences, bans and sources of the dependencies"
deny=$("$root/scripts/tool.sh" cargo-deny)
"$deny" --config deny.toml check --hide-inclusion-graph bans licenses sources
# Two versions of a crate cost nothing where neither is part of the component.
"$deny" "${in_tools[@]}" --workspace --config deny.toml check --hide-inclusion-graph --allow duplicate bans licenses sources

step "advisories"
# The database needs a network connection.
if answer=$(limited 60 "$deny" --config deny.toml check advisories 2>&1); then
    say "  none applies"
elif [[ $answer == *"failed to fetch advisory database"* || -z $answer ]]; then
    say "  not checked: the advisory database could not be fetched"
else
    die "$answer"
fi

step "shell scripts"
shellcheck=$("$root/scripts/tool.sh" shellcheck)
"$shellcheck" scripts/*.sh deploy/*.sh tests/*.sh .ci/run
