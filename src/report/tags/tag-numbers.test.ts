import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readScores } from "../../runlog/index.ts";
import { questionColumns } from "../questions/question-columns.ts";
import { makeRun } from "../testing/made-run.ts";
import { BOARD_TAGS, tagNumbers } from "./tag-numbers.ts";

const made = { run: "r", system: "s", skill: 0.7, questions: 60, conditions: ["rag@3"], metrics: ["R@4", "EM"] };

async function numbersOf(changes: Partial<Parameters<typeof makeRun>[1]> = {}) {
  const dir = await makeRun(await tempFolder(), { ...made, ...changes });
  const scores = await readScores(dir);
  return { scores, numbers: tagNumbers(scores, (await questionColumns(dir)).tags) };
}

describe("tagNumbers", () => {
  it("has for each tag and group the mean over its questions, which together give the whole", async () => {
    const { scores, numbers } = await numbersOf();
    expect(numbers!.tags.map(([tag]) => tag).sort()).toEqual(["lookup", "numeric"]);
    const means = numbers!.tags.map(([, groups]) => groups.find(({ name }) => name === "rag@3")!);
    expect(means.map(({ n }) => n)).toEqual([30, 30]);
    const { values, states } = scores.groups.get("rag@3")!.metrics.get("EM")!;
    for (const [tag, groups] of numbers!.tags) {
      const [, mean, number, interval] = groups
        .find(({ name }) => name === "rag@3")!
        .metrics.find(([metric]) => metric === "EM")!;
      const own = Array.from(values.keys()).filter((i) => states[i] === 1 && (i % 2 === 0) === (tag === "lookup"));
      expect(mean).toBeCloseTo(own.reduce((sum, i) => sum + values[i]!, 0) / own.length, 12);
      expect(number).toMatch(/^\.\d{3}$/);
      expect(interval).toMatch(/^\[.+, .+\]$/);
    }
  });

  it("counts failed and refused questions of the tag alone", async () => {
    const { numbers } = await numbersOf({ failAt: [0, 2, 5] });
    const failed = new Map(
      numbers!.tags.map(([tag, groups]) => [tag, groups.find(({ name }) => name === "rag@3")!.failed]),
    );
    expect(failed).toEqual(
      new Map([
        ["lookup", 2],
        ["numeric", 1],
      ]),
    );
  });

  it("has the most frequent tags only, whatever they are called, and nothing where there are none", async () => {
    const many = await numbersOf({
      question: (q, i) => ({ ...q, tags: ["__proto__", `t${i}`, ...(i % 2 === 0 ? ["constructor"] : [])] }),
    });
    expect(many.numbers!.tags).toHaveLength(BOARD_TAGS);
    expect(many.numbers!.tags.slice(0, 2).map(([tag]) => tag)).toEqual(["__proto__", "constructor"]);
    expect((await numbersOf({ question: ({ tags, ...q }) => q })).numbers).toBeUndefined();
  });
});
