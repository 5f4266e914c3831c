#!/usr/bin/env bash
# build.sh: writes dist/support-ticket-ai.wasm, the Spin component, and dist/support-ticket-ai.wasi.wasm, composed
# with the adapter so that it imports only wasi:*.

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# put FILE NAME: moves FILE to dist/NAME. Running servers keep the old file; an unchanged file keeps its date.
put() { if cmp -s "$1" "$root/dist/$2"; then rm "$1"; else mv -f "$1" "$root/dist/$2"; fi; }

cargo build --manifest-path "$root/Cargo.toml" --release --target "$triple" --lib
cargo build --manifest-path "$tools_manifest" --target-dir "$tools_dir" --locked --release --target "$triple" -p spin-adapter
built=$target_dir/$triple/release/support_ticket_ai.wasm
adapter=$tools_dir/$triple/release/spin_adapter.wasm
compose=$("$root/scripts/tool.sh" compose)
shrink=$("$root/scripts/tool.sh" shrink)
wasm_opt=$("$root/scripts/tool.sh" wasm-opt)
# -O2 would add 20 KB without a measurable gain in speed. The features are those that rustc enables.
options=(-Oz --enable-bulk-memory --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int
    --enable-reference-types --enable-sign-ext)

# shrunk FILE: prints the path of a smaller FILE, made again only if FILE or the options have changed.
shrunk() {
    local key small=$target_dir/shrunk/${1##*/}
    key=$(cat "$1" - <<<"${options[*]} $wasm_opt" | cksum)
    if [[ $(cat "$small.key" 2>/dev/null) != "$key" ]]; then
        say "Shrinking ${1##*/}: about 20 seconds."
        mkdir -p "$target_dir/shrunk"
        "$shrink" "$1" "$small" "$wasm_opt" "${options[@]}"
        printf '%s\n' "$key" >"$small.key"
    fi
    printf '%s\n' "$small"
}

mkdir -p "$root/dist"
cp "$(shrunk "$built")" "$root/dist/.app.$$"
"$compose" "$root/dist/.app.$$" "$(shrunk "$adapter")" "$root/dist/.composed.$$"
put "$root/dist/.app.$$" support-ticket-ai.wasm
put "$root/dist/.composed.$$" support-ticket-ai.wasi.wasm
