import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadJudge, type PeopleJudge, projectAt } from "../../config/index.ts";
import type { DataError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun } from "../../runlog/index.ts";
import { allLines, writeRun } from "../../runlog/testing/made-log.ts";
import { krippendorffAlpha, tallyGrades } from "../../stats/index.ts";
import { readPeopleVotes } from "./people-votes.ts";

const YAML = `kind: people
criteria:
  - id: correct
    question: Is it right?
    scale: { 0: "no", 1: "half", 2: "yes" }
  - id: clear
    question: Is it clear?
    scale: { 0: "no", 1: "yes" }
labels: [l.jsonl]
`;

interface Row {
  readonly query?: string;
  readonly condition?: string;
  readonly trial?: number;
  readonly system?: string;
  readonly question?: string;
  readonly answer?: string;
  readonly rater?: string;
  readonly criterion?: string;
  readonly score: number;
}

/** What is said of the made run: its system is `made`. */
async function votes(rows: readonly Row[], yaml = YAML) {
  const root = await tempFolder({
    "judges/p/judge.yaml": yaml,
    "judges/p/l.jsonl": rows
      .map((row) => `${JSON.stringify({ rater: "anna", criterion: "correct", ...row })}\n`)
      .join(""),
  });
  const dir = join(root, "run");
  await writeRun(dir);
  const judge = (await loadJudge(projectAt(root), "p", {})) as PeopleJudge;
  const run = await openRun(dir);
  const read = await readPeopleVotes(run, judge);
  const request = (query: string, condition: string, trial: number) => ({
    ...{ query: { id: query, text: "" }, answer: "", passages: [], goldPassages: [], repeat: 0 },
    ...{ condition, trial },
  });
  return {
    read,
    system: run.manifest.system.id,
    of: (query: string, condition: string, trial = 0) =>
      read.grader.grade(request(query, condition, trial), new AbortController().signal),
    labelled: (query: string, condition: string, trial = 0) => read.labelled(request(query, condition, trial)),
    agreement: () => read.agreement({ level: 0.95, resamples: 99, rng: seeded("a") }),
  };
}

const [FIRST] = allLines().flatMap((line) => (line.kind === "answer" ? [line] : []));
const place = { query: FIRST!.query, condition: FIRST!.condition, trial: FIRST!.trial };
const at = [place.query, place.condition, place.trial] as const;
const system = "made";

describe("readPeopleVotes", () => {
  it("takes the middle of several labels, the lower of two, and says who said what", async () => {
    const three = await votes([0, 2, 2].map((score, i) => ({ ...place, system, rater: `r${i}`, score })));
    expect(await three.of(...at)).toMatchObject({ ok: true, reason: "correct: r0 0, r1 2, r2 2", asked: 0 });
    const scores = async (labels: readonly number[], yaml = YAML) => {
      const said = await (
        await votes(
          labels.map((score, i) => ({ ...place, system, rater: `r${i}`, score })),
          yaml,
        )
      ).of(...at);
      return said.ok ? Object.fromEntries(said.scores) : said.code;
    };
    expect(await scores([0, 2, 2])).toEqual({ correct: 2 });
    expect(await scores([1])).toEqual({ correct: 1 });
    expect(await scores([0, 2])).toEqual({ correct: 0 });
    const majority = `${YAML}vote: majority\n`;
    expect(await scores([0, 2, 2], majority)).toEqual({ correct: 2 });
    expect(await scores([0, 2], majority)).toBe("E_PEOPLE_SPLIT");
    expect(await scores([0, 1, 2], majority)).toBe("E_PEOPLE_SPLIT");
  });

  it("keeps the criteria apart: one that nobody labelled has no score", async () => {
    const { of } = await votes([
      { ...place, system, score: 2 },
      { ...place, system, criterion: "clear", rater: "ben", score: 0 },
      { ...place, trial: 1, system, criterion: "clear", score: 1 },
    ]);
    const [both, one] = [await of(...at), await of(place.query, place.condition, 1)];
    expect(both.ok && Object.fromEntries(both.scores)).toEqual({ correct: 2, clear: 0 });
    expect(one.ok && Object.fromEntries(one.scores)).toEqual({ clear: 1 });
    expect(both).toMatchObject({ reason: "correct: anna 2; clear: ben 0" });
  });

  it("knows which answers nobody labelled", async () => {
    const { labelled } = await votes([{ ...place, system, score: 2 }]);
    expect([labelled(...at), labelled(place.query, place.condition, 1)]).toEqual([true, false]);
  });

  it("takes labels of an answer's text, in every place that has it", async () => {
    const { read, labelled } = await votes([
      { query: place.query, answer: FIRST!.text, score: 2 },
      { query: place.query, answer: "another answer", score: 0 },
    ]);
    const same = allLines().filter(
      (line) => line.kind === "answer" && line.query === place.query && line.text === FIRST!.text,
    );
    expect(same.length).toBeGreaterThan(0);
    for (const line of same)
      if (line.kind === "answer") expect(labelled(line.query, line.condition, line.trial)).toBe(true);
    expect(read.notes.map(({ got }) => got)).toContain("1 row of other answers");
  });

  it("refuses a label of a place that does not name the system: it would be of every run", async () => {
    const failing = votes([{ ...place, score: 2 }]);
    const error = (await failing.catch((thrown: unknown) => thrown)) as DataError;
    expect(error.problems.map(({ code, got }) => [code, got])).toEqual([
      ["E_LABEL_NONE", "labels of answers whose system is not named alone"],
    ]);
    const other = (await votes([{ ...place, system: "b", score: 2 }]).catch((thrown: unknown) => thrown)) as DataError;
    expect(other.problems[0]!.got).toBe('labels of "b" alone');
  });

  it("says how far people agree where two or more labelled, and that one person cannot disagree", async () => {
    const scores = [[0, 0], [2, 2], [1, 2]] as const; // biome-ignore format: a row
    const places = allLines()
      .flatMap((line) => (line.kind === "answer" ? [line] : []))
      .slice(0, 3);
    const rows = scores.flatMap((pair, i) => {
      const { query, condition, trial } = places[i]!;
      return pair.map((score, rater) => ({ query, condition, trial, system, rater: `r${rater}`, score }));
    });
    const { agreement } = await votes(rows);
    const [correct, clear] = agreement().agreement;
    const columns = [0, 1].map((rater) => scores.map((pair) => pair[rater]));
    const alpha = krippendorffAlpha(tallyGrades(columns, [0, 1, 2]), "ordinal");
    expect(agreement()).toMatchObject({ raters: 2, files: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
    expect(correct).toMatchObject({ criterion: "correct", alpha: { value: "value" in alpha ? alpha.value : 0, n: 3 } });
    expect(clear).toMatchObject({ criterion: "clear", alpha: { reason: "one person labelled" } });
  });
});
