# shellcheck shell=bash
# To be sourced: makes `cargo` and `spin build` find the standard library for wasm32-wasip2, which it builds if it must,
# and leave the paths of this machine out of the component, which is then the same on every machine.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The dependencies' sources, whose paths stand in the messages of panics. Other flags would be another build to cargo,
# so they are fetched before it is looked where they are.
sources=${CARGO_HOME:-$HOME/.cargo}/registry/src
compgen -G "$sources/*" >/dev/null || cargo fetch --quiet --locked --manifest-path "$root/Cargo.toml"
wasm_flags=$("$root/scripts/wasm-std.sh")
for source in "$sources"/*; do wasm_flags+=" --remap-path-prefix=$source/="; done

# Once, however deep scripts call each other.
if [[ ${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} != *"$wasm_flags" ]]; then
    export CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} $wasm_flags"
    # RUSTFLAGS, even empty, hides the target's own. That sysroot has the host's library as well.
    [[ -z ${RUSTFLAGS+set} ]] || export RUSTFLAGS="$RUSTFLAGS $wasm_flags"
fi
