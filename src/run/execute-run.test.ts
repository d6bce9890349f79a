import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SystemFailure, UnavailableError } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import type { LogLine } from "../runlog/index.ts";
import { openRun, readRun, readScores, sampleOf, verifyRun } from "../runlog/index.ts";
import { owner } from "../runlog/testing/made-log.ts";
import type { RunEvent } from "./events.ts";
import { executeRun, exitCodeOf, type RunDeps } from "./execute-run.ts";
import { type PlaceOptions, placeRun } from "./place-run.ts";
import { type MadeOptions, madeSystem, steppingClock } from "./testing/made-system.ts";
import { SUITE, SYSTEM, type TinyProject, tinyProject } from "./testing/tiny-project.ts";

interface Ran {
  readonly system: ReturnType<typeof madeSystem>;
  readonly events: RunEvent[];
  readonly dir: string;
}

/** Runs the tiny suite; fails as `executeRun` does. */
async function run(
  project: TinyProject,
  options: MadeOptions & PlaceOptions & Partial<RunDeps> & { concurrency?: number } = {},
) {
  const { concurrency = 4, resume, fresh, rng, slowMs, before, ...deps } = options;
  const plan = await project.plan();
  const place = await placeRun(project.runs, plan, { ...(resume && { resume }), ...(fresh && { fresh }) });
  const system = madeSystem({ ...(rng && { rng }), ...(slowMs && { slowMs }), ...(before && { before }) });
  const events: RunEvent[] = [];
  const ran: Ran = { system, events, dir: place.dir };
  const store = await project.store();
  try {
    const result = await executeRun(plan, place, {
      system: { ...system, concurrency },
      passages: store,
      clock: steppingClock(),
      signal: new AbortController().signal,
      owner: owner(),
      sleep: async () => undefined,
      onEvent: (event) => events.push(event),
      ...deps,
    });
    return { ...ran, result };
  } finally {
    await store.close();
  }
}

async function linesOf(dir: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of readRun(dir)) lines.push(line);
  return lines;
}

function pick<K extends LogLine["kind"]>(lines: readonly LogLine[], kind: K, query?: string) {
  return lines.filter(
    (l): l is Extract<LogLine, { kind: K }> =>
      l.kind === kind && (query === undefined || ("query" in l && l.query === query)),
  );
}

/** A log without what time and place make different. */
async function timeless(dir: string): Promise<string> {
  const log = await readFile(join(dir, "run.jsonl"), "utf8");
  return log
    .replace(/"timing":\{[^}]*\}/g, '"timing":{}')
    .replace(/"(startedAt|endedAt)":"[^"]*"/g, '"$1":""')
    .replace(/"sha256":"[0-9a-f]{64}"\}\n$/, '"sha256":""}\n');
}

