import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { buildForTest, openAi } from "../testing/build-for-test.ts";
import { faultServer, raw } from "../testing/fault-server.ts";
import { requestOf } from "../testing/generator-conformance.ts";

const USAGE = { promptTokens: 41, completionTokens: 4 };

async function answerTo(file: string, type: string) {
  const body = await readFile(new URL(`../../../fixtures/endpoints/${file}`, import.meta.url), "utf8");
  await using server = await faultServer(raw(body, { "content-type": type }));
  const { generator } = await buildForTest(openAi(server.url, { max_attempts: 1 }));
  return await generator!.answer(requestOf(), new AbortController().signal);
}

describe("replies of servers of other makes", () => {
  it.each([
    ["hosted.sse", "stop", USAGE],
    ["vllm.sse", "stop", USAGE],
    ["llama-cpp.sse", "stop", undefined],
    ["ollama.sse", "stop", USAGE],
    ["reasoning.sse", "stop", USAGE],
    ["keep-alive.sse", "stop", USAGE],
    ["filtered.sse", "content_filter", USAGE],
  ])("%s is read as it is meant", async (file, finish, usage) => {
    const answer = await answerTo(file, "text/event-stream");
    expect(answer).toMatchObject({ text: "8,192 tokens", finish });
    expect(answer.usage).toEqual(usage);
    expect(answer.timing.firstTokenMs).toBeGreaterThanOrEqual(0);
  });

  it("tgi.json is read as it is meant", async () => {
    expect(await answerTo("tgi.json", "application/json")).toMatchObject({
      text: "8,192 tokens",
      finish: "eos_token",
      usage: USAGE,
    });
  });

  it("a sign-in page is a failure that says so", async () => {
    await expect(answerTo("sign-in.html", "text/html")).rejects.toMatchObject({
      code: "E_ENDPOINT_REPLY",
      message: expect.stringContaining("HTML"),
    });
  });
});
