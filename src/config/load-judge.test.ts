import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadJudge, type ModelJudge } from "./load-judge.ts";
import { listJudges, projectAt } from "./project.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENV = { JUDGE_URL: "http://127.0.0.1:9/v1" };

/** A project with one judge, whose files may be changed. */
async function project(files: Readonly<Record<string, string>>) {
  const root = await tempFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, "judges", name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, text);
  }
  return projectAt(root);
}

const YAML = `kind: model
criteria:
  - id: correct
    question: Is it right?
    scale: { 0: "no", 1: "yes" }
model: { kind: openai, base_url: "http://127.0.0.1:9/v1", model: m }
`;
const PROMPT = "{{question}} {{#each references}}{{this}}{{/each}} <answer>{{answer}}</answer> {{reply_format}}";
const judge = (yaml = YAML, more: Readonly<Record<string, string>> = {}) =>
  project({ "j/judge.yaml": yaml, "j/prompt.hbs": PROMPT, ...more });

async function problemsOf(yaml: string, more: Readonly<Record<string, string>> = {}) {
  const error = await loadJudge(await judge(yaml, more), "j", {}).then(
    () => undefined,
    (e: DataError) => e,
  );
  return (error?.problems ?? []).map(
    ({ where, expected, got }) => `${where.replace(/^.*judges/, "judges")}: ${expected}; ${got}`,
  );
}

describe("the judges that come with the tool", async () => {
  const ids = await listJudges(projectAt(ROOT));

  it("are eight", () => {
    expect(ids).toEqual([
      ...["answer-0-3", "correct-yes-no", "declines-yes-no", "grounded-0-3", "lexical-0-3"],
      ...["pairwise", "relevance-0-3", "relevance-1-5"],
    ]);
  });

  it.each(ids)("%s loads", async (id) => {
    const loaded = await loadJudge(projectAt(ROOT), id, ENV);
    expect(loaded.id).toBe(id);
    for (const { steps } of loaded.rubric.criteria) expect(steps.every(({ anchor }) => anchor.length > 10)).toBe(true);
  });

  it("answer-0-3 weighs 60, 20 and 20, on 0 to 3, with an example of every score of correctness", async () => {
    const { rubric, examples } = (await loadJudge(projectAt(ROOT), "answer-0-3", ENV)) as ModelJudge;
    expect(rubric.criteria.map(({ id, weight }) => [id, weight])).toEqual([
      ["correctness", 0.6],
      ["comprehensiveness", 0.2],
      ["readability", 0.2],
    ]);
    expect(rubric.criteria[0]!.steps.map(({ name, value }) => [name, value])).toEqual([
      ["0", 0],
      ["1", 1],
      ["2", 2],
      ["3", 3],
    ]);
    expect(examples.map(({ scores }) => scores.get("correctness"))).toEqual(["0", "1", "2", "3"]);
  });
});

describe("a judge's identity", () => {
  const load = async (yaml = YAML, more = {}) => await loadJudge(await judge(yaml, more), "j", ENV);

  it("is the same wherever the model is served, whatever the title, however patient the client", async () => {
    const { sha256 } = await load();
    const moved = YAML.replace("127.0.0.1:9", "localhost:80").replace(
      "model: m",
      "model: m, timeout_s: 5, concurrency: 2",
    );
    expect((await load(`title: T\nrepeats: 3\nthresholds: { exact: 0.5 }\n${moved}`)).sha256).toBe(sha256);
  });

  it.each([
    ["the prompt", YAML, { "j/prompt.hbs": `${PROMPT}!` }],
    ["an anchor", YAML.replace('"yes"', '"yes, wholly"'), {}],
    ["the model", YAML.replace("model: m", "model: n"), {}],
    ["the temperature", YAML.replace("model: m", "model: m, temperature: 1"), {}],
    ["what it sees", `${YAML}sees: [question]\n`, {}],
    ["the form of the output", `${YAML}output: text\n`, {}],
    ["refusals", `${YAML}refusals: judged\n`, {}],
    ["a system prompt", `${YAML}system_prompt: Be strict.\n`, {}],
    [
      "an example",
      `${YAML}examples: e.jsonl\n`,
      { "j/e.jsonl": '{"question":"q","answer":"a","reason":"r","scores":{"correct":1}}\n' },
    ],
  ])("changes with %s", async (_, yaml, more) => {
    expect((await load(yaml, more)).sha256).not.toBe((await load()).sha256);
  });

  it("of the rubric does not change with prompt or model", async () => {
    const { rubric } = await load();
    const other = await load(YAML.replace("model: m", "model: n"), { "j/prompt.hbs": `${PROMPT}!` });
    expect(other.rubric.sha256).toBe(rubric.sha256);
  });
});

