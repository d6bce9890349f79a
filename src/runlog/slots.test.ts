import { describe, expect, it } from "vitest";
import { groupOf, Slots } from "./slots.ts";
import { allLines, failure, manifest, questions } from "./testing/made-log.ts";

const ids = questions.map((q) => q.id);

describe("Slots", () => {
  it("numbers results by question, retrieval before answers, conditions and trials in the plan's order", () => {
    const slots = new Slots(ids, manifest());
    expect(slots.size).toBe(3 * (1 + 2 * 2));
    expect(allLines().map((line) => slots.slotOfLine(line))).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(slots.slotOf("__proto__", "rag@2", 1)).toBe(5 + 1 + 1);
  });

  it("has no retrieval for a system without a retriever, and no answers for one that only retrieves", () => {
    expect(new Slots(ids, manifest({ depth: 0 })).groups.map((g) => g.name)).toEqual(["rag@2", "closed-book"]);
    expect(new Slots(ids, manifest({ conditions: [] })).size).toBe(3);
  });

  it.each([
    ["a question of no plan", "nobody", "rag@2", 0],
    ["an inherited name", "constructor", "rag@2", 0],
    ["a condition of no plan", "../../x", "rag@3", 0],
    ["a trial too many", "../../x", "rag@2", 2],
    ["a second trial of retrieval", "../../x", "retrieval", 1],
  ])("has no slot for %s", (_, query, group, trial) => {
    expect(new Slots(ids, manifest()).slotOf(query, group, trial)).toBeUndefined();
  });

  it("puts a failure without condition in the place of its retrieval", () => {
    expect(groupOf(failure("q", { stage: "retrieval" }))).toBe("retrieval");
    expect(groupOf(failure("q", { stage: "retrieval", condition: "rag@2" }))).toBe("rag@2");
  });

  it("names a slot in words", () => {
    expect(new Slots(ids, manifest()).describe(9)).toBe('question "__proto__", closed-book, trial 1');
  });
});
