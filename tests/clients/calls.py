"""The calls of the Python clients, each against a running mock whose address is the first argument.

Prints one JSON object a line: client, version, call, and the error if there was one.
"""

import io
import json
import sys
from importlib.metadata import version

ADDRESS = sys.argv[1]
DUTCH = "De minister is in de stad."
ENGLISH = "The minister is in the city."
CALLS = []


def call(client, name):
    """Adds a function to the list of calls."""

    def add(function):
        CALLS.append((client, name, function))
        return function

    return add


def same(told, wanted):
    if told != wanted:
        raise AssertionError(f"{told!r} is not {wanted!r}")


# ---- deepl -------------------------------------------------------------------------------------


def deepl_client():
    import deepl

    return deepl.DeepLClient("key", server_url=ADDRESS)


@call("deepl", "translate_text")
def _():
    told = deepl_client().translate_text(DUTCH, target_lang="EN-GB")
    same((told.text, told.detected_source_lang), (ENGLISH, "NL"))


@call("deepl", "translate_text, list and XML")
def _():
    told = deepl_client().translate_text(
        ["<b>De stad</b>", DUTCH], source_lang="nl", target_lang="en-us", tag_handling="xml"
    )
    same([one.text for one in told], ["<b>The city</b>", ENGLISH])


@call("deepl", "get_usage")
def _():
    usage = deepl_client().get_usage()
    assert usage.character.limit > usage.character.count


@call("deepl", "get_source_languages, get_target_languages")
def _():
    client = deepl_client()
    assert "NL" in [one.code for one in client.get_source_languages()]
    assert "EN-GB" in [one.code for one in client.get_target_languages()]


@call("deepl", "get_glossary_languages")
def _():
    assert len(deepl_client().get_glossary_languages()) > 100


@call("deepl", "create_glossary, translate, delete (v2)")
def _():
    client = deepl_client()
    glossary = client.create_glossary("v2", "NL", "EN", {"stad": "town"})
    told = client.translate_text(DUTCH, source_lang="NL", target_lang="EN-GB", glossary=glossary)
    same(told.text, "The minister is in the town.")
    same(client.get_glossary_entries(glossary), {"stad": "town"})
    client.delete_glossary(glossary)


@call("deepl", "multilingual glossary: create, update, replace, delete (v3)")
def _():
    from deepl.api_data import MultilingualGlossaryDictionaryEntries as Entries

    client = deepl_client()
    made = client.create_multilingual_glossary(
        "v3", [Entries("NL", "EN", {"stad": "town"}), Entries("EN", "NL", {"town": "stad"})]
    )
    client.update_multilingual_glossary_dictionary(made, Entries("NL", "EN", {"man": "fellow"}))
    client.update_multilingual_glossary_name(made, "other")
    client.replace_multilingual_glossary_dictionary(made, Entries("EN", "NL", {"a": "b"}))
    got = client.get_multilingual_glossary(made.glossary_id)
    same(sorted(one.entry_count for one in got.dictionaries), [1, 2])
    told = client.translate_text("De man", source_lang="NL", target_lang="EN-GB", glossary=got)
    same(told.text, "The fellow")
    client.delete_multilingual_glossary_dictionary(made, source_lang="EN", target_lang="NL")
    client.delete_multilingual_glossary(made)


@call("deepl", "translate_document")
def _():
    out = io.BytesIO()
    client = deepl_client()
    client.translate_document(DUTCH, out, target_lang="EN-GB", filename="a.txt")
    same(out.getvalue().decode(), ENGLISH)


@call("deepl", "rephrase_text")
def _():
    same(deepl_client().rephrase_text(ENGLISH, target_lang="EN-GB").text, ENGLISH)


@call("deepl", "style rules and translation memories")
def _():
    client = deepl_client()
    rule = client.create_style_rule(name="house", language="en")
    client.create_style_rule_custom_instruction(rule, label="a", prompt="b")
    assert len(client.get_all_style_rules(detailed=True)) == 2
    client.delete_style_rule(rule)
    assert client.list_translation_memories()


@call("deepl", "errors: bad key, unknown language, formality")
def _():
    import deepl

    for key, arguments in [
        ("invalid", {"target_lang": "EN-GB"}),
        ("key", {"target_lang": "XX"}),
        ("key", {"target_lang": "EN-GB", "formality": "more"}),
    ]:
        client = deepl.DeepLClient(key, server_url=ADDRESS)
        try:
            client.translate_text(DUTCH, **arguments)
        except deepl.DeepLException:
            continue
        raise AssertionError(f"{arguments} was taken")


# ---- google-cloud-translate --------------------------------------------------------------------


