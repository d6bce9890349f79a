import { describe, expect, it } from "vitest";
import { answeredRun } from "../../report/testing/answered-run.ts";
import { readRun } from "../../runlog/index.ts";
import { AnswersAtHand } from "./answers-at-hand.ts";

const IDS = ["a", "__proto__", "../../x", "constructor", "q 1\tq"];

describe("AnswersAtHand", () => {
  it("finds every answer that reading the whole run finds, in any order, and no other", async () => {
    const conditions = ["rag@2", "oracle"];
    const became = ["1/0/1", "refused", "failed", "0/1/0", "1"];
    const questions = IDS.map((id, i) => [id, { "rag@2": became[i]!, oracle: became[4 - i]! }] as const);
    const dir = await answeredRun(Object.fromEntries(questions), conditions, 3);
    const known = new Map<string, { text: string; refused: boolean }>();
    for await (const line of readRun(dir))
      if (line.kind === "answer")
        known.set(`${line.query} ${line.condition} ${line.trial}`, { text: line.text, refused: line.refused === true });
    const answers = await AnswersAtHand.open(dir);
    const places = IDS.flatMap((query) =>
      [...conditions, "closed-book"].flatMap((condition) => [0, 1, 2, 3].map((trial) => ({ query, condition, trial }))),
    );
    for (const place of [...places, ...places.toReversed()])
      expect(await answers.of(place)).toEqual(known.get(`${place.query} ${place.condition} ${place.trial}`));
    expect(known.size).toBeGreaterThan(15);
    expect(await answers.of({ query: "toString", condition: "oracle", trial: 0 })).toBeUndefined();
    await answers.close();
  });
});
