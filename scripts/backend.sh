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

missing=''
answer=''
chain=$(setting model_backend),$(setting fallback_backend)
key=$(setting mistral_api_key)
for backend in ${chain//,/ }; do
    case $backend in
        local) answer="answering from the local backend" ;;
        ollama | mistral)
            server=$(server_of "$backend")
            if [[ $backend == mistral && -z $key && $server == *//api.mistral.ai* ]]; then
                missing+=" and no MISTRAL_API_KEY"
            elif answers "$server"; then
                answer="answering from $backend at $server ($(setting "$backend"_model_name))"
            else
                missing+=" and no model server at $server"
            fi
            ;;
        *) answer="MODEL_BACKEND and FALLBACK_BACKEND know ollama, mistral and local, not '$backend': requests will fail" ;;
    esac
    [[ -z $answer ]] || break
done
if [[ $chain != *mistral* && -n $missing ]]; then
    if [[ -z $key ]]; then missing+=" and no MISTRAL_API_KEY"; else answer+=" (MODEL_BACKEND=mistral uses the key)"; fi
fi
missing=${missing# and }
answer=${missing:+$missing: }${answer:-requests will fail until there is one}
printf '%s%s\n' "$(upper "${answer:0:1}")" "${answer:1}"
