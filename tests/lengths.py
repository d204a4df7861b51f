"""Lengths of pairs, which the thresholds of src/check/omission.rs come from.

lengths.py PAIRS...: tables of Dutch and English texts, or JSON lines with source and target. Prints,
by the length of the Dutch in characters without blanks, mean and deviation of the logarithm of English
length by Dutch length, its extremes, and how many pairs lie below the bounds of `omission`.
"""
import json, math, statistics, sys

BANDS = [3, 12, 40, 60, 90, 130, 180, 260, 100000]
BOUNDS = [0.46, 0.64, 0.75]


def pairs(path):
    for line in open(path, encoding="utf8"):
        if line.startswith("{"):
            pair = json.loads(line)
            yield pair["source"], pair["target"]
        elif line.strip():
            cells = line.rstrip("\n").split("\t")
            yield cells[0], cells[1]


def length(text):
    return sum(not c.isspace() for c in text)


rows = [(length(a), length(b)) for path in sys.argv[1:] for a, b in pairs(path)]
rows = [(a, math.log(b / a)) for a, b in rows if a and b]
print("characters  pairs   mean     sd    min    max  " + "  ".join(f"< {bound}" for bound in BOUNDS))
for low, high in list(zip(BANDS, BANDS[1:])) + [(1, 100000)]:
    own = [ratio for count, ratio in rows if low <= count < high]
    if len(own) > 1:
        below = "  ".join(f"{sum(ratio < math.log(bound) for ratio in own):6d}" for bound in BOUNDS)
        print(f"{low:4d}–{high:<6d} {len(own):5d} {statistics.mean(own):6.3f} {statistics.stdev(own):6.3f} {min(own):6.2f} {max(own):6.2f} {below}")
