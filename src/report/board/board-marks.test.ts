import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { summarise } from "../summary.ts";
import type { Row } from "../summary-types.ts";
import { makeRun } from "../testing/made-run.ts";
import { besideReference, groupsOf } from "./board-marks.ts";

/** The answers of systems by their skill; those whose names begin with `ref` are points of comparison. */
async function answersOf(skills: Readonly<Record<string, number>>) {
  const folder = await tempFolder();
  const dirs: string[] = [];
  for (const [system, skill] of Object.entries(skills)) {
    const card = system.startsWith("ref") ? { card: { reference: true } } : {};
    const made = { questions: 120, conditions: ["rag@3"], metrics: ["EM"], run: system, system, skill, ...card };
    dirs.push(await makeRun(folder, made));
  }
  return (await summarise(dirs)).suites[0]!.tables[0]!.parts.find(({ kind }) => kind === "answers")!;
}

const nameOf = (row: Row) => row.run.system.id;

describe("besideReference", () => {
  it("is the best of the others where a reference is best, and those that cannot be told from it", async () => {
    const part = await answersOf({ "ref-70b": 1, good: 0.75, alike: 0.75, bad: 0.1 });
    const beside = besideReference(part, 0)!;
    const names = part.rows.map(nameOf);
    const best = Array.from(beside.best, (at) => names[at]);
    expect(best.length).toBeGreaterThan(0);
    expect([...best, ...Array.from(beside.tied, (at) => names[at])].sort()).toEqual(["alike", "good"]);
  });

  it("are several where they have one mean, and none where another row is as good as the reference", async () => {
    const part = await answersOf({ "ref-70b": 1, zero: 0, none: 0 });
    const beside = besideReference(part, 0)!;
    expect(Array.from(beside.best, (at) => nameOf(part.rows[at]!)).sort()).toEqual(["none", "zero"]);
    expect(beside.tied.size).toBe(0);
    expect(besideReference(await answersOf({ "ref-70b": 0, zero: 0 }), 0)).toBeUndefined();
  });

  it("is nothing where the best is no reference, or references are all there is", async () => {
    expect(besideReference(await answersOf({ "ref-70b": 0.2, good: 0.9 }), 0)).toBeUndefined();
    expect(besideReference(await answersOf({ "ref-a": 0.9, "ref-b": 0.2 }), 0)).toBeUndefined();
  });
});

describe("groupsOf", () => {
  it("names neighbours that no test separates, best first, and none that stand alone", async () => {
    const part = await answersOf({ best: 1, good: 0.6, alike: 0.6, bad: 0.05 });
    const groups = groupsOf(part, 0, nameOf);
    expect(groups).toHaveLength(1);
    expect(groups[0]!.split(", ").sort()).toEqual(["alike", "good"]);
    expect(groupsOf(await answersOf({ best: 1, bad: 0.05 }), 0, nameOf)).toEqual([]);
  });

  it("cuts long groups and says how many more there are", async () => {
    const skills = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`s${i}`, 0.5]));
    expect(groupsOf(await answersOf(skills), 0, nameOf)[0]).toMatch(/ and \d+ more$/);
  }, 60_000);
});