describe("executeRun", () => {
  it("retrieves once per question and answers each condition and trial from that ranking", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const { system, dir, result } = await run(project);
    expect(result).toMatchObject({ state: "complete", done: 81, total: 81, questions: 9, failedQuestions: 0 });
    expect(system.asked.search.sort()).toEqual(["../../x", "__proto__", "none", "q0", "q1", "q2", "q3", "q4", "q5"]);
    expect(system.asked.answer).toHaveLength(9 * 4 * 2);
    expect(await verifyRun(dir)).toEqual([]);

    const lines = await linesOf(dir);
    const [ranked] = pick(lines, "retrieval", "q0");
    expect(ranked!.ranking).toHaveLength(5);
    const ids = ranked!.ranking.map(([id]) => id);
    const context = (condition: string) =>
      pick(lines, "answer", "q0")
        .filter((a) => a.condition === condition)
        .map((a) => a.context);
    expect(context("rag@1")).toEqual([ids.slice(0, 1), ids.slice(0, 1)]);
    expect(context("rag@3")).toEqual([ids.slice(0, 3), ids.slice(0, 3)]);
    expect(context("oracle")[0]).toEqual(["Rhône/length", "Rhône/source"]);
    expect(context("closed-book")[0]).toEqual([]);
    expect(pick(lines, "answer", "none").find((a) => a.condition === "oracle")!.context).toEqual([]);
  });

  it("shows a system the question alone, never its gold", async () => {
    const folder = await tempFolder();
    const { system } = await run(await tinyProject(folder));
    const request = system.asked.answer.find((a) => a.query.id === "q0")!;
    expect(request.query).toEqual({ id: "q0", text: "How long is the Rhône?" });
  });

  it("scores by hand-checked values", async () => {
    const folder = await tempFolder();
    const { dir } = await run(await tinyProject(folder));
    const scores = await readScores(dir);
    const mean = (group: string, metric: string) => {
      const { values } = sampleOf(scores, group, metric)!;
      return [values.length, values.reduce((a, b) => a + b, 0) / values.length];
    };
    // q0 has two relevant passages, of which R@1 can hold one; the five others and ../../x have one, ranked first.
    expect(mean("retrieval", "R@1")).toEqual([7, (0.5 + 6) / 7]);
    expect(mean("rag@1", "EM")).toEqual([9, 7 / 9]);
    expect(mean("closed-book", "RefusalRecall")).toEqual([2, 1]);
    expect(mean("closed-book", "OverRefusal")).toEqual([7, 1]);
    expect(scores.groups.get("closed-book")!.usage).toEqual({ answers: 18, promptTokens: 0, completionTokens: 54 });
    expect([...scores.groups.get("rag@1")!.ms]).toEqual(Array(18).fill(7));
  });

  it("says whether the system or the detector called an answer a refusal", async () => {
    const folder = await tempFolder();
    const lines = await linesOf((await run(await tinyProject(folder))).dir);
    const refused = pick(lines, "answer").filter((a) => a.refused);
    expect(new Set(refused.map((a) => a.refusedBy))).toEqual(new Set(["phrase: I don't know"]));
    expect(pick(lines, "answer", "q0")[0]).toMatchObject({
      refused: false,
      refusedBy: "none",
      raw: "trial 0 under rag@1",
    });
  });

  it("never has more questions in flight than the system takes", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    for (const concurrency of [1, 3]) {
      const { system, events } = await run(project, { concurrency, slowMs: 1, fresh: true });
      expect(system.peak()).toBe(concurrency);
      for (const event of events) if ("inFlight" in event) expect(event.inFlight).toBeLessThanOrEqual(concurrency);
    }
  });

  it("gives the same log for one worker as for many, whatever the order of replies", async () => {
    const folder = await tempFolder();
    const one = await run(await tinyProject(join(folder, "one")), { concurrency: 1 });
    const many = await run(await tinyProject(join(folder, "many")), { concurrency: 9, slowMs: 4, rng: seeded(1) });
    expect(await timeless(many.dir)).toBe(await timeless(one.dir));
  });

  it("tells of its progress", async () => {
    const folder = await tempFolder();
    const { events, dir } = await run(await tinyProject(folder));
    expect(events[0]).toEqual({
      type: "started",
      run: expect.stringMatching(/^tiny-made-/),
      dir,
      done: 0,
      total: 81,
      failed: 0,
      refused: 0,
      inFlight: 0,
      retries: 0,
    });
    const progress = events.filter((e) => e.type === "progress");
    expect(progress).toHaveLength(81);
    const done = progress.map((e) => e.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ done: 81, score: { metric: "EM", mean: expect.closeTo(50 / 72, 9) } });
    expect(progress.at(-1)).toMatchObject({
      // All 18 of closed-book, and the two questions without gold under oracle.
      refused: 18 + 4,
      failed: 0,
      line: { kind: "answer" },
    });
    expect(events.at(-1)).toMatchObject({
      type: "finished",
      state: "complete",
      counts: { retrievals: 9, answers: 72, failures: 0 },
    });
  });
});

