import { EXIT, UsageError } from "../../core/errors.ts";
import { defineCommand, value } from "../command.ts";
import { line } from "../deps.ts";
import { choice } from "../terminal/parse-value.ts";

export const metrics = defineCommand({
  args: [{ name: "[name...]", summary: "metrics to define, for example nDCG@10" }],
  options: {
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench metrics", says: "lists every metric with its parameters" },
    { command: 'bench metrics nDCG@10 "P(rel=2)@3"', says: "defines two of them: meaning, range, source, edge cases" },
  ],
  async run(names, { format }, { stdout }) {
    const { parseMetric } = await import("../../metric/parse.ts");
    const { metricSection } = await import("../../metric/reference.ts");
    const { METRICS } = await import("../../metric/registry.ts");
    const problems = [];
    const chosen = [];
    for (const name of names) {
      const parsed = parseMetric(name);
      if (parsed.ok) chosen.push(parsed.metric.definition);
      else problems.push({ code: "E_METRIC", where: name, ...parsed.problem });
    }
    if (problems.length > 0) throw new UsageError(...problems);
    const shown = names.length > 0 ? [...new Set(chosen)] : METRICS;
    if (format === "json") {
      line(stdout, JSON.stringify(shown, undefined, 2));
    } else if (names.length > 0) {
      line(stdout, shown.map(metricSection).join("\n\n"));
    } else {
      const { textTable } = await import("../terminal/text-table.ts");
      line(
        stdout,
        textTable(
          ["metric", "of", "range", "better", "what it is"],
          shown.map((m) => [m.name, m.kind, `${m.range[0]}–${m.range[1]}`, m.better, m.title]),
        ),
      );
      line(
        stdout,
        "\n`bench metrics NAME` defines one. Cutoffs are written after @, parameters in brackets: P(rel=2)@3.",
      );
    }
    return EXIT.ok;
  },
});