def google_v2():
    from google.cloud import translate_v2

    return translate_v2.Client(credentials=token(), client_options={"api_endpoint": ADDRESS})


def token():
    from google.oauth2.credentials import Credentials

    return Credentials("token")


@call("google-cloud-translate v2", "translate")
def _():
    told = google_v2().translate([DUTCH, "Van Jan's stad"], target_language="en", format_="text")
    same(told[0]["translatedText"], ENGLISH)
    same(told[0]["detectedSourceLanguage"], "nl")


@call("google-cloud-translate v2", "detect_language")
def _():
    same(google_v2().detect_language(DUTCH)["language"], "nl")


@call("google-cloud-translate v2", "get_languages")
def _():
    assert {"language": "nl", "name": "Dutch"} in google_v2().get_languages()


def google_v3():
    from google.cloud import translate_v3
    from google.cloud.translate_v3.services.translation_service import transports

    transport = transports.TranslationServiceRestTransport(
        host=ADDRESS.split("//")[1], credentials=token(), url_scheme="http"
    )
    return translate_v3.TranslationServiceClient(transport=transport)


PARENT = "projects/p/locations/us-central1"


@call("google-cloud-translate v3", "translate_text")
def _():
    told = google_v3().translate_text(
        parent=PARENT, contents=[DUTCH], target_language_code="en", mime_type="text/plain"
    )
    same(told.translations[0].translated_text, ENGLISH)
    same(told.translations[0].detected_language_code, "nl")


@call("google-cloud-translate v3", "detect_language")
def _():
    told = google_v3().detect_language(parent=PARENT, content=DUTCH)
    same(told.languages[0].language_code, "nl")


@call("google-cloud-translate v3", "get_supported_languages")
def _():
    told = google_v3().get_supported_languages(parent=PARENT, display_language_code="en")
    assert any(one.display_name == "Dutch" for one in told.languages)


@call("google-cloud-translate v3", "glossary: create, list, get, translate, delete")
def _():
    from google.cloud import translate_v3

    client = google_v3()
    name = f"{PARENT}/glossaries/desk"
    glossary = translate_v3.Glossary(
        name=name,
        language_pair={"source_language_code": "nl", "target_language_code": "en"},
        input_config={"gcs_source": {"input_uri": "gs://bucket/desk.csv"}},
    )
    made = client.create_glossary(parent=PARENT, glossary=glossary).result(timeout=20)
    same((made.name, made.entry_count), (name, 1))
    same([one.name for one in client.list_glossaries(parent=PARENT)], [name])
    same(client.get_glossary(name=name).name, name)
    told = client.translate_text(
        request={
            "parent": PARENT,
            "contents": [DUTCH],
            "source_language_code": "nl",
            "target_language_code": "en",
            "mime_type": "text/plain",
            "glossary_config": {"glossary": name},
        }
    )
    same(told.glossary_translations[0].translated_text, "The minister is in the town.")
    client.delete_glossary(name=name).result(timeout=20)


@call("google-cloud-translate v3", "translate_document")
def _():
    told = google_v3().translate_document(
        request={
            "parent": PARENT,
            "target_language_code": "en",
            "document_input_config": {"content": DUTCH.encode(), "mime_type": "text/plain"},
        }
    )
    same(told.document_translation.byte_stream_outputs[0].decode(), ENGLISH)


# ---- azure-ai-translation-text -----------------------------------------------------------------


def azure():
    from azure.ai.translation.text import TextTranslationClient
    from azure.core.credentials import AzureKeyCredential

    return TextTranslationClient(
        endpoint=ADDRESS, credential=AzureKeyCredential("key"), region="westeurope"
    )


def azure_items():
    from azure.ai.translation.text.models import TranslateInputItem, TranslationTarget

    targets = [TranslationTarget(language="en"), TranslationTarget(language="de")]
    return [TranslateInputItem(text=DUTCH, targets=targets)]


@call("azure-ai-translation-text", "translate, two targets")
def _():
    told = azure().translate(body=azure_items())
    same([one.language for one in told[0].translations], ["en", "de"])
    same(told[0].translations[0].text, ENGLISH)
    same(told[0].detected_language.language, "nl")


@call("azure-ai-translation-text", "get_supported_languages")
def _():
    told = azure().get_supported_languages(scope="translation")
    same(told.translation["nl"].name, "Dutch")


@call("azure-ai-translation-text", "errors: unknown language")
def _():
    from azure.core.exceptions import HttpResponseError

    items = azure_items()
    items[0].targets[0].language = "xx"
    try:
        azure().translate(body=items)
    except HttpResponseError as error:
        same(error.status_code, 400)
    else:
        raise AssertionError("xx was taken")


# ---- requests to Azure 3.0, which its current client no longer speaks ----------------------------


