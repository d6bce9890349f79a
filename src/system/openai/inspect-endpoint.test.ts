import { describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import { OPENAI_DEFAULTS, realClock, systemOf } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, json } from "../testing/fault-server.ts";
import { inspectEndpoint } from "./inspect-endpoint.ts";

const signal = new AbortController().signal;

async function inspect(server: FaultServer, more: Partial<OpenAiConfig> = {}) {
  const generator = { ...OPENAI_DEFAULTS, base_url: server.url, ...more };
  return (await inspectEndpoint(systemOf({ generator }), { env: {}, clock: realClock, sleep: async () => undefined }))!;
}

describe("inspectEndpoint", () => {
  it.each([
    ["vLLM and SGLang", { max_model_len: 8192 }, 8192],
    ["hosted services", { context_length: 131_072 }, 131_072],
    ["a list that says nothing", {}, undefined],
    ["a list that says something else", { max_model_len: "8k", context_length: -1 }, undefined],
  ])("reads the context window from the list of models: %s", async (_, model, contextWindow) => {
    await using server = await faultServer(
      json({
        data: [
          { id: "other", max_model_len: 1 },
          { id: "small", ...model },
        ],
      }),
    );
    expect(await (await inspect(server)).served(signal)).toEqual(contextWindow === undefined ? {} : { contextWindow });
    expect(server.seen.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("names the nearest model where the server serves others", async () => {
    await using server = await faultServer(json({ data: [{ id: "smal" }] }));
    await expect((await inspect(server)).served(signal)).rejects.toMatchObject({
      problems: [{ code: "E_ENDPOINT_MODEL", fix: 'did you mean "smal"?' }],
    });
  });

  it("gives the text that a request would send, and sends nothing", async () => {
    await using server = await faultServer();
    const request = {
      query: { id: "q", text: "How long?", history: [{ role: "user" as const, content: "Before" }] },
      passages: [{ id: "p", document: "d", text: "Four minutes." }],
      condition: "rag@1",
      trial: 0,
    };
    const chat = (await inspect(server, { system_prompt: "Be brief." })).requestText(request);
    for (const part of ["Be brief.", "Before", "How long?", "Four minutes."]) expect(chat).toContain(part);
    const plain = (await inspect(server, { api: "completions", history: "none" })).requestText(request);
    expect(plain).toContain("Four minutes.");
    expect(plain).not.toContain("Before");
    expect(server.seen).toEqual([]);
  });

  it("is nothing for a generator of another kind", async () => {
    const system = systemOf({ retriever: { kind: "replay", file: "x" } } as never);
    expect(await inspectEndpoint(system, { env: {}, clock: realClock })).toBeUndefined();
  });
});
