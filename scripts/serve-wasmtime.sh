#!/usr/bin/env bash
# serve-wasmtime.sh ARGUMENT… COMPONENT: `wasmtime serve` with this project's options.
#
# The only definition of the options, for `make up`, tests, benchmarks and deployments. The process becomes wasmtime, so
# signals and the exit status are the server's. SUPPORT_TICKET_WASMTIME is the path of wasmtime.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

wasmtime=${SUPPORT_TICKET_WASMTIME:-$("$root/scripts/tool.sh" wasmtime)}

# Further requests queue. Beyond its pool, wasmtime answers 500 and aborts the instance's other requests.
requests=5000
# Includes idle keep-alive connections.
connections=8000
# In a burst, an instance gets 2 to 4 of at most 16 requests: 2,000 instances for 5,000 requests in flight, measured.
# Twice that is reserved, as address space only. One instance is 3 components, 2 memories, 4 tables and 5 to 6 core
# instances. Each coroutine of the host needs a stack; a missing stack traps the whole instance.
instances=4000
pool=pooling-total-component-instances=$((3 * instances))
pool+=,pooling-total-core-instances=$((6 * instances))
pool+=,pooling-total-memories=$((2 * instances))
pool+=,pooling-total-tables=$((5 * instances))
pool+=,pooling-total-stacks=$((2 * requests))

# A request uses two sockets: the caller's and the model server's.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

exec "$wasmtime" serve -S cli,p3 -W component-model-async -O "$pool" --no-logging-prefix \
    --max-concurrent-requests "$requests" --max-concurrent-connections "$connections" "$@"
