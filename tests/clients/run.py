"""Runs the official clients of the services against the mock, and makes the table of `docs/mock.md`.

    python3 tests/clients/run.py [--overzet FILE] [--folder FOLDER] [--write]

The clients are installed in their usual way (pip, npm) into a folder outside the project. A client
that cannot be installed is named, and its rows are left out. With `--write` the table replaces the
one between the markers in `docs/mock.md`; without it, a table that differs from that one is told.

DEEPL_PYTHON names a checkout of DeepL's Python library: its own test-suite runs too, and at most
two of its tests may fail.

Exit: 0 all calls went well, 1 one did not, 77 no client could be installed.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DOCS = ROOT / "docs" / "mock.md"
BEGIN, END = "<!-- clients: begin -->", "<!-- clients: end -->"
PYTHON = [
    "deepl",
    "openai",
    "ollama",
    "azure-ai-translation-text",
    "google-cloud-translate",
    "libretranslatepy",
    "langchain-openai",
    "langchain-ollama",
    "pytest",
]
NODE = ["deepl-node", "openai", "ollama", "@google-cloud/translate"]


def quiet(command, **arguments):
    """Runs a command; says its last lines if it fails."""
    ran = subprocess.run(command, capture_output=True, text=True, **arguments)
    if ran.returncode != 0:
        print(f"not done: {' '.join(map(str, command))}", file=sys.stderr)
        print("\n".join((ran.stdout + ran.stderr).splitlines()[-5:]), file=sys.stderr)
    return ran.returncode == 0


def install_python(folder, packages):
    """A Python with packages; none if they cannot be installed."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return python if quiet([*pip, "--retries", "1", "--timeout", "20", *packages]) else None


def install_node(folder):
    """The folder of the Node clients; none if they cannot be installed."""
    if shutil.which("npm") is None:
        print("not installed: npm", file=sys.stderr)
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}')
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    return folder if quiet([*npm, *NODE], cwd=folder) else None


class Mock:
    """A running mock."""

    def __init__(self, overzet, *arguments):
        self.process = subprocess.Popen(
            [overzet, "mock", "--until-eof", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        first = self.process.stdout.readline()
        self.address = first.rsplit(" ", 1)[-1].strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def calls(command):
    """The lines that a script of calls prints."""
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=200)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def table(rows):
    lines = ["| client | version | call | |", "|---|---|---|---|"]
    for row in rows:
        told = "passes" if row["error"] is None else "fails"
        lines.append(f"| {row['client']} | {row['version']} | {row['call']} | {told} |")
    return "\n".join(lines)


def write(text):
    whole = DOCS.read_text()
    before, rest = whole.split(BEGIN)
    _, after = rest.split(END)
    DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def fixture(overzet, python):
    """The tests of the pytest fixture."""
    ran = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE / "test_fixture.py"],
        env={**os.environ, "OVERZET": str(overzet), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    print("pytest fixture:", *ran.stdout.strip().splitlines()[-1:])
    if ran.returncode != 0:
        print(ran.stdout + ran.stderr, file=sys.stderr)
    return ran.returncode == 0


def deepl_suite(overzet, folder, checkout):
    """DeepL's own tests; whether at most two fail. The words come from the suite's own examples."""
    python = install_python(folder / "suite", ["pytest", "pydantic<2", "requests", "click", "keyring"])
    if python is None:
        return True
    tape = folder / "suite.jsonl"
    tape.write_text(suite_tape(checkout))
    with Mock(overzet, "--cassette", tape, "--gloss") as mock:
        environment = {
            **os.environ,
            "DEEPL_AUTH_KEY": "mock",
            "DEEPL_SERVER_URL": mock.address,
            "DEEPL_MOCK_SERVER_PORT": mock.address.rsplit(":", 1)[-1],
        }
        ran = subprocess.run(
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
        )
    last = ran.stdout.strip().splitlines()[-1:]
    print("DeepL's Python suite:", *last)
    for line in ran.stdout.splitlines():
        if line.startswith(("FAILED", "ERROR")):
            print(line)
    failed = sum(int(n) for n in re.findall(r"(\d+) (?:failed|error)", " ".join(last)))
    return ran.returncode in (0, 1) and failed <= 2


def suite_tape(checkout):
    """The suite's example texts as a cassette: from each language into every other."""
    tree = ast.parse((pathlib.Path(checkout) / "tests" / "conftest.py").read_text())
    texts = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "example_text"
    )
    lines = []
    for source, text in texts.items():
        for target, other in texts.items():
            if source.split("-")[0] != target.split("-")[0]:
                pair = {"source_lang": source, "target_lang": target}
                lines.append(json.dumps({"source": text, "target": other, **pair}))
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--overzet", default=ROOT / "target" / "debug" / "overzet")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or pathlib.Path(temporary)
        bucket = folder / "buckets" / "bucket"
        bucket.mkdir(parents=True, exist_ok=True)
        (bucket / "desk.csv").write_text("stad,town\n")
        python, node = install_python(folder / "python", PYTHON), install_node(folder / "node")
        rows = []
        for command in [
            python and [python, HERE / "calls.py"],
            node and ["node", HERE / "calls.mjs"],
        ]:
            if not command:
                continue
            with Mock(arguments.overzet, "--buckets", folder / "buckets") as mock:
                tail = [node] if command[0] == "node" else []
                rows += calls([*command, mock.address, *tail])
        is_good = all(row["error"] is None for row in rows)
        if python:
            is_good &= fixture(arguments.overzet, python)
        checkout = os.environ.get("DEEPL_PYTHON")
        if checkout:
            is_good &= deepl_suite(arguments.overzet, folder, checkout)
    if not rows:
        print("clients: skipped, none could be installed")
        return 77
    text = table(rows)
    print(text)
    for row in rows:
        if row["error"] is not None:
            print(f"{row['client']}, {row['call']}: {row['error']}", file=sys.stderr)
    if arguments.write:
        write(text)
    print(f"{len(rows)} calls, {time.monotonic() - started:.0f} s")
    return 0 if is_good else 1


sys.exit(main())
