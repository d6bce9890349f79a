import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadSystem, projectAt } from "../config/index.ts";
import { openDataset } from "../dataset/index.ts";
import { hasEncoder, NO_ENCODER } from "../embed/testing/real-encoder.ts";
import { buildForTest } from "./testing/build-for-test.ts";
import { faultServer, json } from "./testing/fault-server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const project = projectAt(ROOT);
const signal = new AbortController().signal;
const env = { PATH: process.env.PATH, SEARCH_URL: "http://localhost:9" };
const QUERY = { id: "q", text: "what is nDCG?" };

async function build(id: string, more: typeof env = env) {
  const dataset = await openDataset(`${ROOT}/datasets/handbook`);
  const passages = [];
  for await (const passage of dataset.passages()) passages.push(passage);
  return { system: await buildForTest(await loadSystem(project, id, more), passages, { env: more }), passages };
}

describe("the example systems", () => {
  it.skipIf(!hasEncoder)(`that need an encoder are loaded${NO_ENCODER}`, async () => {
    for (const id of ["dense-example", "hybrid-example"]) {
      expect((await loadSystem(project, id, env)).sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it("http-example asks as Elasticsearch is asked, and reads its reply", async () => {
    const hits = [{ _id: "nowhere", _score: 2.5, _source: { text: "No such text." } }];
    await using server = await faultServer(json({ hits: { hits } }));
    const { system } = await build("http-example", { ...env, SEARCH_URL: server.url });
    const [ranking] = await system.retriever!.search([QUERY], 3, signal);
    expect(server.seen[0]).toMatchObject({
      path: "/v1/handbook/_search",
      body: { size: 3, query: { match: { text: QUERY.text } } },
    });
    expect(ranking).toEqual([[expect.stringMatching(/^unknown:/), 2.5]]);
    await system.close();
  });

  it.skipIf(!["/usr/bin/python3", "/usr/local/bin/python3"].some((path) => existsSync(path)))(
    "process-example ranks the handbook",
    async () => {
      const { system, passages } = await build("process-example");
      await system.preflight(signal);
      const [ranking] = await system.retriever!.search([QUERY], 5, signal);
      expect(ranking).toHaveLength(5);
      const best = passages.find(({ id }) => id === ranking![0]![0]);
      expect(best!.text).toContain("nDCG");
      expect(system.notes()).toEqual([]);
      await system.close();
    },
  );
});
