import { defineCommand, flag, list, value } from "../command.ts";
import { PROBE_FLAGS } from "../probe/probe-flags.ts";
import { choice, integer } from "../terminal/parse-value.ts";

export const probeDistractors = defineCommand({
  details: [
    "Each question gets its gold passages and so many distractors: the retriever's best hits that are not gold, or passages",
    "drawn at random. Every number is compared with the gold alone; with --drop-oracle the distractors are also given without",
    "the gold, where the right thing is to decline. Unanswerable questions of the suite get the distractors alone.",
    "Each question is asked once in every cell. The log is a run of its own in runs/, <suite>-probe-distractors.",
  ].join("\n"),
  args: [
    { name: "<system>", summary: "a system with a generator, and with a retriever unless --from random is given" },
  ],
  options: {
    count: list("--count <n>", "numbers of distractors; 0,1,3,5,10 when left out", integer(0, 1000)),
    from: value("--from <source>", "retriever, random", choice("retriever", "random"), "retriever"),
    order: value("--order <order>", "shuffled, gold-first", choice("shuffled", "gold-first"), "shuffled"),
    dropOracle: flag("--drop-oracle", "also give the distractors without the gold"),
    ...PROBE_FLAGS,
  },
  examples: [
    { command: "bench probe distractors raft-8b", says: "0, 1, 3, 5 and 10 of the best hits that are not gold" },
    { command: "bench probe distractors raft-8b --drop-oracle", says: "and the same without the gold" },
    { command: "bench probe distractors raft-8b --from random --count 0,10", says: "passages drawn at random" },
    { command: "bench probe distractors raft-8b --html distractors.html", says: "with a page of pictures" },
  ],
  async run([system], options, deps) {
    const { probeDistractors: probe } = await import("../probe/probe-distractors.ts");
    return probe(system!, options, deps);
  },
});