def post(path, body, **headers):
    import urllib.request

    headers.setdefault("Ocp-Apim-Subscription-Key", "key")
    request = urllib.request.Request(
        ADDRESS + path,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request) as told:
        data = told.read()
        return json.loads(data) if "json" in told.headers["content-type"] else data.decode()


@call("Azure 3.0 (plain HTTP)", "translate: targets, detection, sentences, alignment")
def _():
    told = post(
        "/translate?api-version=3.0&to=en&to=de&includeSentenceLength=true&includeAlignment=true",
        [{"Text": DUTCH}, {"Text": "De stad. Het land."}],
    )
    same([one["to"] for one in told[1]["translations"]], ["en", "de"])
    same(told[1]["translations"][0]["sentLen"]["srcSentLen"], [9, 9])
    same(told[0]["detectedLanguage"]["language"], "nl")
    assert told[0]["translations"][0]["alignment"]["proj"].startswith("0:1-0:2")


@call("Azure 3.0 (plain HTTP)", "detect, breaksentence, dictionary, issueToken")
def _():
    same(post("/detect?api-version=3.0", [{"Text": DUTCH}])[0]["language"], "nl")
    same(post("/breaksentence?api-version=3.0", [{"Text": "Ja. Nee."}])[0]["sentLen"], [4, 4])
    told = post("/dictionary/lookup?api-version=3.0&from=nl&to=en", [{"Text": "stad"}])
    same(told[0]["translations"][0]["displayTarget"], "city")
    bearer = post("/sts/v1.0/issueToken", {})
    told = post(
        "/translate?api-version=3.0&to=en",
        [{"Text": DUTCH}],
        Authorization=f"Bearer {bearer}",
        **{"Ocp-Apim-Subscription-Key": ""},
    )
    same(told[0]["translations"][0]["text"], ENGLISH)


# ---- openai ------------------------------------------------------------------------------------


def openai_client():
    import openai

    return openai.OpenAI(api_key="key", base_url=ADDRESS + "/v1", max_retries=0)


def messages(text):
    return [
        {"role": "system", "content": "Translate into English."},
        {"role": "user", "content": text},
    ]


@call("openai", "chat.completions.create")
def _():
    told = openai_client().chat.completions.create(model="mock", messages=messages(DUTCH), n=2)
    same([one.message.content for one in told.choices], [ENGLISH] * 2)
    assert told.usage.total_tokens > 0


@call("openai", "chat.completions.create, stream")
def _():
    stream = openai_client().chat.completions.create(
        model="mock",
        messages=messages([{"type": "text", "text": DUTCH}]),
        stream=True,
        stream_options={"include_usage": True},
    )
    parts, usage = [], None
    for chunk in stream:
        usage = chunk.usage or usage
        parts += [one.delta.content or "" for one in chunk.choices]
    same("".join(parts), ENGLISH)
    assert usage.completion_tokens > 0


@call("openai", "chat.completions.parse, any schema")
def _():
    from enum import Enum

    from pydantic import BaseModel

    class Tone(Enum):
        PLAIN = "plain"
        FORMAL = "formal"

    class Note(BaseModel):
        start: int
        tone: Tone

    class Answer(BaseModel):
        translation: str
        confidence: float
        notes: list[Note]

    told = openai_client().chat.completions.parse(
        model="mock", messages=messages(DUTCH), response_format=Answer
    )
    same(told.choices[0].message.parsed.translation, ENGLISH)


@call("openai", "chat.completions.create, json_object")
def _():
    told = openai_client().chat.completions.create(
        model="mock",
        messages=[{"role": "system", "content": "Answer in JSON."}, *messages(DUTCH)],
        response_format={"type": "json_object"},
    )
    assert isinstance(json.loads(told.choices[0].message.content), dict)


@call("openai", "responses.create, whole and streamed")
def _():
    client = openai_client()
    same(client.responses.create(model="mock", input=DUTCH).output_text, ENGLISH)
    with client.responses.stream(model="mock", input=messages(DUTCH)) as stream:
        parts = [e.delta for e in stream if e.type == "response.output_text.delta"]
        same("".join(parts), ENGLISH)
        same(stream.get_final_response().output_text, ENGLISH)


@call("openai", "completions.create")
def _():
    told = openai_client().completions.create(model="mock", prompt=DUTCH)
    same(told.choices[0].text, ENGLISH)


@call("openai", "embeddings.create")
def _():
    told = openai_client().embeddings.create(model="mock", input=[DUTCH, "a"], dimensions=8)
    same([len(one.embedding) for one in told.data], [8, 8])