describe("a judge's file that is wrong", () => {
  it.each([
    [
      "a scale of words without values",
      YAML.replace('{ 0: "no", 1: "yes" }', "{ bad: x, good: y }"),
      ['a score with a number; "bad"', 'a score with a number; "good"'],
    ],
    ["half a score", YAML.replace('1: "yes"', '1.5: "yes"'), ['a score with a number; "1.5"']],
    [
      "two scores of one value",
      YAML.replace('1: "yes" }', '"00": "yes" }'),
      ['scores of different value; "00" counts 0 like another'],
    ],
    [
      "a value of no score",
      YAML.replace("{ 0:", "{ 0:").replace("    scale", "    values: { maybe: 1 }\n    scale"),
      ['only scores of the scale; "maybe"'],
    ],
    ["an unknown sight", `${YAML}sees: [answers]\n`, ["one of question, history, references, gold_passages, passages"]],
    ["a prompt that is not there", `${YAML}prompt: other.hbs\n`, ["a readable file"]],
    [
      "an unknown kind",
      YAML.replace("kind: model", "kind: llm"),
      ['"kind" to be one of model, pairwise, lexical, panel'],
    ],
    [
      "a variable that is not set",
      YAML.replace("http://127.0.0.1:9", "${NOWHERE}"),
      ["the environment variable NOWHERE"],
    ],
  ])("%s", async (_, yaml, expected) => {
    const found = await problemsOf(yaml);
    expect(found).toHaveLength(expected.length);
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text);
    for (const line of found) expect(line).toMatch(/^judges\/j\/judge\.yaml:\d+ /);
  });

  const two = (a: string, b: string) =>
    YAML.replace("    scale: {", `    weight: ${a}\n    scale: {`).replace(
      "model:",
      `  - id: clear\n    question: Is it clear?\n${b}    scale: { 0: n, 1: y }\nmodel:`,
    );

  it("weights that do not sum to 100, weights of some criteria only, a criterion twice", async () => {
    expect(await problemsOf(two("60", "    weight: 30\n"))).toEqual([expect.stringContaining("a sum of 90")]);
    expect(await problemsOf(two("60", ""))).toEqual([expect.stringContaining("none of clear")]);
    expect(await problemsOf(two("60", "    weight: 40\n").replace("id: clear", "id: correct"))).toEqual([
      expect.stringContaining('"correct" again'),
    ]);
    expect(await problemsOf(two("33.3", "    weight: 66.7\n"))).toEqual([]);
  });

  it("examples: every bad line is reported, with its number", async () => {
    const lines = [
      '{"question":"q","answer":"a","reason":"r","scores":{"correct":1}}',
      "",
      "{",
      '{"question":"q","answer":"a","reason":"r","scores":{"correct":7}}',
      '{"question":"q","answer":"a","reason":"r","scores":{"other":1}}',
      '{"question":"q","answer":null,"reason":"r","scores":{}}',
    ];
    const found = await problemsOf(`${YAML}examples: e.jsonl\n`, { "j/e.jsonl": lines.join("\n") });
    expect(found.map((line) => line.replace(/^judges\/j\/e\.jsonl:/, ""))).toEqual([
      expect.stringMatching(/^3: a JSON object/),
      expect.stringMatching(/^4: one of 0, 1 for correct; 7|^4: one of 0, 1 for correct; "7"/),
      expect.stringMatching(/^5: a score of correct; none/),
      expect.stringMatching(/^5: only scores of the judge's criteria; "other"/),
      expect.stringMatching(/^6 \/answer: a value of type string/),
    ]);
  });

  it("an unknown name gets the nearest one", async () => {
    await expect(loadJudge(await judge(), "k", {})).rejects.toMatchObject({ code: "E_JUDGE_UNKNOWN" });
  });
});

describe("a panel", () => {
  const panel = "kind: panel\nof: [j, k]\n";

  it("has the rubric of its members, and an identity of their identities and the vote", async () => {
    const one = await judge(YAML, {
      "k/judge.yaml": YAML.replace("model: m", "model: n"),
      "k/prompt.hbs": PROMPT,
      "p/judge.yaml": panel,
    });
    const loaded = await loadJudge(one, "p", {});
    expect(loaded.rubric.sha256).toBe((await loadJudge(one, "j", {})).rubric.sha256);
    const vote = await judge(YAML, {
      "k/judge.yaml": YAML.replace("model: m", "model: n"),
      "k/prompt.hbs": PROMPT,
      "p/judge.yaml": `${panel}vote: majority\n`,
    });
    expect((await loadJudge(vote, "p", {})).sha256).not.toBe(loaded.sha256);
  });

  it("refuses members of different rubrics, and a panel in a panel", async () => {
    const other = await judge(YAML, {
      "k/judge.yaml": YAML.replace('"yes"', '"aye"'),
      "k/prompt.hbs": PROMPT,
      "p/judge.yaml": panel,
    });
    await expect(loadJudge(other, "p", {})).rejects.toThrow("the rubric of j");
    const nested = await judge(YAML, {
      "k/judge.yaml": "kind: panel\nof: [j, j2]\n",
      "j2/judge.yaml": YAML,
      "j2/prompt.hbs": PROMPT,
      "p/judge.yaml": panel,
    });
    await expect(loadJudge(nested, "p", {})).rejects.toThrow("a judge of single answers");
  });
});

describe("a judge's folder", () => {
  it("can be copied into another project and is the same judge there", async () => {
    const root = await tempFolder();
    await cp(join(ROOT, "judges", "answer-0-3"), join(root, "judges", "mine"), { recursive: true });
    const [there, here] = [
      await loadJudge(projectAt(root), "mine", ENV),
      await loadJudge(projectAt(ROOT), "answer-0-3", ENV),
    ];
    expect(there.sha256).toBe(here.sha256);
    expect(await readdir(there.folder)).toContain("prompt.hbs");
    expect(await readFile(join(there.folder, "judge.yaml"), "utf8")).toContain("correctness");
  });
});