describe("a failing system", () => {
  const fail = (retryable: boolean) => new SystemFailure("E_ENDPOINT_HTTP", `500 ${"x".repeat(5000)}`, { retryable });

  it("costs the question its floors under every condition that needs the ranking, and no other", async () => {
    const folder = await tempFolder();
    const { dir, result, system } = await run(await tinyProject(folder), {
      before: (what, query) => {
        if (what === "search" && query.id === "q2") throw fail(false);
      },
    });
    expect(result).toMatchObject({ failedQuestions: 1, counts: { retrievals: 8, answers: 68, failures: 5 } });
    const failures = pick(await linesOf(dir), "failure");
    expect(failures.map((f) => [f.condition, f.trial, f.stage])).toEqual([
      [undefined, 0, "retrieval"],
      ["rag@1", 0, "retrieval"],
      ["rag@1", 1, "retrieval"],
      ["rag@3", 0, "retrieval"],
      ["rag@3", 1, "retrieval"],
    ]);
    expect(failures[0]!.outcomes).toEqual({
      "R@1": { state: "scored", value: 0 },
      "nDCG@5": { state: "scored", value: 0 },
    });
    expect(failures[1]!.outcomes).toMatchObject({
      EM: { state: "scored", value: 0 },
      OverRefusal: { state: "scored", value: 1 },
      RefusalRecall: { state: "unscored", reason: "not-applicable" },
    });
    expect(failures[0]!.message).toHaveLength(1000);
    expect(system.asked.answer.filter((a) => a.query.id === "q2").map((a) => a.condition)).toEqual([
      "oracle",
      "oracle",
      "closed-book",
      "closed-book",
    ]);
    expect(sampleOf(await readScores(dir), "rag@1", "EM")).toMatchObject({ failed: 1, unscored: 0 });
    expect(await verifyRun(dir)).toEqual([]);
  });

  it("is asked again where that may help, and the attempts are counted", async () => {
    const folder = await tempFolder();
    const calls = new Map<string, number>();
    const waits: number[] = [];
    const { dir, events, result } = await run(await tinyProject(folder), {
      sleep: async (ms) => void waits.push(ms),
      before: (what, query, request) => {
        if (what !== "answer" || request?.condition !== "oracle" || request.trial !== 0) return;
        const n = (calls.get(query.id) ?? 0) + 1;
        calls.set(query.id, n);
        if (query.id === "q1" && n < 3) throw fail(true);
        if (query.id === "q3") throw fail(true);
        if (query.id === "q4") throw fail(false);
      },
    });
    expect([calls.get("q1"), calls.get("q3"), calls.get("q4")]).toEqual([3, 3, 1]);
    expect(waits.sort((a, b) => a - b)).toEqual([500, 500, 1000, 1000]);
    const failures = pick(await linesOf(dir), "failure");
    expect(failures.map((f) => [f.query, f.condition, f.attempts, f.code])).toEqual([
      ["q3", "oracle", 3, "E_ENDPOINT_HTTP"],
      ["q4", "oracle", 1, "E_ENDPOINT_HTTP"],
    ]);
    expect(events.filter((e) => e.type === "progress").at(-1)).toMatchObject({ failed: 2, retries: 4 });
    expect(result.failedQuestions).toBe(2);
  });

  it("fails the question whose ranking names a passage that the corpus does not have", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const made = madeSystem();
    const retriever = { search: async () => [[["no such passage", 9] as const]] };
    const { dir } = await run(project, { system: { ...made, retriever, concurrency: 2 } });
    const failures = pick(await linesOf(dir), "failure");
    expect(failures).toHaveLength(9 * 2 * 2);
    expect(failures[0]).toMatchObject({ stage: "answer", code: "E_PASSAGE_UNKNOWN" });
  });

  it("stops at a defect with everything finished in the log, and goes on from there", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    let broken = true;
    const before: MadeOptions["before"] = (_, query) => {
      if (broken && query.id === "q4") throw new RangeError("bug");
    };
    await expect(run(project, { before })).rejects.toThrow("bug");
    broken = false;
    await expect(run(project)).rejects.toMatchObject({ code: "E_RUN_INTERRUPTED" });
    const { result, dir, system } = await run(project, { before, resume: true });
    expect(result.state).toBe("complete");
    expect(system.asked.search.length + system.asked.answer.length).toBeLessThan(81);
    const whole = await run(await tinyProject(join(folder, "whole")));
    expect(await timeless(dir)).toBe(await timeless(whole.dir));
  });

  it("leaves no run behind where an endpoint is not there before the first question", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const down = new UnavailableError([{ code: "E_ENDPOINT_DOWN", where: "", expected: "", got: "", fix: "" }]);
    const preflight = async () => {
      throw down;
    };
    const system = { ...madeSystem(), concurrency: 1, preflight };
    await expect(run(project, { system })).rejects.toBe(down);
    expect(await readdir(folder)).not.toContain("runs");
  });
});

