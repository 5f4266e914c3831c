#!/usr/bin/env bash
# healthcheck.sh [PORT]: succeeds if the service on this machine answers GET /health with 200.
#
# In plain bash: the image has no curl. `timeout` ends a wait for a silent server.

set -euo pipefail

# shellcheck disable=SC2016  # $0 is the inner shell's
exec timeout 3 bash -c '
    exec 3<>"/dev/tcp/127.0.0.1/$0" || exit 1
    printf "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n" >&3
    IFS= read -r status <&3
    cat <&3 >/dev/null # an unread reply would be an error in the log
    [[ $status == "HTTP/1.1 200"* ]]
' "${1:-3000}"
