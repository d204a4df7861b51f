#!/usr/bin/env bash
# Installs the peers of the neural engine's benchmark into a folder outside the tree: bergamot by pip (its package needs Python 3.10 or older;
# PYTHON names one) and fxtranslate by cargo (a C++ compiler makes it fast).
#
#   benches/peers/install.sh /somewhere/peers && OVERZET_PEERS=/somewhere/peers make bench
set -eu
folder=${1:?usage: install.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if "${PYTHON:-python3.10}" -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet "${BERGAMOT:-bergamot==0.4.5}"; then
  cp "$here/measure_bergamot.py" "$folder/"
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$folder/venv/bin/python" "$folder/measure_bergamot.py" > "$folder/bergamot"
  chmod +x "$folder/bergamot"
else
  echo "bergamot: not installed" >&2
fi
cp -r "$here/fxtranslate" "$folder/source"
if cargo build --quiet --release --manifest-path "$folder/source/Cargo.toml" --target-dir "$folder/target"; then
  cp "$folder/target/release/overzet-peer-fxtranslate" "$folder/fxtranslate"
else
  echo "fxtranslate: not installed" >&2
fi
