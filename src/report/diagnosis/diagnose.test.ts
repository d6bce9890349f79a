import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { QuestionList, type QuestionRecord, type ResultLine, RunLogWriter, readScores } from "../../runlog/index.ts";
import { manifest, owner } from "../../runlog/testing/made-log.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { diagnose } from "./diagnose.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { diagnosisText } from "./diagnosis-text.ts";

async function made(options: Partial<MadeRun> = {}): Promise<{ dir: string; found: Diagnosis }> {
  const dir = await makeRun(await tempFolder(), { run: "r", system: "s", skill: 0.5, ...options });
  return { dir, found: (await diagnose(dir, await readScores(dir)))! };
}

/** A run of one ranking a question, written by the real writer; passages are `p1` … with the texts given. */
async function ranked(rankings: Readonly<Record<string, string | "fails">>, depth: number): Promise<Diagnosis> {
  const dir = join(await tempFolder(), "r");
  const questions = Object.keys(rankings).map(
    (id): QuestionRecord => ({ id, text: `${id} asks`, judgements: id === "no-gold" ? [["p1", 0]] : [["gold", 1]] }),
  );
  const plan = manifest({
    conditions: [],
    depth,
    cluster: "none",
    metrics: ["R@2"],
    dataset: { ...manifest().dataset, queries: questions.length },
  });
  const writer = await RunLogWriter.create(dir, plan, QuestionList.of(questions), { owner: owner() });
  for (const [query, ranking] of Object.entries(rankings)) {
    const place = { query, trial: 0, outcomes: {} } as const;
    const line: ResultLine =
      ranking === "fails"
        ? { kind: "failure", ...place, stage: "retrieval", code: "E_X", message: "", attempts: 1 }
        : {
            kind: "retrieval",
            ...place,
            ranking: ranking.split(" ").map((id, i) => [id, 1000 - i] as const),
            timing: { ms: 1, source: "measured" },
          };
    await writer.append(line);
  }
  await writer.seal({
    endedAt: "2026-01-02T03:04:05.000Z",
    shown: 10,
    passages: async (ids) => ids.map((id) => ({ id, document: id, text: `text of ${id}` })),
  });
  return (await diagnose(dir, await readScores(dir)))!;
}

const at = (rank: number, length: number): string =>
  Array.from({ length }, (_, i) => (i + 1 === rank ? "gold" : `p${i}`)).join(" ");
const counts = (classes: Diagnosis["ranks"]) => classes.map(({ id, questions }) => [id, ...questions]);