@call("openai", "models.list, models.retrieve")
def _():
    client = openai_client()
    same([one.id for one in client.models.list()], ["mock"])
    same(client.models.retrieve("meta/llama:8b").id, "meta/llama:8b")


@call("openai", "errors: bad key, unknown model")
def _():
    import openai

    for key, model, error in [
        ("invalid", "mock", openai.AuthenticationError),
        ("key", "unknown", openai.NotFoundError),
    ]:
        client = openai.OpenAI(api_key=key, base_url=ADDRESS + "/v1", max_retries=0)
        try:
            client.chat.completions.create(model=model, messages=messages(DUTCH))
        except error:
            continue
        raise AssertionError(f"{key} and {model} were taken")


# ---- ollama ------------------------------------------------------------------------------------


def ollama_client():
    import ollama

    return ollama.Client(host=ADDRESS)


@call("ollama", "chat")
def _():
    same(ollama_client().chat(model="mock", messages=messages(DUTCH)).message.content, ENGLISH)


@call("ollama", "chat, stream")
def _():
    parts = ollama_client().chat(model="mock", messages=messages(DUTCH), stream=True)
    same("".join(part.message.content for part in parts), ENGLISH)


@call("ollama", "chat, format")
def _():
    schema = {
        "type": "object",
        "properties": {"en": {"type": "string"}, "sure": {"type": "boolean"}},
        "required": ["en", "sure"],
    }
    told = ollama_client().chat(model="mock", messages=messages(DUTCH), format=schema)
    same(json.loads(told.message.content), {"en": ENGLISH, "sure": True})


@call("ollama", "generate, whole and streamed")
def _():
    client = ollama_client()
    same(client.generate(model="mock", prompt=DUTCH).response, ENGLISH)
    parts = client.generate(model="mock", prompt=DUTCH, stream=True)
    same("".join(part.response for part in parts), ENGLISH)


@call("ollama", "list, ps, show")
def _():
    client = ollama_client()
    same([one.model for one in client.list().models], ["mock:latest"])
    same(len(client.ps().models), 1)
    same(client.show("mock").details.format, "gguf")


@call("ollama", "embed, embeddings")
def _():
    client = ollama_client()
    same(len(client.embed(model="mock", input=["a", "b"]).embeddings), 2)
    assert client.embeddings(model="mock", prompt="a").embedding


@call("ollama", "errors: unknown model")
def _():
    import ollama

    try:
        ollama_client().chat(model="unknown", messages=messages(DUTCH))
    except ollama.ResponseError as error:
        same(error.status_code, 404)
    else:
        raise AssertionError("the model was taken")


# ---- libretranslatepy --------------------------------------------------------------------------


def libre():
    from libretranslatepy import LibreTranslateAPI

    return LibreTranslateAPI(ADDRESS + "/", api_key="key")


@call("libretranslatepy", "translate")
def _():
    same(libre().translate(DUTCH, "nl", "en"), ENGLISH)


@call("libretranslatepy", "detect")
def _():
    same(libre().detect(DUTCH)[0]["language"], "nl")


@call("libretranslatepy", "languages")
def _():
    assert any(one["code"] == "nl" for one in libre().languages())


# ---- langchain ---------------------------------------------------------------------------------


def chat_models():
    from langchain_ollama import ChatOllama
    from langchain_openai import ChatOpenAI

    return {
        "langchain-openai": ChatOpenAI(model="mock", api_key="key", base_url=ADDRESS + "/v1"),
        "langchain-ollama": ChatOllama(model="mock", base_url=ADDRESS),
    }


PROMPT = [("system", "Translate into English."), ("human", DUTCH)]

for package in ["langchain-openai", "langchain-ollama"]:

    @call(package, "invoke")
    def _(package=package):
        same(chat_models()[package].invoke(PROMPT).content, ENGLISH)

    @call(package, "stream")
    def _(package=package):
        same("".join(part.content for part in chat_models()[package].stream(PROMPT)), ENGLISH)

    @call(package, "with_structured_output")
    def _(package=package):
        from pydantic import BaseModel

        class Answer(BaseModel):
            translation: str

        told = chat_models()[package].with_structured_output(Answer).invoke(PROMPT)
        same(told.translation, ENGLISH)


PACKAGES = {
    "google-cloud-translate v2": "google-cloud-translate",
    "google-cloud-translate v3": "google-cloud-translate",
}


def main():
    for client, name, function in CALLS:
        told = {"client": client, "call": name, "error": None}
        try:
            told["version"] = version(PACKAGES.get(client, client))
        except Exception:  # not a package
            told["version"] = "–"
        try:
            function()
        except Exception as error:  # whatever a client raises is the finding
            told["error"] = f"{type(error).__name__}: {error}"[:300]
        print(json.dumps(told), flush=True)


main()
