#!/usr/bin/env bash
# eval.sh: evaluates a backend on the labelled messages in tests/data/eval; writes a report to target/eval/NAME.
#
#   BACKEND=local            the local backend
#   BACKEND=llm              a real model on this machine (LLM_MODEL: see llm.sh)
#   BACKEND=…                a model server, or a list: a MODEL_BACKEND, with the settings that `make up` uses
#   URL=http://host:port     a running service with any backend; NAME is its name in the report
#   NAME=…                   the report's folder; by default the backend and a checksum of the component
#   LIMIT=n  JOBS=n  FRESH=1 number of items; items in parallel (1); discard earlier results
#
# An interrupted run resumes where it stopped; runs may overlap. `eval.sh compare A B` prints two reports side by side.

source "$(dirname "${BASH_SOURCE[0]}")/serve.sh"

reports=$target_dir/eval
build_tool() {
    cargo build --quiet --locked --manifest-path "$tools_manifest" --target-dir "$tools_dir" -p eval
    eval_tool=$tools_dir/debug/eval
}

if [[ ${1:-} == compare ]]; then
    [[ -n ${2:-} && -n ${3:-} ]] || die "usage: make eval-compare A=NAME B=NAME, each a folder of $reports"
    build_tool
    exec "$eval_tool" compare "$reports/$2" "$reports/$3"
fi

backend=${BACKEND:-}
[[ -n $backend || -n ${URL:-} ]] ||
    die "set BACKEND=local, BACKEND=llm or the name of a model server, or URL=http://host:port of a running service."

# The model's server starts first and then runs this script again.
if [[ $backend == llm && -z ${SUPPORT_TICKET_LLM_OLLAMA:-} ]]; then
    exec "$root/scripts/llm.sh" "$root/scripts/eval.sh"
fi
build_tool

origin=${URL:-}
if [[ -z $origin ]]; then
    [[ $component != "$root/dist/"* ]] || "$root/scripts/build.sh"
    build=$(cksum <"$component" | cut -d ' ' -f 1)
    case $backend in
        local) serve "eval-$$" MODEL_BACKEND=local ;;
        llm)
            # A long deadline: the answers are measured, not the speed.
            serve "eval-$$" MODEL_BACKEND=ollama OLLAMA_ORIGIN="$SUPPORT_TICKET_LLM_OLLAMA" TIMEOUT_SECONDS=300 \
                OLLAMA_URL="$SUPPORT_TICKET_LLM_OLLAMA/api/chat" OLLAMA_MODEL_NAME="$SUPPORT_TICKET_LLM_NAME"
            backend=$SUPPORT_TICKET_LLM_NAME
            ;;
        *)
            export MODEL_BACKEND=$backend
            source "$root/scripts/settings.sh"
            # By name, to keep keys off the command line.
            names=()
            for name in ${passed[@]+"${passed[@]}"}; do [[ $name == --env ]] || names+=("$name"); done
            serve "eval-$$" "${names[@]}"
            ;;
    esac
fi
name=${NAME:-${backend:-service}${build:+-$build}}
name=${name//[^A-Za-z0-9.-]/-}

options=()
[[ -z ${LIMIT:-} ]] || options+=(--limit "$LIMIT")
[[ -z ${FRESH:-} ]] || options+=(--fresh)
# Not with `exec`: the service stops at the end of this script.
"$eval_tool" run --url "$origin" --set "$root/tests/data/eval" --out "$reports/$name" --jobs "${JOBS:-1}" \
    ${options[@]+"${options[@]}"}
