import { describe, expect, it } from "vitest";
import type { ResultLine } from "../../runlog/index.ts";
import { Pilot } from "./pilot.ts";

function answer(query: string, ms: number, more: Record<string, unknown> = {}): ResultLine {
  const usage = { promptTokens: 90, completionTokens: 10 };
  return { kind: "answer", query, usage, timing: { ms, source: "measured" }, ...more } as unknown as ResultLine;
}

function pilot(...lines: readonly ResultLine[]): Pilot {
  const made = new Pilot();
  for (const line of lines) made.add(line);
  return made;
}

describe("Pilot", () => {
  it("gives all questions the mean of those asked, with the interval of Student's t", () => {
    // Means 1 s and 3 s: mean 2, standard error 1, t of one degree of freedom 12.706.
    const text = pilot(answer("a", 1000), answer("b", 3000)).describe({ questions: 100, concurrency: 10 });
    expect(text).toBe(
      "pilot: all 100 questions would take time 20 s [0 s to 2:27] with 10 at once, tokens 10,000 [10,000 to 10,000] (from 2; 95 % intervals)",
    );
  });

  it("sums what a question takes under all conditions and trials, its retrieval too", () => {
    const retrieval = {
      kind: "retrieval",
      query: "a",
      timing: { ms: 500, source: "measured" },
    } as unknown as ResultLine;
    const text = pilot(retrieval, answer("a", 1000), answer("a", 1500)).describe({ questions: 10, concurrency: 1 });
    expect(text).toBe(
      "pilot: all 10 questions would take time 30 s with 1 at once, tokens 2,000 (from 1; no interval from one question)",
    );
  });

  it("takes as long as the budgets ask for where that is longer, and tells the cost where answers do", () => {
    const lines = ["a", "b"].map((id) => answer(id, 10, { cost: { usd: 0.02 } }));
    const full = { questions: 600, concurrency: 64, rate: { rpm: 60, tpm: 20_000 } };
    const text = pilot(...lines).describe(full);
    expect(text).toMatch(/time 10:00 \[10:00 to 10:00\].*cost 12\.00 USD \[12\.00 USD to 12\.00 USD\]/);
  });

  it("learns nothing from failures and from answers out of a cache", () => {
    const cached = answer("a", 0, { timing: { ms: 0, source: "cached" } });
    const failure = { kind: "failure", query: "b" } as unknown as ResultLine;
    expect(pilot(cached, failure).describe({ questions: 10, concurrency: 1 })).toBeUndefined();
  });

  it("says no tokens where a server reports none", () => {
    const text = pilot(answer("a", 10), answer("b", 10, { usage: undefined })).describe({
      questions: 10,
      concurrency: 1,
    });
    expect(text).not.toContain("tokens");
  });
});
