import { describe, expect, it } from "vitest";
import { completion, faultServer, json, streamed } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const HOSTILE = "\u001b[2J\u001b]0;owned\u0007 <script>alert(1)</script> \u202e";
const ROW = JSON.stringify({ _id: "../../x", text: `${HOSTILE} zebra stripes`, title: `T${HOSTILE}` });

async function project(files: Readonly<Record<string, string>> = {}) {
  const folder = await starterProject({
    "benchmarks/systems/remote.yaml": endpointSystem(),
    "benchmarks/systems/only-search.yaml": "retriever: { kind: bm25 }\n",
    "datasets/odd/dataset.yaml": "id: odd\nsplits: [test]\n",
    "datasets/odd/corpus.jsonl": `${ROW}\n`,
    "datasets/odd/queries.jsonl": "",
    ...files,
  });
  return (argv: readonly string[], env = {}, columns = 80) => runCli(["ask", ...argv], folder, { env, columns });
}
const QUESTION = "How do I clean scale from the kettle, and how long does the warranty last?";

describe("bench ask", () => {
  it("shows passages with scores, the answer and the times of a system in this process", async () => {
    const ask = await project();
    const { exitCode, stdout, stderr } = await ask(["-s", "bm25-reader", "-k", "2", QUESTION]);
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^(bm25-reader: \d+ passages read\n)?$/)]);
    expect(stdout).toMatch(/^How do I clean[^\n]*\nbm25-reader on example, rag@2\n\n1 {2}\S+ {2}score \d/);
    expect(stdout).toMatch(/\n2 {2}\S+ {2}score /);
    expect(stdout).not.toMatch(/\n3 {2}/);
    expect(stdout).toMatch(/\nAnswer[\s\S]*\nretrieval [\d.]+ ms · answer [\d.]+ ms/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("gives a model the passages it shows, and tells its tokens and the time to the first token", async () => {
    await using server = await faultServer(json({ data: [{ id: "m" }] }), streamed(["A ranking", ".\nOf passages."]));
    const ask = await project({
      "benchmarks/systems/remote.yaml": endpointSystem().replace("stream: false", "stream: true"),
      "prices.yaml": "prices:\n  - { model: m, on: 2026-05-31, input: 1, output: 10 }\n",
    });
    const { stdout } = await ask(["-s", "remote", QUESTION], { URL: server.url });
    expect(stdout).toContain("Answer\n   A ranking.\n   Of passages.\n");
    expect(stdout).toMatch(/first token after [\d.]+ ms · 11 \+ 2 tokens · \$0\.000031\n/);
    const { content } = (server.seen[1]!.body.messages as { content: string }[])[0]!;
    expect(content.match(/<passage number/g)).toHaveLength(3);
  });

  it("is JSON for scripts, the whole passages in it", async () => {
    const ask = await project();
    const { stdout } = await ask(["-s", "bm25-reader", "--format", "json", "-k", "1", QUESTION]);
    expect(JSON.parse(stdout)).toMatchObject({
      question: QUESTION,
      system: "bm25-reader",
      dataset: "example",
      condition: "rag@1",
      passages: [{ id: expect.any(String), score: expect.any(Number), text: expect.any(String) }],
      retrievalMs: expect.any(Number),
      answer: { text: expect.any(String), refused: expect.any(Boolean), timing: { source: "measured" } },
    });
  });

  it("takes a dataset of its own, and shows hostile text instead of obeying it", async () => {
    await using server = await faultServer(json({ data: [] }), completion(`I do not know. ${HOSTILE}`));
    const ask = await project();
    const { stdout, exitCode } = await ask(["-s", "remote", "-d", "odd", `zebra ${HOSTILE}`], { URL: server.url });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("remote on odd, rag@3");
    expect(stdout).toContain("1  ../../x  score");
    expect(stdout).toContain("\\u001b[2J");
    expect(stdout).toContain("Answer: a refusal (phrase:");
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const asJson = await ask(["-s", "remote", "-d", "odd", "--format", "json", "zebra"], { URL: server.url });
    expect(asJson.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect((JSON.parse(asJson.stdout) as { passages: { text: string }[] }).passages[0]!.text).toContain(HOSTILE);
  });

  it("asks from memory with --closed-book, and a retriever alone without an answer", async () => {
    await using server = await faultServer(json({ data: [] }), completion("From memory."));
    const ask = await project();
    const memory = await ask(["-s", "remote", "--closed-book", QUESTION], { URL: server.url });
    expect(memory.stdout).toMatch(/closed-book\n\nAnswer\n {3}From memory\.\n\nanswer [\d.]+ ms/);
    const search = await ask(["-s", "only-search", QUESTION]);
    expect([search.exitCode, search.stdout.includes("Answer")]).toEqual([0, false]);
    const nothing = await ask(["-s", "only-search", "qqqq"]);
    expect(nothing.stdout).toContain("No passage was found.");
  });

  it("exits with 4 and the code where the system has no answer, and with 2 or 3 for a mistake", async () => {
    await using server = await faultServer(json({ data: [] }), json({ error: { message: "down" } }, 500));
    const ask = await project();
    const failed = await ask(["-s", "remote", QUESTION], { URL: server.url });
    expect([failed.exitCode, failed.stdout]).toEqual([4, ""]);
    expect(failed.stderr).toMatch(/remote\.yaml \(E_ENDPOINT_STATUS\)\n {2}expected an answer, got .*500/);
    expect((await ask([QUESTION])).stderr).toContain("--system (E_USAGE)");
    expect((await ask(["-s", "bm25-reader", " "])).stderr).toContain("<question> (E_USAGE)");
    expect(await ask(["-s", "bm25-raeder", QUESTION])).toMatchObject({ exitCode: 3 });
    expect(await ask(["-s", "bm25-reader", "-d", "od", QUESTION])).toMatchObject({ exitCode: 3 });
  });
});
