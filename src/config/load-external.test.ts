import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadExternal } from "./load-external.ts";
import { projectAt } from "./project.ts";

const GOOD = `title: RAFT chatbot
source: { name: A recipe, url: "https://example.org/raft", date: 2024-08-30 }
protocol: { judge: a model of 70B, k: 7 }
metrics: { judged right: { range: [0, 1] } }
results:
  - { system: RAFT 8B, condition: rag@7, metric: judged right, right: 54, n: 71 }
  - { system: 70B, condition: rag@7, metric: judged right, right: 53, n: 71 }
`;

const load = async (files: Readonly<Record<string, string>>) =>
  loadExternal(
    projectAt(await tempFolder(Object.fromEntries(Object.entries(files).map(([k, v]) => [`external/${k}`, v])))),
  );

async function problemsOf(text: string): Promise<string[]> {
  const error = await load({ "a.yaml": text }).catch((found: unknown) => found);
  if (!(error instanceof DataError)) throw new Error("it was taken");
  expect(error.exitCode).toBe(3);
  expect(new Set(error.problems.map(({ code }) => code))).toEqual(new Set(["E_EXTERNAL"]));
  return error.problems.map(({ where, expected, got }) => `${where}: ${expected}; ${got}`);
}

describe("loadExternal", () => {
  it("reads every YAML file of the folder by name, and nothing where there is none", async () => {
    const found = await load({
      "b.yml": GOOD.replace("RAFT chatbot", "second"),
      "a.yaml": GOOD,
      "README.md": "not one",
    });
    expect(found.map(({ title }) => title)).toEqual(["RAFT chatbot", "second"]);
    expect(found[0]!.source.date).toBe("2024-08-30");
    expect(found[0]!.results[0]).toMatchObject({ right: 54, n: 71 });
    expect(await loadExternal(projectAt(await tempFolder({})))).toEqual([]);
  });

  it("finds every problem of every file, each with its line", async () => {
    const bad = GOOD.replace("right: 54", "right: 72").replace(
      "judged right, right: 53, n: 71",
      "judged rigt, mean: 3",
    );
    expect(await problemsOf(bad)).toEqual([
      "external/a.yaml:6 /results/0/right: at most n, 71; 72",
      'external/a.yaml:7 /results/1/metric: a key of metrics: judged right; "judged rigt"',
    ]);
    const error = await load({ "a.yaml": bad, "b.yaml": "title: [" }).catch((found: unknown) => found as DataError);
    expect((error as DataError).problems.map(({ where }) => where.split(":")[0])).toEqual(
      expect.arrayContaining(["external/a.yaml", "external/b.yaml"]),
    );
  });

  it.each([
    ["right: 54, n: 71", "right: 54", "n beside right; right alone"],
    ["right: 54, n: 71", "right: 54, n: 71, mean: .5", "right with n, or mean; both"],
    ["right: 54, n: 71", "n: 71", "right with n, or mean; neither"],
    ["right: 54, n: 71", "right: 54, n: 71, sd: 1", "no sd beside counts; 1"],
    ["right: 54, n: 71", "mean: .5, sd: .1", "n of 2 or more beside sd; no n"],
    ["right: 54, n: 71", "mean: .5, sd: .1, n: 1", "n of 2 or more beside sd; 1"],
    ["right: 54, n: 71", "mean: 57.75", "a number in [0, 1]; 57.75"],
    ["system: 70B", "system: RAFT 8B", "each system, condition and metric once; what result 0 has"],
    ["range: [0, 1]", "range: [1, 0]", "the lowest value before the highest; [1, 0]"],
    ["https://example.org/raft", "javascript:alert(1)", 'must match pattern "^https?://'],
    ["2024-08-30", "last year", "must match pattern"],
    ["metrics: { judged right", "metrics: { __proto__", "a key of metrics"],
    [
      "metric: judged right, right: 54",
      "metric: constructor, right: 54",
      'a key of metrics: judged right; "constructor"',
    ],
  ])("refuses %j in place of %j", async (from, to, said) => {
    expect((await problemsOf(GOOD.replace(from, to))).join("\n")).toContain(said);
  });
});
