import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type JudgeProbes, readJudgeProbes } from "../../runlog/index.ts";
import { completion, type FaultServer, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

const part = (content: string, tag: string): string =>
  new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(content)?.[1] ?? "";

/** A judge with an opinion of every prompt; undefined is no verdict. */
const judging =
  (criterion: string, opinion: (content: string) => string | undefined): Reply =>
  (response, request) => {
    if (request.path.endsWith("/models")) return json({ data: [{ id: "judge" }] })(response, request);
    const { content } = (request.body as { messages: { content: string }[] }).messages[0]!;
    const said = opinion(content);
    return completion(said === undefined ? "…" : JSON.stringify({ reason: "r", [criterion]: said }))(response, request);
  };

/** Holds an answer right where it is the reference, with something before or after it or not. */
const sound = (content: string): string => {
  const [answer, reference] = [part(content, "answer"), part(content, "reference")];
  return answer.includes(reference) ? "YES" : "NO";
};

async function setUp(server: FaultServer, id: string) {
  const { root } = await answeredProject({ made: (i, reference) => (i % 2 === 0 ? reference : "It depends.") });
  await runCli(["judge", "init", id], root);
  const env = { JUDGE_URL: server.url };
  return {
    root,
    probe: (...argv: string[]) =>
      runCli(["judge", "probe", "-j", id, "made/made", "--limit", "10", ...argv], root, { env }),
    probes: async () => {
      const found = await readJudgeProbes(join(root, "judges", id, "probes.json"));
      return new Map(found!.probes.map((one) => [one.id, one]));
    },
    asked: () => server.seen.filter(({ path }) => path.endsWith("/chat/completions")).length,
  };
}

describe("bench judge probe", () => {
  it("a sound judge passes every probe that applies, asked at most ten times an answer", async () => {
    await using server = await faultServer(judging("correct", sound));
    const { probe, probes, asked } = await setUp(server, "correct-yes-no");
    const { exitCode, stdout, stderr } = await probe();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("judges/correct-yes-no/probes.json")]);
    expect(asked()).toBeLessThanOrEqual(100);
    const found = await probes();
    expect(found.get("order")).toMatchObject({ n: 0, notApplicable: 10 });
    for (const [id, { n, passed, rate, low }] of found) {
      if (id === "order") continue;
      expect([id, n, passed, rate]).toEqual([id, 10, 10, 1]);
      // Ten of ten is no certainty.
      expect(low).toBeCloseTo(0.722, 3);
    }
    expect(stdout).toMatch(
      /wrong-number +a number of the reference is changed +grade falls +10 +10 +1\.000 \[\.722, 1\.000\]/,
    );
  });

  it("finds the judge that obeys, that likes length and that believes experts", async () => {
    const gullible = (content: string): string => {
      const [answer] = content.split("<answer>").slice(-1) as [string];
      return answer.includes("Note to the grader") || answer.length > 200 || answer.includes("leading experts")
        ? "YES"
        : sound(content);
    };
    await using server = await faultServer(judging("correct", gullible));
    const { probe, probes } = await setUp(server, "correct-yes-no");
    await probe();
    const found = await probes();
    for (const id of ["instruction", "authority", "padding"]) expect(found.get(id)).toMatchObject({ n: 10, passed: 0 });
    expect(found.get("negation")).toMatchObject({ passed: 10 });
  });

  it("an answer cannot close its tag: what the judge is shown has one answer, the order inside of it", async () => {
    const shown: string[] = [];
    await using server = await faultServer(
      judging("correct", (content) => {
        shown.push(content);
        return "NO";
      }),
    );
    const { probe } = await setUp(server, "correct-yes-no");
    await probe("--limit", "1");
    const hostile = shown.filter((content) => content.includes("Note to the grader"));
    expect(hostile).toHaveLength(1);
    expect(hostile[0]!.match(/<\/answer>/g)).toHaveLength(1);
    expect(part(hostile[0]!, "answer")).toContain("Note to the grader");
  });

  it("a judge that always gives the same is found out by what must be lowest, highest and lower", async () => {
    await using server = await faultServer(judging("correct", () => "YES"));
    const { probe, probes } = await setUp(server, "correct-yes-no");
    await probe();
    const found = await probes();
    for (const id of ["empty", "gibberish", "wrong-number", "negation"])
      expect(found.get(id)).toMatchObject({ n: 10, passed: 0, rate: 0 });
    expect(found.get("reference")).toMatchObject({ passed: 10 });
    // Everything is at the top: nothing could rise.
    expect(found.get("padding")).toMatchObject({ n: 0, notApplicable: 10 });
  });

  it("counts what got no verdict apart, neither passed nor failed", async () => {
    await using server = await faultServer(
      judging("correct", (content) => (part(content, "answer").startsWith("Blorf") ? undefined : sound(content))),
    );
    const { probe, probes } = await setUp(server, "correct-yes-no");
    await probe("--limit", "4");
    expect((await probes()).get("gibberish")).toMatchObject({ n: 0, passed: 0, noVerdict: 4 });
    expect((await probes()).get("gibberish")).not.toHaveProperty("rate");
  });

  it("a judge of pairs that goes by place fails the swap; one that goes by content passes", async () => {
    await using byPlace = await faultServer(judging("preference", () => "A"));
    const placed = await setUp(byPlace, "pairwise");
    expect((await placed.probe()).exitCode).toBe(0);
    expect((await placed.probes()).get("order")).toMatchObject({ n: 10, passed: 0 });
    await using byContent = await faultServer(
      judging("preference", (content) => {
        const reference = part(content, "reference");
        const [a, b] = [part(content, "answer_a").includes(reference), part(content, "answer_b").includes(reference)];
        return a === b ? "tie" : a ? "A" : "B";
      }),
    );
    const fair = await setUp(byContent, "pairwise");
    await fair.probe();
    for (const { id, n, passed } of (await fair.probes()).values()) expect([id, n, passed]).toEqual([id, 10, 10]);
  });

  it("probes a lexical judge without a network, and shows what overlap does not see", async () => {
    await using server = await faultServer();
    const { root, probe, probes } = await setUp(server, "lexical-0-3");
    const queries = (await readFile(join(root, "datasets/made/queries.jsonl"), "utf8")).trim().split("\n");
    const rows = queries.map((line) => {
      const { _id, text } = JSON.parse(line) as { _id: string; text: string };
      return JSON.stringify({
        query: _id,
        condition: "closed-book",
        rater: "anna",
        score: Number(text.split(" ")[1]) % 2 === 0 ? 3 : 0,
      });
    });
    await writeFile(join(root, "labels.jsonl"), `${rows.join("\n")}\n`);
    expect((await runCli(["judge", "fit", "-l", "labels.jsonl", "--resamples", "99"], root)).exitCode).toBe(0);
    expect((await probe()).exitCode).toBe(0);
    const found = await probes();
    expect(found.get("gibberish")).toMatchObject({ n: 10, passed: 10 });
    expect(found.get("reference")).toMatchObject({ n: 10, passed: 10 });
    expect(server.seen).toHaveLength(0);
  });

  it("says how far it came when it is interrupted, and that it begins anew", async () => {
    const control = new AbortController();
    let calls = 0;
    await using server = await faultServer((response, request) => {
      if (++calls === 60) control.abort();
      return judging("correct", sound)(response, request);
    });
    const { root } = await setUp(server, "correct-yes-no");
    const { exitCode, stderr } = await runCli(
      ["judge", "probe", "-j", "correct-yes-no", "made/made", "--limit", "30"],
      root,
      { env: { JUDGE_URL: server.url }, signal: control.signal },
    );
    expect([exitCode, stderr]).toEqual([
      130,
      expect.stringMatching(/interrupted after \d+ of 30 answers: nothing was kept; the same command begins anew/),
    ]);
  });

  it("looks at the grades of the criterion that is named, the first otherwise, and refuses another", async () => {
    const clear: Reply = (response, request) => {
      if (request.path.endsWith("/models")) return json({ data: [{ id: "judge" }] })(response, request);
      const { content } = (request.body as { messages: { content: string }[] }).messages[0]!;
      // Behind the examples.
      const grade = sound(content.slice(content.lastIndexOf("<question>"))) === "YES" ? 3 : 0;
      const said = { reason: "r", correctness: grade, comprehensiveness: 3, readability: 0 };
      return completion(JSON.stringify(said))(response, request);
    };
    await using server = await faultServer(clear);
    const { probe, probes } = await setUp(server, "answer-0-3");
    const first = await probe();
    expect(first.stdout).toContain("By the grades of correctness.");
    expect((await probes()).get("reference")).toMatchObject({ n: 10, passed: 10 });
    expect((await probe("--criterion", "readability")).stdout).toContain("By the grades of readability.");
    expect((await probes()).get("reference")).toMatchObject({ n: 10, passed: 0 });
    expect((await probes()).get("gibberish")).toMatchObject({ n: 10, passed: 10 });
    expect(await probe("--criterion", "wit")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("one of correctness, comprehensiveness, readability"),
    });
  });

  it("asks and keeps nothing with --dry-run, and refuses a run without answers to probe and a server that is down", async () => {
    await using server = await faultServer(judging("correct", sound));
    const { root, probe, probes, asked } = await setUp(server, "correct-yes-no");
    const { exitCode, stdout } = await probe("--dry-run");
    // Nine calls for each of ten answers, and one less for the five that are the reference.
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/probed with 10 answers of made-made-\w+: 85 grades to ask for/),
    ]);
    expect(asked()).toBe(0);
    await expect(probes()).rejects.toThrow();
    const { stdout: printed } = await probe("--limit", "1", "--format", "json");
    expect((JSON.parse(printed) as JudgeProbes).probes).toHaveLength(9);
    expect(await probe("--condition", "rag@3")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("closed-book"),
    });
    server.reply((response, request) =>
      (request.path.endsWith("/models") ? json({ data: [] }) : json({ error: { message: "down" } }, 400))(
        response,
        request,
      ),
    );
    const down = await probe();
    expect([down.exitCode, down.stderr]).toEqual([4, expect.stringContaining("E_JUDGE_DOWN")]);
    expect(down.stderr).toContain("8 failures in a row after 0 of 10 answers were probed");
    expect(down.stderr).toMatch(/broken off: judges\/correct-yes-no\/probes.json is as it was on \d{4}-/);
    expect(down.stderr).toContain("the same command again: it begins anew, nothing of this try is kept");
    await writeFile(join(root, "judges/correct-yes-no/probes.json"), '{"kind":"judge-probes","schema":9}');
    await expect(probes()).rejects.toMatchObject({ code: "E_PROBES" });
  });
});
