#!/usr/bin/env bash
# lint.sh: everything that can be said of the sources without running them.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

step() { say "lint: $1"; }
compose=tools/compose/Cargo.toml
eval=tools/eval/Cargo.toml
meter=tools/meter/Cargo.toml
bench=bench/Cargo.toml

step rustfmt
cargo fmt --all --check
cargo fmt --manifest-path "$compose" --check
cargo fmt --manifest-path "$eval" --check
cargo fmt --manifest-path "$meter" --check
cargo fmt --manifest-path fuzz/Cargo.toml --check
cargo fmt --manifest-path "$bench" --all --check

step "clippy: native, wasm, tools (a minute or two the first time)"
cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
# Left out of `cargo test`, and so of all targets.
cargo clippy --quiet --locked --test llm -- -D warnings
cargo clippy --quiet --locked --workspace --lib --target "$triple" -- -D warnings
# Their builds stay out of the checkout's sources.
cargo clippy --quiet --locked --manifest-path "$compose" --target-dir "$target_dir/compose" -- -D warnings
cargo clippy --quiet --locked --manifest-path "$eval" --target-dir "$target_dir/eval-tool" --all-targets -- -D warnings
cargo clippy --quiet --locked --manifest-path "$bench" --target-dir "$target_dir/bench" --all-targets -- -D warnings
cargo clippy --quiet --locked --manifest-path "$bench" --target-dir "$target_dir/bench" -p proxy --target "$triple" -- -D warnings

step "links in the documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --workspace --lib --no-deps

step "licences, bans and sources of the dependencies"
deny=$("$root/scripts/tool.sh" cargo-deny)
"$deny" --workspace --config deny.toml check --hide-inclusion-graph bans licenses sources
for tool in "$compose" "$eval"; do
    "$deny" --manifest-path "$tool" --config deny.toml check --hide-inclusion-graph bans licenses sources
done
# Nothing of these is in the component, where two versions of a crate would cost.
for tool in "$bench" "$meter"; do
    "$deny" --manifest-path "$tool" --workspace --config deny.toml check --hide-inclusion-graph --allow duplicate bans licenses sources
done

step "advisories"
# The database comes over the network: without it there is nothing to hold against the project.
if answer=$(limited 60 "$deny" --workspace --config deny.toml check advisories 2>&1); then
    say "  none applies"
elif [[ $answer == *"failed to fetch advisory database"* || -z $answer ]]; then
    say "  not checked: the advisory database could not be fetched"
else
    die "$answer"
fi

step manifests
python3 scripts/check-manifests.py

step "shell scripts"
shellcheck=$("$root/scripts/tool.sh" shellcheck)
"$shellcheck" scripts/*.sh deploy/*.sh tests/*.sh .ci/run
