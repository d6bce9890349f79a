import { describe, expect, it } from "vitest";
import { judgingLines, judgingText, type RefusalJudged, refusedText } from "./judging-text.ts";

const DONE: RefusalJudged = { judge: "declines", notJudged: 0, noVerdict: 0, others: [] };
type RowLike = Parameters<typeof refusedText>[0];

describe("what is said of a judge that decides about refusals", () => {
  it("counts refusals, and apart from them what nobody knows yet", () => {
    expect(refusedText({ refused: 12 } as RowLike)).toBe("12");
    expect(refusedText({ refused: 3, notJudged: 2, noVerdict: 1 } as RowLike)).toBe("3, 2 not judged, 1 no verdict");
    expect(refusedText({ refused: 0, notJudged: 0, noVerdict: 0 } as RowLike)).toBe("0");
  });

  it("is nothing where the judge has decided about all", () => {
    expect(judgingText("r", DONE)).toEqual([]);
  });

  it("names what is missing with the next command, and grades that do not count", () => {
    const [open, other] = judgingText("r", {
      ...DONE,
      notJudged: 4,
      command: "bench judge run",
      others: ["aaaa", "bbbb"],
    });
    expect(open).toBe(
      "r: answers whose refusal is unknown, by the judge declines: 4 not judged; they are in no figure that depends on it; next: bench judge run",
    );
    expect(other).toContain("grades by another version of declines (aaaa, bbbb) do not decide");
    expect(judgingText("r", { ...DONE, noVerdict: 1 }).join()).not.toContain("next");
  });

  it("is said once of a run, whatever the number of its rows", () => {
    const row = (run: string, refusals?: RefusalJudged) => ({ run: { run }, refusals }) as RowLike;
    const open = { ...DONE, noVerdict: 1 };
    expect(judgingLines([row("r", open), row("r", open), row("s")])).toHaveLength(1);
  });
});
