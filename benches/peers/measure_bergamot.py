"""Measures Bergamot: sentences on stdin, one per line; tokens, CPU seconds and memory on stdout, one JSON object per line.

Usage: measure_bergamot.py MODEL_DIR batched|single [on|off]
`batched` gives it all sentences at once, `single` one after the other; `on` uses the lexical shortlist. One thread.
"""
import glob, importlib.util, json, os, resource, sys, time

# The package's own __init__ asks a server for its list of models; the compiled module alone does not.
FOLDER = importlib.util.find_spec("bergamot").submodule_search_locations[0]
PATH = glob.glob(os.path.join(FOLDER, "_bergamot.*.so"))[0]
SPEC = importlib.util.spec_from_file_location("bergamot._bergamot", PATH)
bergamot = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bergamot)

CONFIG = """relative-paths: false
models: [{model}]
vocabs: [{vocab}, {vocab}]
{shortlist}
beam-size: 1
normalize: 1.0
word-penalty: 0
mini-batch: 64
maxi-batch: 1000
maxi-batch-sort: src
workspace: 128
max-length-factor: 2.0
gemm-precision: int8shiftAlphaAll
skip-cost: true
quiet: true
quiet-translation: true
ssplit-prefix-file: ""
ssplit-mode: sentence
max-length-break: 128
mini-batch-words: 1024
alignment: soft
"""


def find(folder, pattern):
    return sorted(glob.glob(os.path.join(os.path.abspath(folder), pattern)))[0]


def main():
    folder, mode = sys.argv[1], sys.argv[2]
    wanted = sys.argv[3:] != ["off"]
    sentences = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    shortlist = f"shortlist: [{find(folder, 'lex*.bin')}, false]" if wanted else ""
    config = CONFIG.format(model=find(folder, "model*.bin"), vocab=find(folder, "vocab*.spm"), shortlist=shortlist)
    service = bergamot.Service(bergamot.ServiceConfig(numWorkers=1, cacheSize=0, logLevel="off"))
    model = service.modelFromConfig(config)
    options = bergamot.ResponseOptions(qualityScores=False, alignment=False, HTML=False)

    def tokens(texts):
        responses = service.translate(model, bergamot.VectorString(texts), options)
        return sum(r.target.numWords(s) for r in responses for s in range(r.target.numSentences()))

    tokens(sentences[:2])
    begun, wall, count = time.process_time(), time.monotonic(), 0
    for texts in [sentences] if mode == "batched" else [[sentence] for sentence in sentences]:
        count += tokens(texts)
    took = {"cpu": time.process_time() - begun, "wall": time.monotonic() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"tokens": count, **took, "rss": peak}))


main()
