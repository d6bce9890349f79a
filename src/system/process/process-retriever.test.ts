import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ProcessConfig } from "../../config/retriever-schema.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { BuiltSystem, SystemDeps } from "../build-system.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { OUTSIDE } from "../testing/outside-corpus.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const SCRIPT = fileURLToPath(new URL("../../../fixtures/endpoints/line-retriever.mjs", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../../benchmarks/systems/examples/bm25_process.py", import.meta.url));
const SECRET = "key-SECRET0123456789abcdef";
const PLANTED = { PATH: process.env.PATH, PLANTED: SECRET };
const signal = new AbortController().signal;
const QUERY = { id: "q", text: "ranking of passages" };
const FAULT = { id: "f", text: "fault of passages" };

const open: BuiltSystem[] = [];
afterEach(async () => {
  for (const system of open.splice(0)) await system.close();
});

async function build(args: readonly string[], more: Partial<ProcessConfig> = {}, deps: Partial<SystemDeps> = {}) {
  const config: ProcessConfig = {
    kind: "process",
    command: [process.execPath, SCRIPT, ...args],
    env: ["PLANTED"],
    start_timeout_s: 20,
    timeout_s: 20,
    restarts: 2,
    concurrency: 4,
    ...more,
  };
  const system = await buildForTest(systemOf({ retriever: config }, { file: SCRIPT }), OUTSIDE, {
    env: PLANTED,
    ...deps,
  });
  open.push(system);
  return system;
}
const failure = async (system: BuiltSystem, query = FAULT): Promise<SystemFailure> => {
  const error: unknown = await system.retriever!.search([query], 2, signal).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(SystemFailure);
  const { message, stack } = error as SystemFailure;
  expect(`${message}${stack}${JSON.stringify(error)}`).not.toMatch(/SECRET|456789|[\u0007\u001b]/);
  return error as SystemFailure;
};

describeRetriever("process", async () => (await build([])).retriever!);

describe("a process", () => {
  it("answers many questions at once, each its own", async () => {
    const system = await build([]);
    const queries = OUTSIDE.map(({ id, text }) => ({ id, text }));
    const rankings = await system.retriever!.search(queries, 1, signal);
    expect(rankings.map((ranking) => ranking[0]![0])).toEqual(queries.map(({ id }) => id));
    expect(system.notes()).toEqual([]);
  });

  it("gets the variables that the system file names, and no others", async () => {
    const system = await build(["env"], {}, { env: { ...PLANTED, OTHER_KEY: "other" } });
    await system.preflight(signal);
    const crashed = await build(["crash-at-start"], { env: [] }, { env: { ...PLANTED, OTHER_KEY: "other" } });
    expect((await failure(crashed)).message).toContain("for undefined");
  });

  it("that needs a variable which is not set is a problem", async () => {
    await expect(build([], { env: ["NO_SUCH"] })).rejects.toThrow("the environment variable NO_SUCH");
  });

  it("that dies in the middle fails the questions it had, and is started again for the next", async () => {
    const system = await build(["crash"]);
    const error = await failure(system);
    expect(error).toMatchObject({ code: "E_PROCESS_CRASH", retryable: true });
    expect(error.message).toMatch(/ended with code 1; stderr ends in: …x+ Traceback: out of memory, key \[redacted\]/);
    expect(error.message.length).toBeLessThan(800);
    const [ranking] = await system.retriever!.search([QUERY], 1, signal);
    expect(ranking![0]![0]).toBe("p1");
    expect(system.notes()).toEqual([expect.stringContaining("started again 1 times")]);
  });

  it("that dies again and again is started no more than `restarts` says", async () => {
    const system = await build(["silent-exit"], { restarts: 1 });
    expect(await failure(system)).toMatchObject({ code: "E_PROCESS_CRASH", retryable: true });
    expect(await failure(system)).toMatchObject({ code: "E_PROCESS_CRASH", retryable: false });
    expect(await failure(system, QUERY)).toMatchObject({ code: "E_PROCESS_CRASH", retryable: false });
  });

  it("that dies takes all its questions with it, and each fails once", async () => {
    const system = await build(["crash"], { restarts: 5 });
    const searches = [FAULT, FAULT, FAULT].map((query) => failure(system, query));
    for (const error of await Promise.all(searches)) expect(error.code).toBe("E_PROCESS_CRASH");
    await expect(system.retriever!.search([QUERY], 1, signal)).resolves.toHaveLength(1);
  });

  it("that hangs is ended when its time is up, and started again", async () => {
    const folder = await tempFolder();
    const system = await build(["hang", join(folder, "once")], { timeout_s: 0.3 });
    expect(await failure(system)).toMatchObject({ code: "E_PROCESS_TIMEOUT", retryable: true });
    expect(await system.retriever!.search([FAULT], 1, signal)).toHaveLength(1);
  });

  it.each([
    ["garbage", "wrote to stdout what is no answer"],
    ["bad-id", "wrote to stdout what is no answer"],
    ["flood", "a line of more than 16777216 characters"],
  ])("that writes %s fails the question and is started again", async (fault, words) => {
    const folder = await tempFolder();
    const system = await build([fault, join(folder, "once")]);
    const error = await failure(system);
    expect(error.code).toBe("E_PROCESS_REPLY");
    expect(error.message).toContain(words);
    expect(await system.retriever!.search([FAULT], 1, signal)).toHaveLength(1);
  });

  it.each([
    ["no-hits", "E_PROCESS_REPLY", "without a list of hits"],
    ["error", "E_PROCESS_ERROR", "no index for [redacted]"],
    ['{"hits":[{"id":7}]}', "E_PROCESS_REPLY", "7 in hits/0/id"],
    ['{"hits":[{}]}', "E_PROCESS_REPLY", "neither id nor text in hits/0"],
    ['{"hits":[null]}', "E_PROCESS_REPLY", "neither id nor text in hits/0"],
    ['{"hits":[{"id":"a","score":"1"}]}', "E_PROCESS_REPLY", '"1" in hits/0/score'],
    ['{"hits":[{"id":"a","score":1},{"id":"b"}]}', "E_PROCESS_REPLY", "scores for 1 of 2 hits"],
  ])("that replies %s fails that question alone and goes on", async (fault, code, words) => {
    const system = await build([fault], { restarts: 0 });
    const error = await failure(system);
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(words);
    await expect(system.retriever!.search([QUERY], 1, signal)).resolves.toHaveLength(1);
  });

  it("may return texts instead of ids, and passages that the corpus does not have", async () => {
    const system = await build(['{"hits":[{"text":"scores ARE sums of weights."},{"id":"p9"}]}']);
    const [ranking] = await system.retriever!.search([FAULT], 5, signal);
    expect(ranking).toEqual([
      ["p2", 1],
      [expect.stringMatching(/^unknown:/), 1 / 2],
    ]);
    expect(system.notes().join("\n")).toContain('1 of 2 returned passages are not in the corpus, such as "p9"');
  });

  it("answers a question that nobody waits for any more without harm", async () => {
    const system = await build(["slow"], { restarts: 0 });
    const controller = new AbortController();
    await system.preflight(signal);
    const call = system.retriever!.search([FAULT], 1, controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 20);
    await expect(call).rejects.toThrow("interrupted");
    await new Promise((resolve) => setTimeout(resolve, 150));
    await expect(system.retriever!.search([QUERY], 1, signal)).resolves.toHaveLength(1);
  });
});

