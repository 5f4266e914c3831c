# shellcheck shell=bash
# Sourced: lets `cargo` and `spin build` find the standard library for wasm32-wasip2, building it if necessary, and
# keeps local paths out of the component, so that it is the same on every machine.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Panic messages contain the paths of the dependencies' sources. The sources are fetched first, because cargo would
# rebuild everything for changed flags.
sources=${CARGO_HOME:-$HOME/.cargo}/registry/src
compgen -G "$sources/*" >/dev/null || cargo fetch --quiet --locked --manifest-path "$root/Cargo.toml"
wasm_flags=$("$root/scripts/wasm-std.sh")
for source in "$sources"/*; do wasm_flags+=" --remap-path-prefix=$source/="; done

# Only once when scripts call each other.
if [[ ${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} != *"$wasm_flags" ]]; then
    export CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} $wasm_flags"
    # RUSTFLAGS, even if empty, overrides the target's flags. The sysroot also has the host's library.
    [[ -z ${RUSTFLAGS+set} ]] || export RUSTFLAGS="$RUSTFLAGS $wasm_flags"
fi