describe("an aborted run", () => {
  it("asks nothing more, keeps what is finished, and ends as the uninterrupted one when resumed", async () => {
    const folder = await tempFolder();
    const whole = await run(await tinyProject(join(folder, "whole")));
    for (const after of [1, 2, 17, 40, 70, 81]) {
      const project = await tinyProject(join(folder, `r${after}`));
      const control = new AbortController();
      let seen = 0;
      const onEvent = (event: RunEvent) => {
        if (event.type === "progress" && ++seen === after) control.abort();
      };
      const first = await run(project, { signal: control.signal, onEvent, slowMs: 1, rng: seeded(after) });
      if (after < 81) {
        expect(first.result.state).toBe("interrupted");
        expect(exitCodeOf(first.result, 1)).toBe(130);
        // Four under way and four not yet written.
        expect(first.result.done).toBeLessThan(after + 8);
        expect((await openRun(first.dir)).state).toBe("interrupted");
        expect(await verifyRun(first.dir)).toEqual([]);
        const second = await run(project, { resume: true });
        expect(second.events[0]).toMatchObject({ type: "started", done: first.result.done, total: 81 });
        const again = second.events.filter((e) => e.type === "progress").length;
        expect(first.result.done + again).toBe(81);
      }
      expect(await timeless(first.dir)).toBe(await timeless(whole.dir));
    }
  });

  it("does not take a cut-off call for a failure of the system", async () => {
    const folder = await tempFolder();
    const control = new AbortController();
    const made = madeSystem();
    const generator = {
      answer: async (_: unknown, signal: AbortSignal): Promise<never> => {
        control.abort();
        expect(signal.aborted).toBe(true);
        throw new SystemFailure("E_ABORTED", "cut off", { retryable: true });
      },
    };
    const { dir } = await run(await tinyProject(folder), {
      signal: control.signal,
      system: { retriever: made.retriever, generator, concurrency: 1 },
    });
    expect(pick(await linesOf(dir), "failure")).toEqual([]);
  });

  it("keeps an answer that came although the run was aborted", async () => {
    const folder = await tempFolder();
    const control = new AbortController();
    const made = madeSystem();
    const generator = {
      answer: async (request: Parameters<typeof made.generator.answer>[0]) => {
        control.abort();
        return made.generator.answer(request, new AbortController().signal);
      },
    };
    const { result } = await run(await tinyProject(folder), {
      signal: control.signal,
      system: { retriever: made.retriever, generator, concurrency: 1 },
    });
    expect(result).toMatchObject({ state: "interrupted", counts: { retrievals: 1, answers: 1, failures: 0 } });
  });
});

describe("systems of one part", () => {
  it("runs a retriever alone", async () => {
    const folder = await tempFolder();
    const suite = SUITE.replace(", EM, F1, OverRefusal, RefusalRecall", "");
    const project = await tinyProject(folder, suite, "retriever: { kind: bm25 }\n");
    const { retriever } = madeSystem();
    const { dir, result } = await run(project, { system: { retriever, concurrency: 2 } });
    expect(result.counts).toEqual({ retrievals: 9, answers: 0, failures: 0 });
    expect([...(await readScores(dir)).groups.keys()]).toEqual(["retrieval"]);
  });

  it("runs a generator alone", async () => {
    const folder = await tempFolder();
    const suite = SUITE.replace("R@1, nDCG@5, ", "").replace("rag@1, rag@3, ", "");
    const project = await tinyProject(folder, suite, "generator: { kind: reader }\n");
    const { generator } = madeSystem();
    const { dir, result } = await run(project, { system: { generator, concurrency: 2 } });
    expect(result.counts).toEqual({ retrievals: 0, answers: 36, failures: 0 });
    expect([...(await readScores(dir)).groups.keys()]).toEqual(["oracle", "closed-book"]);
  });

  it("gives a replayed ranking no latency", async () => {
    const folder = await tempFolder();
    const system = SYSTEM.replace("{ kind: bm25 }", "{ kind: replay, file: bm25.run }");
    const project = await tinyProject(folder, SUITE, system);
    await writeFile(join(folder, "benchmarks", "systems", "bm25.run"), "q0 Q0 Rhône/length 1 2.5 bm25\n");
    const { dir } = await run(project);
    expect(pick(await linesOf(dir), "retrieval")[0]!.timing.source).toBe("replayed");
    expect((await readScores(dir)).groups.get("retrieval")!.ms).toHaveLength(0);
  });
});

describe("exitCodeOf", () => {
  it.each([
    [0, 0, 0],
    [1, 0, 4],
    [1, 0.1, 0],
    [2, 0.1, 4],
    [10, 1, 0],
  ])("%i of 10 questions failed where %f may gives %i", (failedQuestions, allowed, code) => {
    expect(exitCodeOf({ state: "complete", questions: 10, failedQuestions }, allowed)).toBe(code);
  });

  it("says interrupted before anything else", () => {
    expect(exitCodeOf({ state: "interrupted", questions: 10, failedQuestions: 10 }, 0)).toBe(130);
  });
});
