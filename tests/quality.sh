#!/usr/bin/env bash
# The scores of the development data, next to their targets. Needs OVERZET_DATA and OVERZET_BIN; peers' figures stand in the guides of the data.
set -u
if [ -z "${OVERZET_DATA:-}" ] || [ ! -d "$OVERZET_DATA" ]; then
  echo "skipped: make quality needs OVERZET_DATA"
  exit 0
fi
failed=0
echo "== segmentation (targets: Alpino ≥ 99.8, LassySmall punct ≥ 99.6, challenge-nl ≥ 134, newsroom ≥ 13; best peers 99.71, 99.45, 106, 13)"
python3 "$OVERZET_DATA/segmentation/score_segments.py" "$OVERZET_BIN" --no-speed || failed=1
echo "== terminology (targets on the last line; the engines' own exact forms stand on the left)"
python3 "$OVERZET_DATA/terminology/score_terms.py" || failed=1
echo "== checks (targets on the last line; pofilter flags 31.7 % of right human translations)"
python3 "$OVERZET_DATA/checks/score_checks.py" || failed=1
aligned() { # set, options, what the best peer and the target are
  echo "-- $1 ${2:-} (strict · lax; best peer on this set $3)"
  python3 "$OVERZET_DATA/alignment/score_alignment.py" sentences "$OVERZET_DATA/alignment/dev/$1.jsonl" ${2:-} || failed=1
}
freedict="--lexicon $OVERZET_DATA/alignment/lexicon/freedict-nld-eng.tsv"
echo "== alignment of sentences (targets, strict, held-out: ntrex ≥ .97, with a dictionary ≥ .985, clean 1.000; ntrex_long ≥ .975; flores ≥ .96, with MT ≥ .992; newsroom ≥ .80, with a dictionary ≥ .92; textberg ≥ .82, with MT ≥ .88)"
aligned ntrex "--by noise" "hunalign .920 · .967"
aligned ntrex "$freedict" "hunalign .936 · .983"
aligned ntrex_long "" "hunalign .881 · .958"
aligned flores "" "hunalign .888 · .941"
aligned flores "--mt google" "Bleualign .975 · .992"
aligned flores "--mt bergamot-tiny" "Bleualign .970 · .990"
aligned newsroom "" "hunalign .692 · .912"
aligned newsroom "$freedict" "hunalign .723 · .943"
aligned textberg "" "hunalign .705 · .928"
aligned textberg "--mt google" "Bleualign .720 · .893"
exit $failed
