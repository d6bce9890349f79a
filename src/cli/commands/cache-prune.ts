import { defineCommand, flag, optional } from "../command.ts";
import { age } from "../terminal/parse-age.ts";
import { bytes } from "../terminal/parse-amount.ts";

export const cachePrune = defineCommand({
  details: "Runs that go on meanwhile are not disturbed. All limits that are given hold; one must be given.",
  options: {
    olderThan: optional("--older-than <age>", "remove what was answered longer ago: 12h, 30d, 2w", age),
    maxSize: optional("--max-size <size>", "remove the oldest until the rest takes no more: 500MB, 1GB", bytes),
    all: flag("--all", "remove everything"),
  },
  examples: [
    { command: "bench cache prune --older-than 30d", says: "removes answers of more than 30 days ago" },
    { command: "bench cache prune --max-size 1GB", says: "keeps the newest answers that fit into 1 GB" },
    { command: "bench cache prune --all", says: "empties the cache: the next runs ask everything" },
  ],
  async run(_, options, deps) {
    const { prune } = await import("../run/cache.ts");
    return prune(options, deps);
  },
});
