import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultServer, json } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

/** Planted where secrets are: the key, the password and a parameter of the address, a header of a search server, a stranger. */
const PLANTED = {
  key: "sk-planted-KEY-0123456789",
  password: "planted-PASSWORD-2468",
  parameter: "planted-PARAMETER-1357",
  header: "planted-HEADER-97531",
  stranger: "planted-STRANGER-86420",
};

const SYSTEM = [
  "retriever:",
  "  kind: http",
  "  url: ${SEARCH}",
  "  method: GET",
  "  params: { q: '{{query}}', n: '{{k}}' }",
  "  ids: /hits/*/id",
  "  headers_env: { x-token: SEARCH_TOKEN }",
  "  max_attempts: 1",
  "generator:",
  "  kind: openai",
  "  base_url: ${URL}",
  "  api_key_env: KEY",
  "  model: m",
  "  stream: false",
  "  max_attempts: 2",
  "",
].join("\n");

async function everyFile(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(entries.filter((e) => e.isFile()).map((e) => readFile(join(e.parentPath, e.name), "latin1")));
}

function leaks(texts: readonly string[]): string[] {
  const forms = Object.values(PLANTED).flatMap((s) => [s, encodeURIComponent(s), Buffer.from(s).toString("base64")]);
  return forms.filter((form) => texts.some((text) => text.includes(form)));
}

describe("a secret", { timeout: 60_000 }, () => {
  it.each([
    ["in an answer", 200],
    ["in an error", 400],
    ["in a passing error", 500],
  ])("that a server gives back %s is in no file and no output", async (_, status) => {
    let asked = 0;
    await using server = await faultServer((response, request) => {
      if (request.path.includes("/search")) {
        return json({ hits: [{ id: "kettle#boil" }], echo: request.headers })(response, request);
      }
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      asked += 1;
      const echo = `${JSON.stringify(request.headers)} ${request.path} ${Object.values(PLANTED).slice(0, 3).join(" ")}`;
      const choices = [{ index: 0, message: { role: "assistant", content: echo }, finish_reason: "stop" }];
      return json({ choices, error: { message: echo } }, asked % 3 === 0 ? 200 : status)(response, request);
    });
    const url = new URL(server.url);
    url.username = "someone";
    url.password = PLANTED.password;
    url.searchParams.set("token", PLANTED.parameter);
    const project = await starterProject({ "benchmarks/systems/planted.yaml": SYSTEM });
    const env = {
      URL: url.href,
      SEARCH: `${server.url}/search`,
      KEY: PLANTED.key,
      SEARCH_TOKEN: PLANTED.header,
      OTHER_SERVICE: PLANTED.stranger,
    };
    const outputs: string[] = [];
    for (const words of [
      ["run", "--system", "planted", "--topk", "1"],
      ["run", "--system", "planted", "--topk", "1", "--resume"],
      ["log", "show", "example/planted", "--failed"],
      ["report"],
      ["explain", "planted"],
    ]) {
      const { stdout, stderr } = await runCli(words, project, { env });
      outputs.push(stdout, stderr);
    }
    expect(asked).toBeGreaterThan(8);
    expect(server.seen.some((request) => request.headers.authorization === `Bearer ${PLANTED.key}`)).toBe(true);
    expect(outputs.join("")).toContain("planted");
    const files = await everyFile(project);
    expect(files.length).toBeGreaterThan(5);
    expect(leaks([...outputs, ...files])).toEqual([]);
  });
});
