"""The fixture with a client: run by `run.py`."""

import deepl
import pytest
from pytest_overzet import overzet, overzet_server  # noqa: F401


def client(overzet):
    return deepl.DeepLClient("key", server_url=overzet.address)


def test_faults_and_verification(overzet):
    overzet.faults("429-seconds=0,first=1")
    told = client(overzet).translate_text("De stad", target_lang="EN-GB")
    assert told.text == "The city"
    overzet.verify(count=2, path="/v2/translate")
    assert [one["status"] for one in overzet.requests(path="/v2/translate")] == [429, 200]
    with pytest.raises(AssertionError):
        overzet.verify(count=1, path="/v2/translate")


def test_each_test_starts_anew(overzet):
    assert overzet.requests() == []
    with pytest.raises(ValueError):
        overzet.faults("slwo")


def test_a_quota_is_used_up(overzet):
    own = client(overzet)
    own.get_usage()
    overzet.usage(character_limit=3)
    with pytest.raises(deepl.QuotaExceededException):
        own.translate_text("De stad", target_lang="EN-GB")
