import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadJudge, type ModelJudge, projectAt } from "../../config/index.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type GradedLine, listGradings, readGrades } from "../../runlog/index.ts";
import { allLines, answer, owner, writeRun } from "../../runlog/testing/made-log.ts";
import { buildChatModel } from "../../system/openai/build-chat-model.ts";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { modelJudge } from "../ask/model-judge.ts";
import { type GradeRunOptions, gradeRun } from "./grade-run.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const clock = { now: () => Date.UTC(2026, 0, 2), monotonic: () => performance.now() };
const says = (value: unknown): Reply => completion(typeof value === "string" ? value : JSON.stringify(value));
const YES = says({ reason: "agrees", correct: "YES" });
const DOWN: Reply = json({ error: { message: "down" } }, 503);
/** Of the made run: 3 questions, one of which failed with passages, 2 conditions, 2 trials. */
const ANSWERS = 10;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function setUp(...replies: Reply[]) {
  const folder = await tempFolder();
  const dir = join(folder, "run");
  await writeRun(dir);
  const server = await faultServer(...replies);
  const judge = (await loadJudge(projectAt(ROOT), "correct-yes-no", { JUDGE_URL: server.url })) as ModelJudge;
  const { chat } = buildChatModel(judge, { env: {}, clock, sleep: async () => undefined });
  const run = (options: Partial<GradeRunOptions> = {}, signal = new AbortController().signal, pid = 11) =>
    gradeRun(
      dir,
      judge,
      { repeats: 1, ...options },
      { grader: modelJudge(judge, chat), concurrency: 3, clock, owner: owner(pid), signal },
    );
  const lines = async (): Promise<GradedLine[]> => {
    const [grading] = await listGradings(dir);
    return all(readGrades(grading!.path));
  };
  return { dir, server, judge, run, lines };
}

