import { defineCommand, flag, list, optional, value } from "../command.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

export const datasetChunk = defineCommand({
  details: [
    "A snapshot (`bench dataset read`) becomes a dataset that waits for questions; it must be as it was when it was taken.",
    "Gold that is known only as passages is found in the documents word for word first. A passage is gold when it shares at",
    "least half of a span, or of itself, with one (--rule lenient), or when it holds a whole span (--rule strict). What no",
    "passage holds is told.",
  ].join("\n"),
  args: [{ name: "<dataset>", summary: "its id in datasets/, or a folder: a dataset's or a snapshot's" }],
  options: {
    into: optional("--into <id>", "the new dataset's id: its folder in datasets/ (required)", text),
    unit: value(
      "--unit <unit>",
      "words, characters, sentences or tokens",
      choice("words", "characters", "sentences", "tokens"),
      "words",
    ),
    size: value("--size <n>", "how many units a passage has at most", integer(1, 1_000_000), 100),
    overlap: value("--overlap <n>", "how many units two neighbours may share", integer(0, 1_000_000), 0),
    separators: list("--separator <text>", "where to cut rather, best first; the defaults when left out", text),
    encoder: optional("--encoder <folder>", "the encoder whose tokens are counted, with --unit tokens", text),
    rule: value("--rule <rule>", "which passages are gold: lenient or strict", choice("lenient", "strict"), "lenient"),
    force: flag("--force", "replace a dataset of that id"),
  },
  examples: [
    {
      command: "bench dataset chunk snapshots/docs --into docs --size 200",
      says: "a dataset of the pages that were read",
    },
    { command: "bench dataset chunk handbook --into handbook-50 --size 50", says: "passages of at most 50 words" },
    {
      command: "bench dataset chunk faire --into faire-1000 --unit characters --size 1000 --overlap 100",
      says: "the cutting of the RAFT recipe",
    },
  ],
  async run([name], options, deps) {
    const { chunkDataset } = await import("../dataset/chunk-dataset.ts");
    return chunkDataset(name!, options, deps);
  },
});
