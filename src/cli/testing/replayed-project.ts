import { expect } from "vitest";
import { runCli } from "./run-cli.ts";
import { starterProject } from "./starter-project.ts";

const QUESTIONS = Array.from({ length: 60 }, (_, i) => `q${i}`);

/** The dataset `sixty`: questions of two passages each, the first of which answers. */
export const SIXTY: Readonly<Record<string, string>> = {
  "datasets/sixty/corpus.jsonl": QUESTIONS.flatMap((q) => [
    `${JSON.stringify({ _id: `${q}-gold`, text: `The gold of ${q}.` })}\n`,
    `${JSON.stringify({ _id: `${q}-other`, text: `Something else of ${q}.` })}\n`,
  ]).join(""),
  "datasets/sixty/queries.jsonl": QUESTIONS.map((q) => `${JSON.stringify({ _id: q, text: `What of ${q}?` })}\n`).join(
    "",
  ),
  "datasets/sixty/qrels/test.tsv": `query-id\tcorpus-id\tscore\n${QUESTIONS.map((q) => `${q}\t${q}-gold\t1\n`).join("")}`,
};

/** Systems that replay a ranking: one finds the gold first, one last, two on every second question. */
const FILES: Readonly<Record<string, string>> = {
  "benchmarks/gated/suite.yaml": [
    "dataset: sixty",
    "conditions: [rag@1]",
    "metrics: [nDCG@10, RR]",
    "gate: { nDCG@10: { min_effect: 0.02 } }",
    "",
  ].join("\n"),
  ...SIXTY,
  ...replay("good", () => true),
  ...replay("bad", () => false),
  ...replay("middling", (i) => i % 2 === 0),
  ...replay("mixed", (i) => i % 2 === 1),
};

/** A system that replays a ranking of `sixty`. @param goldFirst whether the gold of a question stands first */
export function replay(id: string, goldFirst: (index: number) => boolean): Record<string, string> {
  const lines = QUESTIONS.flatMap((q, i) => {
    const ids = goldFirst(i) ? [`${q}-gold`, `${q}-other`] : [`${q}-other`, `${q}-gold`];
    return ids.map((passage, rank) => `${q} Q0 ${passage} ${rank + 1} ${2 - rank} ${id}\n`);
  });
  return {
    [`benchmarks/systems/${id}.yaml`]: `retriever: { kind: replay, file: ${id}.run }\n`,
    [`benchmarks/systems/${id}.run`]: lines.join(""),
  };
}

/** A project in which those systems have run: `gated/good`, `gated/bad`, `gated/middling`, `gated/mixed`. */
export async function replayedProject(): Promise<string> {
  const folder = await starterProject(FILES);
  const ran = await runCli(["run", "-b", "gated", "-s", "good,bad,middling,mixed", "--quiet"], folder);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  return folder;
}