describe("diagnose", () => {
  it("puts each question into one class by the rank of its first gold passage", async () => {
    const found = await ranked(
      {
        one: at(1, 120),
        three: at(3, 120),
        four: at(4, 120),
        ten: at(10, 120),
        eleven: at(11, 120),
        hundred: at(100, 120),
        beyond: at(101, 120),
        never: at(0, 120),
        broken: "fails",
        "no-gold": at(1, 120),
      },
      120,
    );
    expect(found).toMatchObject({ n: 9, withoutGold: 1, depth: 120 });
    expect(counts(found.ranks)).toEqual([
      ["top", 0, 1],
      ["rerank", 2, 3],
      ["deep", 4, 5],
      ["missed", 6, 7],
      ["failed", 8],
    ]);
    expect(found.ranks.map(({ title }) => title)).toEqual([
      "gold at rank 1 to 3",
      "gold first at rank 4 to 10",
      "gold first at rank 11 to 100",
      "gold not in the first 100",
      "retrieval failed",
    ]);
    expect(found.ranks[3]!.hint).not.toContain("no deeper");
    expect(found.ranks[0]!.share).toMatchObject({ mean: 2 / 9, n: 9, method: "wilson" });
  });

  it.each([
    [2, ["gold at rank 1 to 2", "gold not in the first 2"]],
    [4, ["gold at rank 1 to 3", "gold first at rank 4", "gold not in the first 4"]],
    [10, ["gold at rank 1 to 3", "gold first at rank 4 to 10", "gold not in the first 10"]],
    [
      50,
      ["gold at rank 1 to 3", "gold first at rank 4 to 10", "gold first at rank 11 to 50", "gold not in the first 50"],
    ],
  ])("of a run of depth %d claims nothing about what lies deeper", async (depth, titles) => {
    const found = await ranked({ a: at(1, depth), b: at(0, depth) }, depth);
    expect(found.ranks.map(({ title }) => title)).toEqual(titles);
    expect(found.ranks.at(-1)!.hint).toContain("a suite with depth: 100");
    expect(found.ties.map(({ k }) => k)).toEqual([1, 5, 10].filter((k) => k <= depth));
  });

  it("finds in a made run what a second look at its lines finds", async () => {
    const { dir, found } = await made({ questions: 120, failAt: [4] });
    const lines = (await readFile(join(dir, "run.jsonl"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((l) => JSON.parse(l));
    const questions = (await readFile(join(dir, "questions.jsonl"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((l) => JSON.parse(l));
    const rank = new Map<string, number>();
    const unjudged = new Set<string>();
    for (const line of lines.filter((l) => l.kind === "retrieval")) {
      const gold = new Map<string, number>(questions.find((q) => q.id === line.query).judgements);
      rank.set(line.query, line.ranking.findIndex(([id]: [string]) => (gold.get(id) ?? 0) > 0) + 1);
      if (!gold.has(line.ranking[0][0])) unjudged.add(line.query);
    }
    const withGold = questions.flatMap((q, i) => (q.judgements.length > 0 ? [[i, rank.get(q.id)!] as const] : []));
    const between = (low: number, high: number) => withGold.filter(([, r]) => r >= low && r <= high).map(([i]) => i);
    expect(found.n).toBe(withGold.length);
    expect(counts(found.ranks)).toEqual([
      ["top", ...between(1, 3)],
      ["rerank", ...between(4, 10)],
      ["missed", ...between(0, 0)],
    ]);
    expect(found.causes[1]!.questions).toEqual(withGold.flatMap(([i]) => (unjudged.has(questions[i].id) ? [i] : [])));
    expect(found.ties[2]).toEqual({
      k: 10,
      share: between(1, 10).length / found.n,
      least: between(1, 10).length / found.n,
      most: between(1, 10).length / found.n,
    });
    expect(found.overlap.k).toBe(5);
    const inGroups = found.overlap.groups.reduce((sum, { success }) => sum + success.n, 0);
    expect(inGroups + found.overlap.unknown).toBe(found.n);
    for (const [i, group] of found.overlap.groups.entries()) {
      expect(group.from).toBeGreaterThan(found.overlap.groups[i - 1]?.to ?? -1);
    }
  });

  it("widens intervals where questions share a document", async () => {
    const [alone, clustered] = [await made({ questions: 200 }), await made({ questions: 200, cluster: "document" })];
    const [a, b] = [alone.found.ranks[0]!.share, clustered.found.ranks[0]!.share];
    expect(b).toMatchObject({ state: "estimated", method: "wilson-clustered" });
    expect(a).toMatchObject({ state: "estimated", method: "wilson" });
  });

  it("survives a run whose questions have no gold, and one that retrieves nothing", async () => {
    const { found } = await made({ questions: 6, question: (q) => ({ ...q, judgements: [] }) });
    expect(found).toMatchObject({ n: 0, withoutGold: 6, ties: [], overlap: { groups: [] } });
    expect(found.ranks[0]!.share.state).toBe("not-estimable");
    expect(diagnosisText(found, { columns: 80, ids: [], named: 5 })).toContain("0 questions with gold");
    const { dir } = await made({ questions: 6 });
    const scores = await readScores(dir);
    expect(await diagnose(dir, { ...scores, manifest: { ...scores.manifest, depth: 0 } })).toBeUndefined();
  });

  it("goes through JSON unchanged", async () => {
    const { found } = await made({ questions: 12 });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});

describe("diagnosisText", () => {
  const ids = ["__proto__", "q\u001b[31m\u202e", ...Array.from({ length: 118 }, (_, i) => `q${i}`)];

  it.each([200, 80, 50])("has no line longer than %d columns", async (columns) => {
    const { found } = await made({ questions: 120 });
    for (const line of diagnosisText(found, { columns, ids, named: 3 }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it("names the first questions of each class, made printable, and how many more there are", async () => {
    const { found } = await made({ questions: 120 });
    const text = diagnosisText(found, { columns: 200, ids, named: 2 });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    const missed = found.ranks.at(-1)!;
    const [first, second] = missed.questions.map((q) => ids[q]);
    expect(text).toContain(`${first}, ${second} and ${missed.questions.length - 2} more`);
    expect(diagnosisText(found, { columns: 200, ids, named: 0 })).not.toContain(" more\n");
  });

  it("says of ties what they could change", async () => {
    const { found } = await made({ questions: 12 });
    const tied = { ...found, ties: [{ k: 1, share: 0.28, least: 0.274, most: 0.301 }] };
    expect(diagnosisText(tied, { columns: 200, ids, named: 0 })).toContain(
      "Gold in the first 1: .280 of the questions; .274 to .301 by the order of equal scores.",
    );
  });
});
