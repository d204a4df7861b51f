"""A pytest fixture that runs `overzet mock`: copy this file beside your tests.

    # conftest.py
    from pytest_overzet import overzet, overzet_server

    def test_retry(overzet):
        overzet.faults("429-seconds=1,first=1")
        client = deepl.DeepLClient("key", server_url=overzet.address)
        client.translate_text("De stad", target_lang="EN-GB")
        overzet.verify(count=2, path="/v2/translate")

The server lives as long as the test run, and each test finds it as new. OVERZET names the program
if it is not in PATH; OVERZET_MOCK_ARGS has further arguments, such as `--cassette FILE --gloss`.
"""

import json
import os
import shlex
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest


class Overzet:
    """A running mock."""

    def __init__(self, *arguments):
        program = os.environ.get("OVERZET", "overzet")
        self._process = subprocess.Popen(
            [program, "mock", "--until-eof", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program} mock did not start")
        self.address = line.rsplit(" ", 1)[-1].strip()

    def control(self, method, path, body=None):
        """A request to the control interface; its status and its JSON."""
        request = urllib.request.Request(
            f"{self.address}/__overzet/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as told:
                return told.status, json.load(told)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def faults(self, *specs, session=""):
        """Sets the faults, such as `429,first=2`; none clears them."""
        status, told = self.control("PUT", "faults", {"faults": specs, "session": session})
        if status != 200:
            raise ValueError(told["error"])

    def requests(self, **filter):
        """The requests that fit; filters are path, method, status, dialect and session."""
        query = urllib.parse.urlencode(filter)
        return self.control("GET", f"requests?{query}")[1]["requests"]

    def verify(self, count=None, at_least=None, at_most=None, **match):
        """Fails unless as many requests fit: `verify(count=2, path="/v2/translate")`."""
        bounds = {"count": count, "at_least": at_least, "at_most": at_most}
        body = {"match": match, **{name: n for name, n in bounds.items() if n is not None}}
        status, told = self.control("POST", "verify", body)
        assert status == 200, json.dumps(told, ensure_ascii=False, indent=1)

    def usage(self, **values):
        """Sets `character_count` and `character_limit` of the keys that are known."""
        return self.control("PUT", "usage", values)[1]["accounts"]

    def reset(self):
        """Forgets requests, faults, glossaries and usage."""
        self.control("POST", "reset", {})

    def close(self):
        """Ends it."""
        self._process.stdin.close()
        self._process.wait(timeout=10)


@pytest.fixture(scope="session")
def overzet_server():
    """The mock of the whole test run."""
    server = Overzet(*shlex.split(os.environ.get("OVERZET_MOCK_ARGS", "")))
    yield server
    server.close()


@pytest.fixture
def overzet(overzet_server):
    """The mock as a test finds it: without requests, faults, glossaries and usage."""
    overzet_server.reset()
    yield overzet_server
    overzet_server.reset()
