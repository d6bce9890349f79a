import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";

export const judgeProbe = defineCommand({
  details: [
    "From the answers of a run others are made that a sound judge must treat in a known way: sentences that say nothing, an expert's",
    "name or an order to the judge may not raise a grade; an empty answer and gibberish get the lowest; the reference itself gets",
    "the highest, and less once its number is changed or its statement denied; a judge of pairs says the same when the two change",
    "places. Shown is how often the judge does so, with an interval. No labels are needed.",
    "",
    "An answer takes up to ten calls of the judge, 18 of a pairwise one. The result is probes.json beside the judge.",
  ].join("\n"),
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {
    judge: value("-j, --judge <id>", "a folder in judges/", text, "answer-0-3"),
    condition: optional("--condition <name>", "answers of this condition; the run's first when left out", text),
    criterion: optional("--criterion <id>", "whose grades are looked at; the judge's first when left out", text),
    limit: value("--limit <n>", "how many answers are probed, the first of the run", integer(1), 20),
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    dryRun: flag("--dry-run", "say how many verdicts would be asked for and what they would take, and ask nothing"),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
    quiet: flag("-q, --quiet", "no progress and no notes, only the result"),
  },
  examples: [
    { command: "bench judge probe -j answer-0-3 handbook/raft-8b", says: "twenty answers" },
    {
      command: "bench judge probe -j pairwise --limit 50 handbook/raft-8b",
      says: "a judge of pairs: its order bias too",
    },
  ],
  async run([name], options, deps) {
    const { judgeProbe: carryOut } = await import("../judge/judge-probe.ts");
    return carryOut(name!, options, deps);
  },
});
