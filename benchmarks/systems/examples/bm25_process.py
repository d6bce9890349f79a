"""A retriever in Python, to copy: BM25 over a corpus.jsonl, spoken to in lines of JSON.

    in   {"id": 1, "query": "who is it for?", "k": 10}         and "history" where something was said before
    out  {"ready": true}                                        once, as soon as questions can be answered
         {"id": 1, "hits": [{"id": "p3", "score": 4.2}, ...]}   or {"id": 1, "error": "why not"}

Replace `Bm25` by what you have. Only replies go to stdout; print anything else to stderr.
"""

import json
import math
import re
import sys
from collections import Counter, defaultdict


class Bm25:
    def __init__(self, passages, k1=1.2, b=0.75):
        self.k1 = k1
        self.ids = [passage["_id"] for passage in passages]
        terms = [words(passage.get("title", "") + "\n" + passage["text"]) for passage in passages]
        average = sum(map(len, terms)) / max(1, len(terms)) or 1
        self.norms = [k1 * (1 - b + b * len(t) / average) for t in terms]
        self.postings = defaultdict(list)
        for document, found in enumerate(terms):
            for term, count in Counter(found).items():
                self.postings[term].append((document, count))

    def search(self, query, k):
        scores = defaultdict(float)
        for term in words(query):
            postings = self.postings.get(term, ())
            idf = math.log(1 + (len(self.ids) - len(postings) + 0.5) / (len(postings) + 0.5))
            for document, count in postings:
                scores[document] += idf * count / (count + self.norms[document])
        best = sorted(scores.items(), key=lambda item: -item[1])[:k]
        return [{"id": self.ids[document], "score": score} for document, score in best]


def words(text):
    return re.findall(r"\w+", text.lower())


def main():
    with open(sys.argv[1], encoding="utf-8") as corpus:
        index = Bm25([json.loads(line) for line in corpus if line.strip()])
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        say({"id": request["id"], "hits": index.search(request["query"], request["k"])})


def say(reply):
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    # JSON is UTF-8, whatever the machine's language is.
    sys.stdin.reconfigure(encoding="utf-8")
    main()
