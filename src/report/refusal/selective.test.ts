import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readScores } from "../../runlog/index.ts";
import { makeRun } from "../testing/made-run.ts";
import { answersUnder } from "./answers-of-run.ts";
import { MOST_POINTS, selectiveAnswering } from "./selective.ts";
import { selectiveView } from "./selective-view.ts";

/** A run whose answers carry a confidence: what `sure` says of its EM. */
async function confidentRun(sure: (em: number | undefined, at: number) => number | undefined, questions = 60) {
  const made = { run: "r", system: "s", skill: 0.6, metrics: ["EM"], conditions: ["rag@3"], questions };
  const dir = await makeRun(await tempFolder(), made);
  const file = join(dir, "run.jsonl");
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const changed = lines.map((text, at) => {
    const line = JSON.parse(text);
    if (line.kind !== "answer") return text;
    return JSON.stringify({ ...line, confidence: sure(line.outcomes.EM?.value, at) });
  });
  await writeFile(file, `${changed.join("\n")}\n`);
  return dir;
}

describe("selectiveAnswering", () => {
  it("an order as good as it can be has the perfect area, one that says nothing the plain risk", async () => {
    const perfect = await confidentRun((em) => em ?? 0);
    const [best] = await selectiveAnswering(perfect, await readScores(perfect));
    if (best?.aurc.state !== "estimated") throw new Error("estimable");
    expect(best).toMatchObject({ condition: "rag@3", right: { metric: "EM", from: 0.5 } });
    expect(best.aurc.mean).toBeCloseTo(best.perfect, 2);
    expect(best.perfect).toBeLessThan(best.uninformed);
    const flat = await confidentRun(() => 0.5);
    const [none] = await selectiveAnswering(flat, await readScores(flat));
    if (none?.aurc.state !== "estimated") throw new Error("estimable");
    expect(none.aurc.mean).toBeCloseTo(none.uninformed, 12);
    expect(none.curve).toEqual([{ threshold: 0.5, coverage: 1, risk: none.uninformed }]);
  });

  it("looks at answers given with a confidence; an answer to an unanswerable question is wrong", async () => {
    const dir = await confidentRun((_em, at) => (at % 2 === 0 ? at : undefined));
    const scores = await readScores(dir);
    const answers = await answersUnder(dir, "rag@3", { metric: "EM", from: 1 });
    const used = answers.filter(({ state, confidence }) => state === "answered" && confidence !== undefined);
    const [found] = await selectiveAnswering(dir, scores);
    expect(found!.aurc.n).toBe(used.length);
    const wrongly = answers.filter(({ answerable, state }) => !answerable && state === "answered");
    expect(wrongly.length).toBeGreaterThan(0);
    expect(wrongly.every(({ value }) => value === 0)).toBe(true);
  });

  it("is absent where no answer carries a confidence", async () => {
    const dir = await confidentRun(() => undefined);
    expect(await selectiveAnswering(dir, await readScores(dir))).toEqual([]);
    expect(selectiveView([])).toBeUndefined();
  });

  it("a long curve is thinned for the page and keeps both ends", async () => {
    const dir = await confidentRun((_em, at) => at, 500);
    const [found] = await selectiveAnswering(dir, await readScores(dir));
    expect(found!.curve.length).toBe(MOST_POINTS);
    expect(found!.curve.at(-1)!.coverage).toBe(1);
    expect(found!.curve[0]!.coverage).toBeCloseTo(1 / found!.aurc.n, 12);
    const { rows, chart } = selectiveView([found!])!;
    expect(rows).toEqual([expect.objectContaining({ number: expect.stringMatching(/^\.\d{3}$/) })]);
    const [line] = chart!.series;
    expect(line).toMatchObject({ name: "rag@3", steps: true });
    expect(line!.points.length).toBeLessThanOrEqual(40);
    expect(line!.points.at(-1)).toEqual({ x: 1, y: found!.curve.at(-1)!.risk });
  });
});
