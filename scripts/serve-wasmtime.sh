#!/usr/bin/env bash
# serve-wasmtime.sh ARGUMENT… COMPONENT: `wasmtime serve` with the options that this project's components need.
#
# The one place where they stand: `make up`, the tests and the benchmarks all come through here. The process becomes
# wasmtime, so its signals and its exit status are the server's. SUPPORT_TICKET_WASMTIME names the program.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

wasmtime=${SUPPORT_TICKET_WASMTIME:-$("$root/scripts/tool.sh" wasmtime)}

# More requests than this wait in line; past its pool, wasmtime answers 500 and takes an instance's neighbours along.
requests=5000
# Idle keep-alive connections hold no request.
connections=8000
# Under a burst an instance gets 2 to 4 requests of the 16 that it may take: 2,000 instances at 5,000 requests in
# flight, measured. Twice that is reserved, as address space only. One instance is 3 components, 2 memories, 4 tables
# and 5 to 6 core instances. A stack is a coroutine of the host; one that is missing traps the whole instance.
instances=4000
pool=pooling-total-component-instances=$((3 * instances))
pool+=,pooling-total-core-instances=$((6 * instances))
pool+=,pooling-total-memories=$((2 * instances))
pool+=,pooling-total-tables=$((5 * instances))
pool+=,pooling-total-stacks=$((2 * requests))

# A request in flight has two sockets: the caller's and the model server's.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

exec "$wasmtime" serve -S cli,p3 -W component-model-async -O "$pool" --no-logging-prefix \
    --max-concurrent-requests "$requests" --max-concurrent-connections "$connections" "$@"
