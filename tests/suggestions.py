"""Right sentences that the house glossary spoils, and suggestions that double a word or leave more findings.

suggestions.py BINARY GLOSSARIES RIGHT_TSV PAIRS…   (PAIRS: .tsv, or .jsonl with source and target)

Prints two rows and every case that counts; exit 1 if there is one. Each suggestion of each check is applied by itself to the pairs as they
are, to the same pairs with faults of notation put in, and to generated ones (numbers, units, names, terms); the result is checked again.
"""
import itertools, json, os, re, subprocess, sys, tempfile

binary, glossaries, right, *files = sys.argv[1:]
work = tempfile.mkdtemp()

FAULTS = [
    (r"(\d),(\d{3})\b", r"\1.\2"), (r"(\d)\.(\d)\b", r"\1,\2"), (r"\bU\.S\.", "US"), (r"\bpercent\b", "procent"),
    (r"\b(kilometer)s\b", r"\1"), (r"\$(\d)", r"€\1"), (r"\bWorld War II\b", "Second World War"), (r" (\w+) ", r" \1  "),
    (r"\bof the\b", "of the the"), (r",", " ,"), (r"\bMonday\b", "Tuesday"), (r"\bKyiv\b", "Kiev"), (r"([a-z]{6})([a-z])\b", r"\1"),
]


def generated():
    """Templates filled with amounts, units and terms, each in right and in Dutch notation."""
    amounts = [("1.300", "1,300"), ("2,5", "2.5"), ("2,5", "2 1/2"), ("14.000", "14,000"), ("1,5 miljoen", "1.5 million"), ("10 000", "10,000")]
    units = [("vierkante kilometer", "square kilometers"), ("kilometer", "kilometers"), ("kilo", "kilograms"), ("procent", "percent"), ("graden", "degrees")]
    terms = [("de Amerikaanse minister van Buitenlandse Zaken", "the U.S. secretary of state", "the US Secretary of State"), ("de VS", "the U.S.", "the US"),
             ("Kievs leger", "Kyiv's army", "Kiev's army"), ("het Witte Huis", "the White House", "the Witte Huis"), ("de luchtafweer", "air defense", "the air defences")]
    for (nl, en), (unit, english), (term, good, bad) in itertools.product(amounts, units, terms):
        for amount, name in itertools.product((en, nl), (good, bad)):
            yield f"Ongeveer {nl} {unit} is volgens {term} genoeg.", f"About {amount} {english} is enough, according to {name}."
    for (nl, en), word in itertools.product(amounts[:3], ("oorlog", "reis")):
        for amount in (en, nl, en.replace(".", ",")):
            yield f"De {nl} jaar durende {word} in Koersk.", f"The {amount}-year-long {'war' if word == 'oorlog' else 'journey'} in Koersk."
            yield f"De {nl} jaar durende {word}.", f"The {amount} year long {'war' if word == 'oorlog' else 'journey'}."
    for (nl, en), sign in itertools.product(amounts, ("€", "$")):
        yield f"Het kost {sign} {nl}.", f"It costs {sign}{nl}."
        yield f"Het kost {nl} euro.", f"It costs {nl} euros."
        yield f"Het kost {nl} euro.", f"It costs ${en}."


def read(path):
    with open(path, encoding="utf8") as file:
        for line in file:
            line = line.rstrip("\n")
            if path.endswith(".jsonl"):
                pair = json.loads(line)
                if "gold" in pair:  # beads of aligned documents
                    yield from ((pair["src"][a[0]], pair["tgt"][b[0]]) for a, b in pair["gold"] if len(a) == len(b) == 1)
                elif pair.get("source") and pair.get("target"):
                    yield pair["source"], pair["target"]
            elif "\t" in line and not line.startswith("#"):
                cells = line.split("\t")  # the tables of tests/suite have their findings behind the pair
                yield tuple(cells[:2] if "/suite/" in path else cells[-2:])


def write(name, pairs):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf8") as file:
        for number, (source, target) in enumerate(pairs, 1):
            file.write(json.dumps({"id": str(number), "source": source, "target": target}, ensure_ascii=False) + "\n")
    return path


def run(*arguments):
    return subprocess.run([binary, *arguments], capture_output=True, text=True).stdout


def checked(pairs):
    """The findings of each pair; those that look at the whole document are left out."""
    found = [[] for _ in pairs]
    for line in run("check", write("check.jsonl", pairs), "--glossary", glossaries, "--format", "jsonl", "--fail-on", "never").splitlines():
        finding = json.loads(line)
        if finding["check"] != "consistency" and "elsewhere" not in finding["message"]:
            found[int(finding["id"]) - 1].append(finding)
    return found


def doubled(text):
    words = [w.replace(".", "").lower() for w in re.split(r"[\s‐‑-]+", text)]
    return sum(a == b and any(c.isalnum() for c in a) for a, b in zip(words, words[1:]))


def spoiled():
    """Right pairs of our own that enforcement changes or accuses."""
    tables, table = {}, ""
    with open(right, encoding="utf8") as file:
        for line in file.read().split("\n")[1:]:
            if line.startswith("#"):
                table = "bbc" if "bbc" in line else "ap"
            elif line:
                tables.setdefault(table, []).append(tuple(line.split("\t")))
    wrong, count = [], 0
    for style, pairs in tables.items():
        out = os.path.join(work, style + ".jsonl")
        run("glossary", "enforce", write("right.jsonl", pairs), "--glossary", glossaries, "--style", style, "-o", out, "--force")
        with open(out, encoding="utf8") as file:
            for (source, target), line in zip(pairs, file, strict=True):
                unit, count = json.loads(line), count + 1
                said = [f["message"] for f in unit["findings"] if f["check"] == "terms"]
                if unit["target"] != target or said:
                    wrong.append(f"{source} | {target} → {unit['target']} {said}")
    return wrong, count


def suggestions():
    own = list(dict.fromkeys(pair for path in files for pair in read(path)))
    pairs = list(own)
    for place, (source, target) in enumerate(own):
        pattern, by = FAULTS[place % len(FAULTS)]
        fault = re.sub(pattern, by, target, count=1)
        if fault != target:
            pairs.append((source, fault))
    pairs = list(dict.fromkeys(pairs + list(generated())))
    made, before = [], []
    for (source, target), findings in zip(pairs, checked(pairs)):
        raw = target.encode()
        for finding in findings:
            if finding.get("suggestion") is not None and finding.get("target"):
                start, end = finding["target"]
                made.append((source, (raw[:start] + finding["suggestion"].encode() + raw[end:]).decode(), target, finding))
                before.append(findings)
    twice, worse = [], []
    for (source, text, target, finding), old, new in zip(made, before, checked([m[:2] for m in made])):
        row = f"{finding['check']}: {source} | {target} → {text} [{finding['suggestion']}]"
        if doubled(text) > doubled(target):
            twice.append(row)
        errors = [sum(f["severity"] == "error" for f in side) for side in (old, new)]
        if errors[1] > errors[0] or len(new) > len(old):
            worse.append(row + "  " + "; ".join(f["message"] for f in new))
    return twice, worse, len(made)


wrong, count = spoiled()
print(f"  right sentences spoiled     {len(wrong)} of {count} (target 0)")
twice, worse, made = suggestions()
print(f"  suggestions: double a word  {len(twice)}, leave more findings {len(worse)}, of {made} (target 0, 0)")
for row in (*wrong, *twice, *worse):
    print("   ", row)
sys.exit(bool(wrong or twice or worse))
