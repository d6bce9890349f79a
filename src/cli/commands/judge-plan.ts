import { defineCommand, list, optional, value } from "../command.ts";
import { choice, openFraction, positive, text } from "../terminal/parse-value.ts";
import { labelFlags } from "./label-flags.ts";

export const judgePlan = defineCommand({
  details: [
    "A pilot is some answers of graded runs with people's labels, drawn at random; 50 and more tell the spread well enough. From",
    "it the smallest number of labels whose corrected mean (see `bench judge correct`) has so narrow an interval, beside what labels",
    "alone would take.",
  ].join("\n"),
  options: {
    judge: optional("-j, --judge <id>", "a folder in judges/; may be left out where there is only one", text),
    ...labelFlags,
    run: list("--run <run>", "the graded runs; the newest graded one of every system when left out", text),
    targetWidth: value("--target-width <points>", "high − low of the interval, in points of the scale", positive, 0.1),
    level: value("--level <fraction>", "the confidence level of the interval", openFraction, 0.95),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    {
      command: "bench judge plan -j answer-0-3 --labels pilot.jsonl --target-width 0.05",
      says: "labels for a mean known to ± .025",
    },
  ],
  async run(_, options, deps) {
    const { judgePlan: carryOut } = await import("../judge/judge-plan.ts");
    return carryOut(options, deps);
  },
});
