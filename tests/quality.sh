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
word="$OVERZET_DATA/alignment"
echo "== words, AER on 105 pairs alone, then with 2,962 more to learn from (targets 0.15, 0.095 on the held-out set; eflomal .183 and .103, fast_align .275 and .170)"
python3 "$word/score_alignment.py" words "$word/word/xlwa-nl-dev.jsonl" || failed=1
python3 "$word/score_alignment.py" words "$word/word/xlwa-nl-dev.jsonl" --corpus "$word/word/xlwa-nl-train.jsonl" "$word/dev/flores.jsonl" "$word/dev/ntrex.jsonl" || failed=1
exit $failed
