import { defineCommand, list, optional } from "../command.ts";
import { PROBE_FLAGS } from "../probe/probe-flags.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

export const probeContext = defineCommand({
  details: [
    "The gold passages of each question stand in the first, middle or last third of a context of so many tokens; the rest is",
    "other passages of the corpus, never gold. Every cell is compared with the gold alone, and the places of a length with each",
    "other. A cell whose prompts the server cut or refused says so and has no score.",
    "Each question is asked once in every cell. The log is a run of its own in runs/, <suite>-probe-context.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system with a generator; its retriever is not asked" }],
  options: {
    tokens: list(
      "--tokens <n>",
      "lengths of the passages in tokens; 2000,8000,32000 when left out",
      integer(50, 10_000_000),
    ),
    place: list("--place <third>", "first, middle, last; all three when left out", choice("first", "middle", "last")),
    encoder: optional(
      "--encoder <folder>",
      "whose tokens are counted; else the system's tokenizer, else an estimate",
      text,
    ),
    ...PROBE_FLAGS,
  },
  examples: [
    { command: "bench probe context raft-8b", says: "2K, 8K and 32K tokens, the gold in each third" },
    { command: "bench probe context raft-8b --tokens 2000,4000 --limit 50", says: "a first look at two lengths" },
    { command: "bench probe context raft-8b --dry-run", says: "how many requests and tokens it would take" },
    { command: "bench probe context raft-8b --html context.html", says: "with a page of pictures" },
  ],
  async run([system], options, deps) {
    const { probeContext: probe } = await import("../probe/probe-context.ts");
    return probe(system!, options, deps);
  },
});
