#!/usr/bin/env bash
# build.sh: writes dist/support-ticket-ai.wasm, the Spin component, and dist/support-ticket-ai.wasi.wasm, the same
# with the adapter plugged in, so that it imports only wasi:*.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# put FILE NAME: moves FILE to dist/NAME. A server that reads the old file keeps it; the same content keeps its date.
put() { if cmp -s "$1" "$root/dist/$2"; then rm "$1"; else mv -f "$1" "$root/dist/$2"; fi; }

cargo build --manifest-path "$root/Cargo.toml" --release --target "$triple" --lib -p support-ticket-ai -p spin-adapter
mkdir -p "$root/dist"
built=$target_dir/$triple/release
compose=$("$root/scripts/tool.sh" compose)
cp "$built/support_ticket_ai.wasm" "$root/dist/.app.$$"
"$compose" "$root/dist/.app.$$" "$built/spin_adapter.wasm" "$root/dist/.composed.$$"
put "$root/dist/.app.$$" support-ticket-ai.wasm
put "$root/dist/.composed.$$" support-ticket-ai.wasi.wasm
