"""Scores `overzet check` on a probe of wrong and right pairs.

probe.py BINARY FILE [--rows]: FILE is a table with the columns id, label (wrong or right), class, nl,
en and note; \\t and \\n in a text are a tab and a line break. Prints, by class, how many wrong pairs
have a finding, and how many right pairs have one. `--rows` lists the missed and the falsely flagged.
Checks that compare the pairs of one document are left out: the pairs are from different texts.
"""
import collections, json, os, subprocess, sys, tempfile

TARGETS = {"caught": 92.0, "falsely flagged": 2.0}


def unescape(text):
    return text.replace("\\t", "\t").replace("\\n", "\n")


def main():
    binary, path, rows = sys.argv[1], sys.argv[2], "--rows" in sys.argv
    with open(path, encoding="utf8", newline="") as lines:
        head = next(lines).rstrip("\r\n").split("\t")
        probe = [dict(zip(head, line.rstrip("\r\n").split("\t"))) for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as work:
        pairs = os.path.join(work, "probe.jsonl")
        with open(pairs, "w", encoding="utf8") as file:
            for row in probe:
                pair = {"id": row["id"], "source": unescape(row["nl"]), "target": unescape(row["en"])}
                file.write(json.dumps(pair, ensure_ascii=False) + "\n")
        command = [binary, "check", pairs, "--format", "jsonl", "--fail-on", "never"]
        run = subprocess.run(command + ["--skip", "consistency,spelling-style"], capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr)
    found = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        finding = json.loads(line)
        found[finding["id"]].append(finding)
    count = collections.defaultdict(lambda: [0, 0])
    for row in probe:
        hits = found[row["id"]]
        for name in (row["label"], row["label"] + " " + row["class"]):
            count[name][0] += bool(hits)
            count[name][1] += 1
        if rows and (row["label"] == "wrong") != bool(hits):
            told = "; ".join(f"{f['check']} {f['severity']}: {f['message']}" for f in hits)
            print(f"  {row['id']} {row['label']} {row['class']}: {row['nl']} | {row['en']} | {told or row.get('note', '')}")
    for name in sorted(count):
        flagged, of = count[name]
        if " " in name and flagged != (of if name.startswith("wrong") else 0):
            print(f"  {name}: {flagged} of {of}")
    share = lambda label: 100 * count[label][0] / max(count[label][1], 1)
    errors = sum(any(f["severity"] == "error" for f in found[r["id"]]) for r in probe if r["label"] == "right")
    print(f"{os.path.basename(path)}: caught {count['wrong'][0]} of {count['wrong'][1]} = {share('wrong'):.1f} % "
          f"(target {TARGETS['caught']} %), falsely flagged {count['right'][0]} of {count['right'][1]} = "
          f"{share('right'):.1f} % (target {TARGETS['falsely flagged']} %), {errors} of them with an error")
    sys.exit(share("wrong") < TARGETS["caught"] or share("right") > TARGETS["falsely flagged"])


if __name__ == "__main__":
    main()