describe("gradeRun", () => {
  it("grades every answer once and seals the file", async () => {
    const { dir, server, run, lines, judge } = await setUp(YES);
    await using _ = server;
    expect(await run()).toMatchObject({
      state: "complete",
      graded: ANSWERS,
      failed: 0,
      usage: { promptTokens: 11 * ANSWERS },
    });
    const graded = await lines();
    expect(new Set(graded.map(({ query, condition, trial }) => `${query} ${condition} ${trial}`)).size).toBe(ANSWERS);
    expect(graded[0]).toMatchObject({ kind: "grade", scores: { correct: 1 }, reason: "agrees", asked: 1 });
    const [{ head }] = (await listGradings(dir)) as [Awaited<ReturnType<typeof listGradings>>[number]];
    expect(head).toMatchObject({
      run: "tiny-made-1",
      judge: { id: "correct-yes-no", sha256: judge.sha256 },
      repeats: 1,
    });
    // Not a word of where the judge is served.
    expect(await readFile(join(dir, "grades", (await readdir(join(dir, "grades")))[0]!), "utf8")).not.toContain(
      "127.0.0.1",
    );
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS });
    expect(server.seen).toHaveLength(ANSWERS);
  });

  it("leaves out answers that decline", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "run");
    const lines = allLines().map((line) =>
      line.kind === "answer" && line.trial === 1 ? { ...line, refused: true } : line,
    );
    await writeRun(dir, lines);
    const { run, server } = await setUp(YES);
    await using _ = server;
    expect(answer("q", "c", 0).refused).toBe(false);
    const judge = (await loadJudge(projectAt(ROOT), "correct-yes-no", { JUDGE_URL: server.url })) as ModelJudge;
    const { chat } = buildChatModel(judge, { env: {}, clock });
    const deps = {
      grader: modelJudge(judge, chat),
      concurrency: 1,
      clock,
      owner: owner(),
      signal: new AbortController().signal,
    };
    expect(await gradeRun(dir, judge, { repeats: 1 }, deps)).toMatchObject({ graded: ANSWERS / 2 });
    expect(await run()).toMatchObject({ graded: ANSWERS });
  });

  it("records a verdict that cannot be used with the raw reply, and no score", async () => {
    const { server, run, lines } = await setUp(says("A clear 1."));
    await using _ = server;
    expect(await run()).toMatchObject({ state: "complete", graded: 0, failed: ANSWERS });
    for (const line of await lines()) {
      expect(line).toMatchObject({ kind: "judge-failure", code: "E_VERDICT_PROSE", raw: "A clear 1.", asked: 2 });
      expect(line).not.toHaveProperty("scores");
    }
  });

  it("goes on after an interruption and asks nothing twice", async () => {
    const control = new AbortController();
    let asked = 0;
    const { server, run, lines } = await setUp((response, request) => {
      asked += 1;
      if (asked === 5) control.abort();
      return YES(response, request);
    });
    await using _ = server;
    const first = await run({}, control.signal);
    expect(first.state).toBe("interrupted");
    const before = first.graded;
    const atStop = asked;
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS });
    expect(asked - atStop).toBe(ANSWERS - before);
    expect(await lines()).toHaveLength(ANSWERS);
  });

  it("drops a torn last line, and a first line that was torn", async () => {
    const { dir, server, run, lines } = await setUp(YES);
    await using _ = server;
    const { path } = await run({ limit: 1 });
    const whole = await readFile(path, "utf8");
    await appendFile(path, '{"kind":"grade","query":"q');
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS });
    expect(await lines()).toHaveLength(ANSWERS);
    await truncate(path, whole.indexOf("\n") - 5);
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS });
    expect(await lines()).toHaveLength(ANSWERS);
    expect(await readdir(join(dir, "grades"))).toHaveLength(1);
  });

  it("ends when the endpoint is down, with nothing recorded that it did not say, and can be gone on with", async () => {
    const { server, run, lines } = await setUp(YES, YES, DOWN);
    await using _ = server;
    await expect(run()).rejects.toMatchObject({ code: "E_JUDGE_DOWN", exitCode: 4 });
    expect((await lines()).map(({ kind }) => kind)).toEqual(["grade", "grade"]);
    server.reply(YES);
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS, failed: 0 });
  });

  it("records single answers that the endpoint fails on among those that it grades", async () => {
    let asked = 0;
    const { server, run } = await setUp((response, request) =>
      (++asked % 5 === 0 ? json({ error: { message: "no" } }, 400) : YES)(response, request),
    );
    await using _ = server;
    const { graded, failed } = await run();
    expect(graded + failed).toBe(ANSWERS);
    expect(graded).toBeGreaterThan(0);
  });

  it("repeats with seeds of their own, and refuses to go on with another number of repeats", async () => {
    const { server, run, lines } = await setUp(YES);
    await using _ = server;
    expect(await run({ repeats: 2 })).toMatchObject({ graded: 2 * ANSWERS });
    expect(new Set(server.seen.map(({ body }) => body.seed))).toEqual(new Set([0, 1]));
    expect((await lines()).filter(({ repeat }) => repeat === 1)).toHaveLength(ANSWERS);
    await expect(run({ repeats: 3 })).rejects.toMatchObject({ code: "E_GRADES_OTHER" });
  });

  it("leaves a pilot's file open for the rest", async () => {
    const { server, run, lines } = await setUp(YES);
    await using _ = server;
    expect(await run({ limit: 1, conditions: ["closed-book"] })).toMatchObject({ graded: 2 });
    expect((await lines()).map(({ condition }) => condition)).toEqual(["closed-book", "closed-book"]);
    expect(await run()).toMatchObject({ state: "complete", graded: ANSWERS });
  });

  it("refuses a second process on the same file", async () => {
    const { dir, server, judge, run } = await setUp(YES);
    await using _ = server;
    await run({ limit: 1 });
    const locks = join(dir, "grades", `correct-yes-no-${judge.sha256.slice(0, 8)}.jsonl.writing`);
    await mkdir(locks);
    await writeFile(join(locks, "writer.elsewhere.99.1.lock"), "");
    await expect(run()).rejects.toMatchObject({ code: "E_RUN_BUSY" });
  });

  it("refuses a run that is not finished", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "run"), allLines().slice(0, 4));
    const { server, judge } = await setUp(YES);
    await using _ = server;
    const { chat } = buildChatModel(judge, { env: {}, clock });
    const deps = {
      grader: modelJudge(judge, chat),
      concurrency: 1,
      clock,
      owner: owner(),
      signal: new AbortController().signal,
    };
    await expect(gradeRun(join(folder, "run"), judge, { repeats: 1 }, deps)).rejects.toMatchObject({
      code: "E_RUN_INTERRUPTED",
    });
  });

  it("names what is wrong with a damaged file, every line of it", async () => {
    const { server, run } = await setUp(YES);
    await using _ = server;
    const { path } = await run();
    const text = (await readFile(path, "utf8")).split("\n");
    text[1] = "{}";
    text[3] = text[3]!.replace(/"trial":\d/, '"trial":"one"');
    await writeFile(path, text.join("\n"));
    await expect(all(readGrades(path))).rejects.toMatchObject({
      problems: [{ where: `${path}:2` }, { where: expect.stringMatching(/:4 \/trial$/) }],
    });
  });
});
