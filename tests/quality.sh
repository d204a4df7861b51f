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
echo "== local engine (targets on the right; fxtranslate misses three confident sentences and differs from CPU to CPU)"
python3 "$OVERZET_DATA/nmt/score_nmt.py" || failed=1
exit $failed
