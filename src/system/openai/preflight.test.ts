import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildForTest, openAi } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, hangUp, json, raw, silent } from "../testing/fault-server.ts";

const signal = new AbortController().signal;
let server: FaultServer;
beforeEach(async () => {
  server = await faultServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const check = async (more = {}): Promise<void> => (await buildForTest(openAi(server.url, more))).preflight(signal);

describe("preflight", () => {
  it("passes when the server lists the model", async () => {
    server.reply(json({ data: [{ id: "large" }, { id: "small" }] }));
    await check();
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/models"]);
  });

  it("names the nearest model when the server serves others", async () => {
    server.reply(json({ data: [{ id: "smal" }, { id: "raft-8b" }] }));
    await expect(check()).rejects.toMatchObject({
      name: "UnavailableError",
      exitCode: 4,
      problems: [
        {
          code: "E_ENDPOINT_MODEL",
          got: '"small"',
          fix: 'did you mean "smal"?',
          where: "systems/under-test.yaml /generator/model",
        },
      ],
    });
  });

  it.each([
    ["has no list of models", json({}, 404)],
    ["answers something else", raw("<html>", { "content-type": "text/html" })],
    ["lists nothing", json({ data: [] })],
    ["lists what is no model", json({ data: [null, 7, {}] })],
    ["is busy", json({}, 503)],
  ])("lets a server pass that %s", async (_title, reply) => {
    server.reply(reply);
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    ["refuses the key", json({}, 401), "E_ENDPOINT_REFUSED_KEY"],
    ["hangs up", hangUp, "E_ENDPOINT_UNREACHABLE"],
    ["is silent", silent, "E_ENDPOINT_TIMEOUT"],
  ])("stops at a server that %s", async (_title, reply, code) => {
    server.reply(reply);
    await expect(check({ timeout_s: 0.1, max_attempts: 2 })).rejects.toMatchObject({ name: "UnavailableError", code });
  });

  it("hands on an abort", async () => {
    server.reply(silent);
    const built = await buildForTest(openAi(server.url));
    const controller = new AbortController();
    const call = built.preflight(controller.signal);
    setTimeout(() => controller.abort(new Error("interrupted")), 20);
    await expect(call).rejects.toThrow("interrupted");
  });
});
