import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { printable, quoteValue, truncate } from "../../lib/text.ts";
import type { ResultLine } from "../../runlog/schema.ts";
import { defineCommand, flag, list, value } from "../command.ts";
import { line } from "../deps.ts";
import { choice, text } from "../terminal/parse-value.ts";

export const logShow = defineCommand({
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system" }],
  options: {
    query: list("--query <id>", "only these questions", text),
    failed: flag("--failed", "only failures"),
    format: value("--format <format>", "text or json (the lines as they are)", choice("text", "json"), "text"),
  },
  examples: [
    {
      command: "bench log show handbook/bm25-reader --query ndcg-ideal",
      says: "one question: ranking, answers, outcomes",
    },
    { command: "bench log show handbook/raft-8b --failed", says: "what failed, with code and message" },
  ],
  async run([name], { query, failed, format }, { cwd, stdout }) {
    const { findRun } = await import("../project/find-run.ts");
    const { readLog, readRun } = await import("../../runlog/read-run.ts");
    const project = await findProject(cwd);
    const { dir, manifest, state } = await findRun(project, name!);
    const wanted = new Set(query);
    if (wanted.size > 0) await requireQuestions(dir, wanted);
    if (format === "text") {
      line(stdout, printable(`${manifest.run}: ${state}, started ${manifest.startedAt}`));
      line(stdout, printable(`  ${manifest.command}`));
      line(stdout);
    }
    for await (const entry of format === "json" ? readLog(dir) : readRun(dir)) {
      if (entry.kind === "manifest" || entry.kind === "end") continue;
      if (wanted.size > 0 && !wanted.has(entry.query)) continue;
      if (failed && entry.kind !== "failure") continue;
      if (format === "json") line(stdout, JSON.stringify(entry));
      else for (const text of describeEntry(entry)) line(stdout, printable(text));
    }
    return EXIT.ok;
  },
});

/** @throws UsageError for ids that the run has no question of: an empty answer would look like one without results */
async function requireQuestions(dir: string, wanted: ReadonlySet<string>): Promise<void> {
  const { readQuestions } = await import("../../runlog/read-run.ts");
  const known = new Set<string>();
  for await (const { id } of readQuestions(dir)) known.add(id);
  const problems = [...wanted]
    .filter((id) => !known.has(id))
    .map((id) => {
      const near = nearest(id, known);
      const fix =
        near === undefined ? "look the id up in the run's questions.jsonl" : `did you mean ${quoteValue(near)}?`;
      return {
        code: "E_QUERY_UNKNOWN",
        where: "--query",
        expected: "the id of a question of the run",
        got: quoteValue(id),
        fix,
      };
    });
  if (problems.length > 0) throw new UsageError(...problems);
}

/** The lines that tell of an entry; text in them is as the log has it. */
function describeEntry(entry: ResultLine): string[] {
  const what = entry.kind === "retrieval" ? "retrieval" : (entry.condition ?? "retrieval");
  const scores = Object.entries(entry.outcomes).flatMap(([metric, outcome]) =>
    outcome.state === "scored" ? `${metric} ${outcome.value.toFixed(3)}` : [],
  );
  return [
    `${entry.query}  ${what}${entry.trial > 0 ? `  trial ${entry.trial}` : ""}`,
    `  ${describeResult(entry)}`,
    ...(scores.length > 0 ? [`  ${scores.join("  ")}`] : []),
  ];
}

function describeResult(entry: ResultLine): string {
  switch (entry.kind) {
    case "retrieval": {
      const shown = entry.ranking.slice(0, 10).map(([id, score]) => `${id} ${score.toFixed(3)}`);
      const as = entry.rewritten === undefined ? "" : `searched for as: ${truncate(entry.rewritten, 400)}  `;
      return as + (shown.join(", ") || "nothing retrieved");
    }
    case "answer":
      return [
        truncate(entry.text, 400),
        ...(entry.refused ? [`[refused: ${entry.refusedBy}]`] : []),
        ...(entry.undecided ? [`[whether refused: ${entry.undecided}, ${entry.refusedBy}]`] : []),
        ...(entry.hedged ? ["[sent twice]"] : []),
        ...(entry.cachedFrom ? [`[from the cache: made by ${entry.cachedFrom.run}, ${entry.cachedFrom.at}]`] : []),
      ].join("  ");
    case "failure":
      return `failed in ${entry.stage} after ${entry.attempts} attempts: ${entry.code} ${truncate(entry.message, 400)}`;
  }
}
