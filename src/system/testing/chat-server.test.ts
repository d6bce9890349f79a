import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChatServer, chatServer, hasLocalModel, NO_LOCAL_MODEL } from "./local-model.ts";

interface Completion {
  readonly choices: readonly { message: { content: string }; finish_reason: string }[];
  readonly usage: { prompt_tokens: number; completion_tokens: number };
  readonly error?: { code: string; message: string };
}

describe.skipIf(!hasLocalModel)(`the chat server over a real model${NO_LOCAL_MODEL}`, () => {
  let server: ChatServer;
  beforeAll(async () => {
    server = await chatServer({ context: 512 });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  const post = (body: object): Promise<Response> =>
    fetch(`${server.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({
        model: server.model,
        messages: [{ role: "user", content: "Count to ten in words." }],
        max_tokens: 12,
        ...body,
      }),
    });
  const complete = async (body: object = {}): Promise<Completion> => (await (await post(body)).json()) as Completion;

  it("lists the one model it serves", async () => {
    const list = (await (await fetch(`${server.url}/models`)).json()) as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id)).toEqual([server.model]);
  });

  it("ends at max_tokens and counts both sides", async () => {
    const { choices, usage } = await complete();
    expect(choices[0]!.finish_reason).toBe("length");
    expect(choices[0]!.message.content).not.toBe("");
    expect(usage.completion_tokens).toBe(12);
    expect(usage.prompt_tokens).toBeGreaterThan(5);
  });

  it("says the same in a stream as in one piece, greedily and with one seed", async () => {
    for (const sampling of [{ temperature: 0 }, { temperature: 1, seed: 3 }]) {
      const whole = (await complete(sampling)).choices[0]!.message.content;
      const events = (await (await post({ ...sampling, stream: true })).text())
        .split("\n\n")
        .filter((event) => event.startsWith("data: {"))
        .map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] });
      expect(events.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(whole);
      expect(events.length).toBeGreaterThan(5);
    }
  });

  it("stops before a stop string", async () => {
    const whole = (await complete()).choices[0]!.message.content;
    const stop = whole.slice(4, 7);
    const { choices } = await complete({ stop: [stop] });
    expect(choices[0]).toMatchObject({
      message: { content: whole.slice(0, whole.indexOf(stop)) },
      finish_reason: "stop",
    });
  });

  it("keeps to a JSON schema and ends at its last brace", async () => {
    const schema = {
      type: "object",
      properties: { score: { enum: [0, 1, 2] }, reason: { type: "string", maxLength: 30 } },
    };
    const format = { type: "json_schema", json_schema: { name: "grade", schema } };
    const { choices } = await complete({ response_format: format, max_tokens: 120 });
    expect(JSON.parse(choices[0]!.message.content)).toEqual({
      score: expect.toSatisfy((score: unknown) => [0, 1, 2].includes(score as number)),
      reason: expect.any(String),
    });
    expect(choices[0]!.finish_reason).toBe("stop");
  });

  it.each([
    ["more tokens than its window holds", { max_tokens: 600 }, 400, "context_length_exceeded"],
    ["another model", { model: "gpt" }, 404, "model_not_found"],
    ["no messages", { messages: [] }, 400, null],
  ])("refuses %s", async (_what, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(((await response.json()) as Completion).error!.code).toBe(code);
  });
});
