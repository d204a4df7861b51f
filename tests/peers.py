"""Prints our scores next to those of other tools: peers.py SCORES.json PEERS.tsv; exit code 1 if a target is missed."""
import json
import sys

by_set = {entry["set"]: entry for entry in json.load(open(sys.argv[1], encoding="utf-8"))}
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8")]
MEASURES = {"f1": "F1", "punct": "F1_punct", "cases": "exact"}

head = rows[0]
print(f"{'set':<26}{'overzet':>9}{'target':>8}" + "".join(f"{name:>14}" for name in head[3:]))
missed = 0
for name, measure, target, *peers in rows[1:]:
    own = by_set[name][MEASURES[measure]]
    shown = f"{own:.0f}" if measure == "cases" else f"{own:.2f}"
    short = own < float(target)
    missed += short
    print(f"{name:<26}{shown:>9}{target:>8}" + "".join(f"{peer:>14}" for peer in peers) + ("  MISSED" if short else ""))
sys.exit(1 if missed else 0)