describe("before the first question", () => {
  it.each([
    ["that crashes at its start", ["crash-at-start"], {}, "ended with code 3; stderr ends in: started with [redacted]"],
    ["that never gets ready", ["never-ready"], { start_timeout_s: 0.3 }, 'did not write {"ready": true} within 0.3 s'],
    ["that writes something else first", ["early-garbage"], {}, '"Loading model ..."'],
    ["that does not exist", [], { command: ["no-such-program-here"] }, "cannot be started: ENOENT"],
  ])("a process %s is found", async (_title, args, more, words) => {
    const system = await build(args, more);
    const error: unknown = await system.preflight(signal).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toContain("SECRET");
  });
});

describe("the end of a run", () => {
  const running = (marker: string): boolean =>
    execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(marker);
  const gone = async (marker: string): Promise<boolean> => {
    for (let n = 0; n < 60 && running(marker); n += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    return !running(marker);
  };

  it("ends the process, also one that ignores it", async () => {
    const marker = `marker-${Math.random()}`;
    const system = await build(["ignore-eof", marker]);
    await system.preflight(signal);
    expect(running(marker)).toBe(true);
    await system.close();
    expect(await gone(marker)).toBe(true);
    await expect(system.retriever!.search([QUERY], 1, signal)).rejects.toThrow();
  });

  it("by an abort ends the process too", async () => {
    const marker = join(await tempFolder(), `marker-${Math.random()}`);
    const controller = new AbortController();
    const system = await build(["hang", marker], {}, { signal: controller.signal });
    const call = system.retriever!.search([FAULT], 1, controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 300);
    await expect(call).rejects.toThrow("interrupted");
    expect(await gone(marker)).toBe(true);
  });
});

const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path));
describe.skipIf(!python)("the example in Python", () => {
  it("ranks a corpus as BM25 does", async () => {
    const folder = await tempFolder({
      "corpus.jsonl": OUTSIDE.map(({ id, title, text }) =>
        JSON.stringify({ _id: id, ...(title && { title }), text }),
      ).join("\n"),
    });
    const command = [python!, EXAMPLE, join(folder, "corpus.jsonl")];
    const system = await build([], { command, env: [], concurrency: 1 });
    const [ranking, none] = await system.retriever!.search(
      [
        { id: "q", text: "the weights of scores, é" },
        { id: "n", text: "zzz" },
      ],
      2,
      signal,
    );
    expect(ranking!.map(([id]) => id)).toEqual(["p2", "p1"]);
    expect(none).toEqual([]);
  });
});
