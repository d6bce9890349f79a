import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSuite, loadSystem, projectAt, type SuiteOverrides } from "../../config/index.ts";
import { openDataset, openPassageStore, type PassageStore } from "../../dataset/index.ts";
import { loadQuestions, type QuestionChoice } from "../load-questions.ts";
import { type Plan, planRun } from "../plan-run.ts";

/** Rows of the tiny dataset: twelve passages on rivers, nine questions, two of them unanswerable, one without gold. */
const RIVERS = ["Rhône", "Danube", "Volga", "Loire", "Elbe", "Tagus"];
const FACTS = RIVERS.map((river, i) => ({ river, length: 700 + 137 * i, source: `Mount ${"ABCDEF"[i]}lto` }));

const corpus = FACTS.flatMap(({ river, length, source }, i) => [
  { _id: `${river}/length`, title: river, text: `The ${river} is ${length} km long. 🌊`, document: `d${i}` },
  { _id: `${river}/source`, title: river, text: `The ${river} rises at ${source}.`, document: `d${i}` },
]);
const queries = [
  ...FACTS.map(({ river, length }, i) => ({
    _id: `q${i}`,
    text: `How long is the ${river}?`,
    answers: [`${length} km`],
    document: `d${i}`,
    split: "test",
  })),
  { _id: "__proto__", text: "How deep is the Elbe?", answerable: false, document: "d4", split: "test" },
  { _id: "../../x", text: "Where does the Tagus rise?", answers: ["Mount Flto"], document: "d5", split: "test" },
  { _id: "none", text: "Who?", answerable: false, split: "test" },
  { _id: "other", text: "Which split?", split: "eval" },
];
const qrels = [
  ...FACTS.map(({ river }, i) => [`q${i}`, `${river}/length`, 2]),
  ["q0", "Rhône/source", 1],
  ["../../x", "Tagus/source", 1],
  ["../../x", "Tagus/length", 0],
];

export const SUITE = `dataset: tiny
conditions: [rag@1, rag@3, oracle, closed-book]
metrics: [R@1, nDCG@5, EM, F1, OverRefusal, RefusalRecall]
depth: 4
trials: 2
cluster: document
`;

export const SYSTEM = "retriever: { kind: bm25 }\ngenerator: { kind: reader }\n";

export interface TinyProject {
  readonly root: string;
  readonly runs: string;
  plan(overrides?: SuiteOverrides, choice?: QuestionChoice, version?: string): Promise<Plan>;
  store(): Promise<PassageStore>;
}

/** Writes a whole project into a folder: a suite, a system and a dataset. */
export async function tinyProject(root: string, suite = SUITE, system = SYSTEM): Promise<TinyProject> {
  const project = projectAt(root);
  const dir = join(project.datasets, "tiny");
  const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await mkdir(join(dir, "qrels"), { recursive: true });
  await mkdir(join(project.benchmarks, "tiny"), { recursive: true });
  await mkdir(project.systems, { recursive: true });
  await writeFile(join(dir, "dataset.yaml"), "id: tiny\nsplits: [eval, test]\n");
  await writeFile(join(dir, "corpus.jsonl"), jsonl(corpus));
  await writeFile(join(dir, "queries.jsonl"), jsonl(queries));
  const rows = [["query-id", "corpus-id", "score"], ...qrels];
  await writeFile(join(dir, "qrels", "test.tsv"), rows.map((row) => `${row.join("\t")}\n`).join(""));
  await writeFile(join(project.benchmarks, "tiny", "suite.yaml"), suite);
  await writeFile(join(project.systems, "made.yaml"), system);
  return openTiny(root);
}

/** Reads such a project with the real readers. */
export function openTiny(root: string): TinyProject {
  const project = projectAt(root);
  const dir = join(project.datasets, "tiny");
  return {
    root,
    runs: project.runs,
    async plan(overrides, choice, version = "0.1.0") {
      const loaded = await loadSuite(project, "tiny", overrides);
      const dataset = await openDataset(dir);
      const { sha256, passages } = await dataset.fingerprint();
      return planRun({
        suite: loaded,
        system: await loadSystem(project, "made", {}),
        dataset: { id: dataset.id, sha256, passages },
        questions: await loadQuestions(dataset, loaded.config.split, choice),
        code: { version },
        machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.19.0" },
        command: "bench run tiny --system made",
      });
    },
    store: async () => openPassageStore({ dir }),
  };
}
