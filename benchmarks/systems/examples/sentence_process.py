"""A generator in Python, to copy: answers with the sentence that shares most words with the question.

    in   {"id": 1, "question": "who is it for?", "passages": [{"id": "p3", "document": "d1", "title": "…", "text": "…"}],
          "history": [{"role": "user", "content": "…"}], "condition": "rag@5", "trial": 0}
                                                     and "prompt" where the system file names a prompt
    out  {"ready": true}                             once, as soon as questions can be answered
         {"id": 1, "text": "For whoever asks."}      or {"id": 1, "error": "why not"}
                                                     and where you have them "refused": false, "finish": "stop",
                                                     "confidence": 0.7, "usage": {"prompt_tokens": 9, "completion_tokens": 4}

Replace `answer` by what you have. Only replies go to stdout; print anything else to stderr.
"""

import json
import re
import sys


def answer(question, passages):
    asked = words(question)
    best, most = None, 0
    for passage in passages:
        for sentence in re.split(r"(?<=[.!?])\s+", passage["text"]):
            shared = len(asked & words(sentence))
            if shared > most:
                best, most = sentence.strip(), shared
    if best is None:
        return {"text": "I do not know.", "refused": True}
    return {"text": best, "refused": False, "confidence": most / len(asked)}


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def main():
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        say({"id": request["id"], **answer(request["question"], request["passages"])})


def say(reply):
    print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    # JSON is UTF-8, whatever the machine's language is.
    sys.stdin.reconfigure(encoding="utf-8")
    main()
