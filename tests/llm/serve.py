"""serve.py MODEL.gguf NAME COMMAND…: serves a real language model while COMMAND runs.

llama.cpp's own server, part of the package xllamacpp, has OpenAI's chat completions, which are compatible with
Mistral's; ollama.py adds Ollama's API. COMMAND finds scheme, host and port of both in its environment:
SUPPORT_TICKET_LLM_COMPLETIONS and SUPPORT_TICKET_LLM_OLLAMA. SUPPORT_TICKET_LLM_NAME is the model's name on both.
"""

import os
import signal
import subprocess
import sys

import ollama
import xllamacpp

# Tokens of context: the service's default for Ollama.
CONTEXT = 8192


def main() -> int:
    model, name, *command = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {name}
    params.n_ctx = CONTEXT
    # One answer at a time, for two cores.
    params.n_parallel = 1
    # If a core is busy, two threads that spin while waiting are fifty times slower than one.
    threads = max(1, (os.cpu_count() or 2) // 2)
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.port = 0
    params.verbosity = 0
    server = xllamacpp.Server(params)
    origin = server.listening_address
    shim = ollama.serve(origin, name, CONTEXT)
    environment = os.environ | {
        "SUPPORT_TICKET_LLM_COMPLETIONS": origin,
        "SUPPORT_TICKET_LLM_OLLAMA": shim,
        "SUPPORT_TICKET_LLM_NAME": name,
    }
    # Ctrl-C also reaches the command, and this process ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(command, env=environment, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    # llama.cpp's threads hold no state.
    sys.stdout.flush()
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    sys.exit(main())
