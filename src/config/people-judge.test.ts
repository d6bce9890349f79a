import { describe, expect, it } from "vitest";
import type { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadJudge, type PeopleJudge } from "./load-judge.ts";
import { loadRefusalJudge } from "./load-refusal-judge.ts";
import { projectAt } from "./project.ts";

const YAML = `kind: people
criteria:
  - id: correct
    question: Is it right?
    scale: { 0: "no", 1: "yes" }
labels: [a.csv, b.jsonl]
`;

async function project(yaml = YAML, files: Readonly<Record<string, string>> = { "a.csv": "x", "b.jsonl": "{}" }) {
  const named = Object.entries(files).map(([name, text]) => [`judges/p/${name}`, text]);
  return projectAt(await tempFolder({ "judges/p/judge.yaml": yaml, ...Object.fromEntries(named) }));
}

const load = async (...of: Parameters<typeof project>) =>
  (await loadJudge(await project(...of), "p", {})) as PeopleJudge;
const problems = (failing: Promise<unknown>) =>
  failing.then(
    () => [],
    (error: DataError) => error.problems.map(({ code, got }) => `${code}: ${got}`),
  );

describe("a judge of kind people", () => {
  it("is its rubric and how its files are read, with the middle of several labels when nothing is said", async () => {
    const judge = await load();
    expect(judge.kind).toBe("people");
    expect(judge.config).toMatchObject({ vote: "median", refusals: "apart" });
    expect(judge.labels.map(({ path }) => path.split("/").at(-1))).toEqual(["a.csv", "b.jsonl"]);
    expect(judge.rubric.criteria[0]!.steps.map(({ value }) => value)).toEqual([0, 1]);
  });

  it("is the same while people label more, and another when labels are read otherwise", async () => {
    const { sha256 } = await load();
    expect((await load(YAML, { "a.csv": "more", "b.jsonl": "{}" })).sha256).toBe(sha256);
    expect((await load(YAML.replace("kind: people", "kind: people\ntitle: Anna and Ben"))).sha256).toBe(sha256);
    for (const more of ["vote: majority", "raters: [anna, ben]", "scores: { Yes: 1 }", "columns: { score: s }"])
      expect((await load(`${YAML}${more}\n`)).sha256, more).not.toBe(sha256);
  });

  it("names every file that is not there, and every setting that is unknown", async () => {
    expect(await problems(load(YAML, {}))).toEqual([
      'E_JUDGE_FILE: "a.csv": ENOENT',
      'E_JUDGE_FILE: "b.jsonl": ENOENT',
    ]);
    expect(await problems(load(`${YAML}columns: { answers: x }\n`))).toHaveLength(1);
    expect(await problems(load(YAML.replace("[a.csv, b.jsonl]", "[]")))).toHaveLength(1);
    expect(await problems(load(`${YAML}model: { kind: openai, base_url: "http://h", model: m }\n`))).toHaveLength(1);
  });

  it("is no member of a panel and decides no refusals: nobody can be asked of a new answer", async () => {
    const found = await project();
    const panel = projectAt(
      await tempFolder({
        "judges/p/judge.yaml": YAML,
        "judges/p/a.csv": "",
        "judges/p/b.jsonl": "",
        "judges/two/judge.yaml": "kind: panel\nof: [p, p2]\n",
        "judges/p2/judge.yaml": YAML.replace("[a.csv, b.jsonl]", "[../p/a.csv]"),
      }),
    );
    expect(await problems(loadJudge(panel, "two", {}))).toEqual(["E_JUDGE: p", "E_JUDGE: p2"]);
    const suite = { file: "suite.yaml", config: { refusal: { judge: "p" } } } as Parameters<typeof loadRefusalJudge>[1];
    expect(await problems(loadRefusalJudge(found, suite, {}))).toEqual(["E_SUITE_JUDGE: p: people, who label later"]);
  });
});
