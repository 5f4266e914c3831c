#!/usr/bin/env bash
# bench.sh: builds the service, its opponents and the stub model server, measures them, writes bench/RESULTS.md.
#
#   ROWS=contract   only the table of what is promised (about 5 minutes)

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

[[ -r /proc/self/status ]] || die "memory and processor time are read from /proc: 'make bench' needs Linux."

"$root/scripts/build.sh"
manifest=$root/bench/Cargo.toml
bench_dir=$target_dir/bench
cargo build --quiet --locked --manifest-path "$manifest" --target-dir "$bench_dir" --release
cargo build --quiet --locked --manifest-path "$manifest" --target-dir "$bench_dir" --release -p proxy --target "$triple"

SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME
export BENCH_BUILT=$bench_dir/release BENCH_PROXY=$bench_dir/$triple/release/proxy.wasm

# Thousands of connections, two sockets each.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
exec "$bench_dir/release/bench"
