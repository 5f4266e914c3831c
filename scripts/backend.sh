#!/usr/bin/env bash
# backend.sh: prints which backend will answer with the settings of this machine, and why the backends before it
# cannot.

source "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

# server_of BACKEND: scheme, host and port of its server, without a user name or password.
server_of() {
    local url
    url=$(setting "$1_url")
    sed -E 's#^([a-z]+://)([^/@]*@)?([^/]*).*#\1\3#' <<<"${url:-$(setting "$1_origin")}"
}

# Whether an HTTP server answers, whatever its status. Without a proxy, as the component does.
answers() {
    command -v curl >/dev/null || die "curl is not on PATH: 'make up' needs it to check for a model server."
    curl --silent --output /dev/null --max-time 1 --noproxy '*' "$1"
}

# The model servers: each has these variables.
servers=$(declared | sed -n 's/_origin$//p')
keyed=$(declared | sed -n 's/_api_key$//p')

missing=''
answer=''
chain=$(setting model_backend),$(setting fallback_backend)
for backend in ${chain//,/ }; do
    if [[ $backend == local ]]; then
        answer="answering from the local backend"
    elif ! grep -qxF -- "$backend" <<<"$servers"; then
        answer="MODEL_BACKEND and FALLBACK_BACKEND know ${servers//$'\n'/, } and local, not '$backend': requests will fail"
    else
        server=$(server_of "$backend")
        # The default server of a backend with a key needs one.
        if grep -qxF -- "$backend" <<<"$keyed" && [[ $server == "$(default_of "$backend"_origin)" && -z $(setting "$backend"_api_key) ]]; then
            missing+=" and no $(upper "$backend")_API_KEY"
        elif answers "$server"; then
            answer="answering from $backend at $server ($(setting "$backend"_model_name))"
        else
            missing+=" and no model server at $server"
        fi
    fi
    [[ -z $answer ]] || break
done
for backend in $keyed; do
    [[ -n $missing && ,${chain// /}, != *,$backend,* ]] || continue
    if [[ -z $(setting "$backend"_api_key) ]]; then
        missing+=" and no $(upper "$backend")_API_KEY"
    else
        answer+=" (MODEL_BACKEND=$backend uses the key)"
    fi
done
missing=${missing# and }
answer=${missing:+$missing: }${answer:-requests will fail until there is one}
printf '%s%s\n' "$(upper "${answer:0:1}")" "${answer:1}"
