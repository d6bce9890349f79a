import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { completion, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "./run-cli.ts";

/** Question, reference (none: unanswerable) and what the system said; it declines in words of its own, with "alas". */
const ANSWERS: readonly (readonly [id: string, reference: string | undefined, said: string, flag?: boolean])[] = [
  ["right-1", "four", "four"],
  ["right-2", "two", "two"],
  ["right-3", "six", "six"],
  ["wrong", "red", "blue"],
  ["hedged", "one", "I don't know, but it is one"],
  ["over", "ten", "Alas, that lies beyond these pages."],
  ["empty", "nine", ""],
  ["declined-1", undefined, "Alas, the manual is silent."],
  ["declined-2", undefined, "Alas! Of this nothing is written."],
  ["flagged", undefined, "no", true],
  ["false", undefined, "green"],
];

export const SUITE = {
  metrics: "[EM, Coverage, AnswerPrecision, RefusalPrecision, RefusalRecall, OverRefusal, FalseAnswer]",
  refusal: "refusal: { judge: declines-yes-no }",
};

/** A project whose system declines in words that no rule knows, and the judge that does. */
export async function decliningProject({ metrics, refusal }: typeof SUITE = SUITE, more = ""): Promise<string> {
  const rows = (of: (row: (typeof ANSWERS)[number]) => object): string =>
    ANSWERS.map((row) => `${JSON.stringify(of(row))}\n`).join("");
  const root = await tempFolder({
    "datasets/tiny/dataset.yaml": "id: tiny\nsplits: [test]\n",
    "datasets/tiny/corpus.jsonl": `${JSON.stringify({ _id: "p", text: "A page.", document: "d" })}\n`,
    "datasets/tiny/queries.jsonl": rows(([id, reference]) => ({
      ...{ _id: id, text: `What of ${id}?`, split: "test", answerable: reference !== undefined },
      ...(reference !== undefined && { answers: [reference] }),
    })),
    "datasets/tiny/qrels/test.tsv": "query-id\tcorpus-id\tscore\n",
    "benchmarks/tiny/suite.yaml": `dataset: tiny\nconditions: [closed-book]\nmetrics: ${metrics}\n${refusal}\n${more}`,
    "benchmarks/systems/made.yaml": "generator: { kind: replay, file: made.jsonl }\n",
    "benchmarks/systems/made.jsonl": rows(([query, , text, refused]) => ({ query, text, ...(refused && { refused }) })),
  });
  const { exitCode, stderr } = await runCli(["judge", "init", "declines-yes-no"], root);
  if (exitCode !== 0) throw new Error(stderr);
  return root;
}

/** A judge's server that lists its model and finds a refusal where the answer says "alas"; `instead` may answer otherwise. */
export function decliningJudge(instead: (answer: string) => Reply | undefined = () => undefined): Reply {
  return (response, request) => {
    if (request.path.endsWith("/models")) return json({ data: [{ id: "judge" }] })(response, request);
    const answer = /<answer>([\s\S]*?)<\/answer>/.exec(JSON.stringify(request.body))?.[1] ?? "";
    const verdict = JSON.stringify({ reason: "as it says", declines: /alas/i.test(answer) ? "YES" : "NO" });
    return (instead(answer) ?? completion(verdict))(response, request);
  };
}

/** The lines of the only run's log. */
export async function logLines(root: string): Promise<Record<string, unknown>[]> {
  const [run] = await readdir(join(root, "runs"));
  const text = await readFile(join(root, "runs", run!, "run.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Means by metric of the only row of a summary in JSON, or the reason why there is none. */
export function meansOf(summary: string): ReadonlyMap<string, number | string> {
  const { suites } = JSON.parse(summary) as {
    suites: {
      tables: { parts: { rows: { cells: { metric: string; estimate: { mean?: number; reason?: string } }[] }[] }[] }[];
    }[];
  };
  const [row] = suites[0]!.tables[0]!.parts[0]!.rows;
  return new Map(row!.cells.map(({ metric, estimate }) => [metric, estimate.mean ?? estimate.reason!]));
}
