# Targets of overzet. `make help` lists them.
export OVERZET_DATA ?= $(wildcard ../shared/data)
BIN := target/release/overzet

.PHONY: help check bench quality docs cases demo live

help:    ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/ /' | column -t -l 2

check:   ## formatting, clippy, documentation, all tests: what CI runs
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo clippy --lib --no-default-features --features workflow --locked -- -D warnings
	cargo clippy --lib --no-default-features --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked --document-private-items
	cargo test --locked

bench:   ## speed of the hot paths, next to the peers
	cargo bench --locked

quality: ## scores on the data under OVERZET_DATA, next to the targets
	cargo build --release --locked
	OVERZET_BIN=$(abspath $(BIN)) bash tests/quality.sh

docs:    ## regenerate .env.example and the tables in docs/
	OVERZET_GOLDEN=write cargo test --locked fresh

cases:   ## rewrite the expected outputs in tests/cmd; read the diff before you commit it
	TRYCMD=overwrite cargo test --locked --test main cmd::

demo:    ## the sample article through the whole line, offline
	cargo run --release --locked -- demo

live:    ## the contract tests of one engine against its real API: make live ENGINE=deepl
	cargo run --release --locked -- engines test $(ENGINE)
