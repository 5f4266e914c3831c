# Thin: what each target does stands in scripts/.

SHELL := bash
.DEFAULT_GOAL := help

.PHONY: help up test test-llm eval eval-compare build lint bench bench-check fuzz spin-build clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf '  make %-13s %s\n' "$$target" "$$text"; done

up: ## build and serve on http://127.0.0.1:3000 (ADDR=host:port, HOST=spin|wasmtime)
	@scripts/up.sh

test: ## build and run every test that needs no network
	@scripts/test.sh

test-llm: ## the same service against a real language model on this machine (LLM_MODEL=smollm2|gemma3|FILE.gguf)
	@scripts/test-llm.sh

eval: ## measure a backend on labelled messages: BACKEND=local|llm|ollama|mistral or URL=…, report in target/eval
	@scripts/eval.sh

eval-compare: ## two such reports side by side: A=NAME B=NAME
	@scripts/eval.sh compare "$(A)" "$(B)"

build: ## write dist/support-ticket-ai.wasm (Spin) and dist/support-ticket-ai.wasi.wasm (any WASI 0.3 host)
	@scripts/build.sh

lint: ## rustfmt, clippy, documentation, dependencies, shell scripts
	@scripts/lint.sh

bench: ## measure against a bare proxy, FastAPI and native Rust: 25 minutes, bench/RESULTS.md (ROWS=contract: 4 minutes)
	@scripts/bench.sh

bench-check: ## hold instructions of fixed requests and the size to the committed numbers (UPDATE=1 commits to new ones)
	@scripts/bench-check.sh

fuzz: ## feed the readers hostile input, TIME seconds a target (60); needs a C++ compiler
	@scripts/fuzz.sh

spin-build: ## `spin build`, with a standard library for wasm32-wasip2 made where there is none
	@scripts/spin-build.sh

clean: ## remove what was built here; tools stay in the cache
	@rm -rf dist target
