#!/usr/bin/env bash
# Runs every fuzz target with libFuzzer for so many seconds each (300 unless told). Needs the nightly toolchain and nothing else.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-300}
host=$(rustc -vV | sed -n 's/^host: //p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What the demo writes, and files of the project; the first byte chooses format or language.
(cd "$scratch" && cargo run --quiet --release --locked --manifest-path "$OLDPWD/../Cargo.toml" -- demo --force > /dev/null)
seed() { # target, choice, file
  mkdir -p "corpus/$1"
  { printf "\\x$(printf %02x "$2")"; head -c 6000 "$3"; } > "corpus/$1/$2-$(basename "$3")"
}
seed document 0 ../src/cli/demo/article.nl.txt
seed document 1 ../README.md
seed document 2 "$scratch/edition/article.review.html"
seed edition 0 ../src/cli/demo/article.nl.txt
seed edition 1 ../README.md
seed edition 2 "$scratch/edition/article.review.html"
seed rewrite 0 "$scratch/edition/article.nl-en.tmx"
seed rewrite 1 "$scratch/edition/article.nl-en.xlf"
seed pairs 0 "$scratch/edition/article.nl-en.jsonl"
for table in ../tests/suite/*.tsv; do seed pairs 1 "$table"; done
seed pairs 3 "$scratch/edition/article.nl-en.tmx"
seed pairs 4 "$scratch/edition/article.nl-en.xlf"
seed glossary 0 ../glossaries/security.tsv
seed segment 0 ../tests/fixtures/segment/nl.txt
seed segment 1 ../tests/fixtures/segment/en.txt

export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions"
export CARGO_PROFILE_RELEASE_LTO=off
cargo +nightly build --release --bins --target "$host"
for target in document edition rewrite pairs glossary rules segment reply; do
  echo "== $target"
  mkdir -p "corpus/$target" artifacts
  log=artifacts/$target.log
  "target/$host/release/$target" -max_total_time="$seconds" -rss_limit_mb=200 -timeout=10 -max_len=20000 \
    -artifact_prefix="artifacts/$target-" -print_final_stats=1 "corpus/$target" > "$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
  grep '^stat::number_of_executed_units\|^stat::peak_rss_mb' "$log"
done
