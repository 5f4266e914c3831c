# shellcheck shell=bash
# To be sourced: makes `cargo` and `spin build` find the standard library for wasm32-wasip2, which it builds if it must.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

std_flags=$("$root/scripts/wasm-std.sh")
# Once, however deep scripts call each other: other flags are another build to cargo.
if [[ ${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} != *"$std_flags" ]]; then
    export CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS="${CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS:-} $std_flags"
    # RUSTFLAGS, even empty, hides the target's own. That sysroot has the host's library as well.
    [[ -z ${RUSTFLAGS+set} ]] || export RUSTFLAGS="$RUSTFLAGS $std_flags"
fi
