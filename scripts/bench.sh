#!/usr/bin/env bash
# bench.sh: builds and measures the service, its competitors and the stub model server; writes bench/RESULTS.md.
#
#   ROWS="NAME…"   only these sections: contract (the targets, 4 minutes), at-once, slow, apis, streaming, cache,
#                  scaling, soak (all: 25 minutes)

source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$root"

[[ -r /proc/self/status ]] || die "'make bench' needs Linux: it reads memory and processor time from /proc."

"$root/scripts/build.sh"
build=(cargo build --quiet --locked --release --manifest-path "$tools_manifest" --target-dir "$tools_dir")
"${build[@]}" -p bench -p native -p stub
"${build[@]}" -p proxy --target "$triple"

requirements=$root/bench/fastapi/requirements.txt
install_fastapi() {
    say "Installing FastAPI into $cache: about half a minute, once per machine."
    venv "$1" --requirement "$requirements" ||
        die "pip could not install FastAPI; it needs python3 with venv and the package index."
}
BENCH_PYTHON=$(cached "fastapi-$(cksum <"$requirements" | tr ' ' -)" install_fastapi)/bin/python
SUPPORT_TICKET_WASMTIME=$("$root/scripts/tool.sh" wasmtime)
export SUPPORT_TICKET_WASMTIME BENCH_PYTHON
export BENCH_BUILT=$tools_dir/release BENCH_PROXY=$tools_dir/$triple/release/proxy.wasm

# Thousands of connections with two sockets each.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
read -ra sections <<<"${ROWS:-}"
exec "$tools_dir/release/bench" ${sections[@]+"${sections[@]}"}
