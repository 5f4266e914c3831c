# The targets call scripts/.

SHELL := bash
.DEFAULT_GOAL := help

.PHONY: help up test test-llm eval eval-compare build lint bench bench-check fuzz spin-build clean

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf '  make %-13s %s\n' "$$target" "$$text"; done

up: ## build and serve on http://127.0.0.1:3000 (ADDR=host:port, HOST=spin|wasmtime)
	@scripts/up.sh

test: ## build and run every test that needs no network
	@scripts/test.sh

test-llm: ## test with a real language model on this machine (LLM_MODEL=smollm2|gemma3|FILE.gguf)
	@scripts/test-llm.sh

eval: ## measure a backend on labelled messages: BACKEND=local|llm|NAME or URL=…, report in target/eval
	@scripts/eval.sh

eval-compare: ## compare two reports of `make eval`: A=NAME B=NAME
	@scripts/eval.sh compare "$(A)" "$(B)"

build: ## build dist/support-ticket-ai.wasm (Spin) and dist/support-ticket-ai.wasi.wasm (any WASI 0.3 host)
	@scripts/build.sh

lint: ## rustfmt, clippy, documentation, dependencies, shell scripts
	@scripts/lint.sh

bench: ## compare with a bare proxy, FastAPI and native Rust: 25 minutes, writes bench/RESULTS.md (ROWS=contract: 4 minutes)
	@scripts/bench.sh

bench-check: ## compare instruction counts and size with the committed numbers (UPDATE=1 writes new ones)
	@scripts/bench-check.sh

fuzz: ## run the fuzz targets, TIME seconds each (60); needs a C++ compiler
	@scripts/fuzz.sh

spin-build: ## `spin build`, with the standard library for wasm32-wasip2 if it is missing
	@scripts/spin-build.sh

clean: ## remove dist/ and target/; tools stay in the cache
	@rm -rf dist target
