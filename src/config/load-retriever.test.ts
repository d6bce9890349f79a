import { describe, expect, it } from "vitest";
import type { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { explainConfig } from "./explain.ts";
import { type Env, loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";
import { configReference } from "./reference.ts";

const ENV: Env = {
  SEARCH_URL: "http://search.internal:9200",
  EMBED_URL: "http://embed.internal/v1",
  KEY: "sk-secret-1",
};
const FILES = {
  "benchmarks/systems/search.py": "print('one')\n",
  "models/mini/model.onnx": "graph",
  "models/mini/1_Pooling/config.json": "{}",
  "models/mini/README.md": "read me",
  "models/copy/model.onnx": "graph",
  "models/copy/1_Pooling/config.json": "{}",
};

async function load(retriever: string, env: Env = ENV, files: Record<string, string> = {}) {
  const yaml = `retriever: ${retriever}\n`;
  const root = await tempFolder({ "benchmarks/systems/mine.yaml": yaml, ...FILES, ...files });
  return loadSystem(projectAt(root), "mine", env);
}
const problemsOf = (retriever: string, env?: Env) =>
  load(retriever, env).then(
    () => [],
    (error: DataError) =>
      error.problems.map((p) => `${p.where.split(" ")[1]}: ${p.expected}, got ${p.got} [${p.code}]`),
  );

const HTTP = `{ kind: http, url: "\${SEARCH_URL}/find", body: '{"q": {{json query}}}', ids: /hits/*/id }`;
const DENSE = "{ kind: dense, encoder: { kind: onnx, path: ../../models/mini } }";
const indexed = (index: string): string => DENSE.replace("dense,", `dense, index: ${index},`);

describe("a retriever in a system file", () => {
  it("gets the defaults of its kind, and so do those inside it", async () => {
    const { config, origins } = await load(
      "{ kind: fusion, of: [{ kind: bm25, k1: 2 }, { kind: bm25 }], weight: 0.3 }",
    );
    const bm25 = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "lucene", stemmer: "snowball-english", title: true };
    expect(config.retriever).toEqual({
      kind: "fusion",
      of: [{ ...bm25, k1: 2 }, bm25],
      weight: 0.3,
      method: "convex",
      normalise: "min-max",
      depth: 100,
      rrf_k: 60,
    });
    expect(origins.get("/retriever/of/1/k1")).toBe("default");
    expect(origins.get("/retriever/of/0/k1")).toBe("benchmarks/systems/mine.yaml:1");
  });

  it("may be a re-ranker over a fusion over an encoder: all addresses and paths inside are resolved", async () => {
    const { config, publicConfig } = await load(
      `{ kind: rerank, reranker: { kind: http, url: "\${SEARCH_URL}/rerank", model: m }, of: { kind: fusion, of: [${DENSE}, ${HTTP}] } }`,
    );
    expect(config.retriever).toMatchObject({
      depth: 50,
      reranker: { url: "http://search.internal:9200/rerank" },
      of: {
        of: [
          { encoder: { path: expect.stringMatching(/^\/.*models.mini$/) } },
          { url: "http://search.internal:9200/find" },
        ],
      },
    });
    expect(JSON.stringify(publicConfig)).not.toContain("internal");
    expect(publicConfig.retriever).toMatchObject({ of: { of: [{ encoder: { path: "../../models/mini" } }, {}] } });
  });

  it.each([
    ["exact", "exact"],
    ["{ kind: flat }", { kind: "flat" }],
    ["{ kind: hnsw }", { kind: "hnsw", M: 32, efConstruction: 40, efSearch: 16 }],
    ["{ kind: hnsw, M: 16, efSearch: 64 }", { kind: "hnsw", M: 16, efConstruction: 40, efSearch: 64 }],
    ["{ kind: ivf, nlist: 64 }", { kind: "ivf", nlist: 64, nprobe: 1 }],
  ])("may search in the index %s", async (index, expected) => {
    expect((await load(indexed(index))).config.retriever).toMatchObject({ index: expected });
  });

  it("shows the settings of its index and where they came from", async () => {
    const explained = async (retriever: string) => {
      const { publicConfig, origins } = await load(retriever);
      return explainConfig(publicConfig, origins);
    };
    const hnsw = await explained(indexed("{ kind: hnsw, efSearch: 64 }"));
    for (const row of [/index\.kind +"hnsw" +benchmarks/, /index\.efSearch +64 +benchmarks/, /index\.M +32 +default/]) {
      expect(hnsw).toMatch(row);
    }
    expect(await explained(DENSE)).toMatch(/retriever\.index +"exact" +default/);
  });

  it.each([
    ["the encoder's folder by another name", DENSE, DENSE.replace("mini", "copy"), {}, true],
    ["the read-me of the encoder", DENSE, DENSE, { "models/mini/README.md": "another" }, true],
    ["the encoder's weights", DENSE, DENSE, { "models/mini/model.onnx": "other" }, false],
    ["the encoder's pooling", DENSE, DENSE, { "models/mini/1_Pooling/config.json": '{"a":1}' }, false],
    ["the number of threads", DENSE, DENSE.replace("dense,", "dense, threads: 2,"), {}, true],
    ["the index, written out", DENSE, indexed("exact"), {}, true],
    ["the kind of index", DENSE, indexed("{ kind: flat }"), {}, false],
    ["a setting of the index", indexed("{ kind: hnsw }"), indexed("{ kind: hnsw, efSearch: 17 }"), {}, false],
    ["a default of the index, written out", indexed("{ kind: hnsw }"), indexed("{ kind: hnsw, M: 32 }"), {}, true],
    ["the passage prefix", DENSE, DENSE.replace("dense,", 'dense, passage_prefix: "p: ",'), {}, false],
    ["the time limit", HTTP, HTTP.replace("http,", "http, timeout_s: 3,"), {}, true],
    ["the path of the address", HTTP, HTTP.replace("/find", "/v2/find"), {}, false],
    ["the body", HTTP, HTTP.replace('"q"', '"query"'), {}, false],
    [
      "the script",
      "{ kind: process, command: [python3, search.py] }",
      "{ kind: process, command: [python3, search.py] }",
      { "benchmarks/systems/search.py": "print('two')\n" },
      false,
    ],
  ])("%s: whether another makes it another system", async (_, one, other, files, same) => {
    const [a, b] = [await load(one), await load(other, ENV, files)];
    expect(a.sha256 === b.sha256).toBe(same);
  });

  it("is the same system at another host", async () => {
    expect((await load(HTTP)).sha256).toBe((await load(HTTP, { SEARCH_URL: "https://elsewhere" })).sha256);
  });

  it.each([
    ["{ kind: fusion, of: [{ kind: bm25 }] }", "/retriever/of: "],
    [
      "{ kind: replay, file: search.py, format: titles }",
      "/retriever/questions: the file of the questions that the titles were retrieved for",
    ],
    [
      "{ kind: replay, file: search.py, questions: search.py }",
      "/retriever/questions: nothing for the format trec, got a file",
    ],
    ["{ kind: fusion, of: [{ kind: bm25 }, { kind: bm52 }] }", "/retriever/of/1/kind: "],
    ["{ kind: fusion, of: [{ kind: bm25 }, { kind: bm25, k2: 1 }] }", "/retriever/of/1/k2: one of the keys kind, k1"],
    ["{ kind: fusion, of: [{ kind: bm25 }, { kind: bm25 }], weights: [1] }", "/retriever/weights: 2 weights"],
    ["{ kind: fusion, of: [{ kind: bm25 }, { kind: bm25 }], weights: [0, 0] }", "/retriever/weights: a weight above 0"],
    [
      "{ kind: fusion, of: [{ kind: bm25 }, { kind: bm25 }], weights: [1, 1], weight: 1 }",
      "/retriever/weight: weight or",
    ],
    ["{ kind: fusion, of: [{ kind: bm25 }, { kind: bm25 }, { kind: bm25 }], weight: 1 }", "/retriever/weight: two"],
    ["{ kind: dense, encoder: { kind: onnx, path: nowhere } }", "/retriever/encoder/path: a readable folder"],
    ["{ kind: dense }", 'the key "encoder"'],
    [indexed("exat"), "/retriever/index: one of exact"],
    [indexed("7"), "/retriever/index: a value of type object or string"],
    [indexed("{ kind: hsnw }"), '/retriever/index/kind: "kind" to be one of flat, hnsw, ivf'],
    [indexed("{ kind: hnsw, ef: 5 }"), "/retriever/index/ef: one of the keys kind, M, efConstruction, efSearch"],
    [indexed("{ kind: hnsw, M: 1 }"), "/retriever/index/M: a value that must be >= 2"],
    [indexed("{ kind: ivf }"), '/retriever/index: the key "nlist"'],
    [indexed("{ kind: ivf, nlist: 4, nprobe: 5 }"), "/retriever/index/nprobe: at most nlist, 4"],
    [indexed("{ kind: flat, M: 4 }"), "/retriever/index/M: one of the keys kind"],
    [`{ kind: http, url: "http://x", body: '{{json query}}' }`, "/retriever/ids: a pointer to ids or to texts"],
    [
      `{ kind: http, url: "http://x", ids: /a, body: '{"k": 1}' }`,
      "/retriever/body: a template that sends the question",
    ],
    [`{ kind: http, url: "http://x", ids: /a, method: GET }`, "/retriever/params: a template that sends the question"],
    [`{ kind: http, url: "http://x", ids: a, body: "{{json query}}" }`, "/retriever/ids: "],
    [`{ kind: http, url: "http://x?key=1", ids: /a, body: "{{json query}}" }`, "E_SYSTEM_SECRET"],
    [
      `{ kind: http, url: "\${NO_SUCH}", ids: /a, body: "{{json query}}" }`,
      "variable NO_SUCH, got nothing [E_SYSTEM_ENV]",
    ],
    [
      `{ kind: http, url: "http://x", ids: /a, body: "{{json query}}", headers_env: { authorization: "Bearer sk-1" } }`,
      "/retriever/headers_env/authorization: ",
    ],
    ["{ kind: process, command: [] }", "/retriever/command: "],
    ["{ kind: process, command: python3 search.py }", "/retriever/command: a value of type array"],
    ["{ kind: rerank, of: { kind: rerank }, reranker: { kind: onnx, path: x } }", "/retriever/of/kind: "],
  ])("%s is refused where it is wrong", async (retriever, expected) => {
    expect((await problemsOf(retriever)).join("\n")).toContain(expected);
  });

  it("says what is wrong with its index once", async () => {
    for (const index of ["exat", "7", "{ kind: hsnw }", "{ kind: ivf }"]) {
      expect(await problemsOf(indexed(index)), index).toHaveLength(1);
    }
  });

  it("says everything that is wrong at once", async () => {
    const wrong = await problemsOf(
      `{ kind: fusion, weights: [1], of: [{ kind: dense, encoder: { kind: onnx, path: no } }, { kind: http, url: "\${NO}", body: "x" }] }`,
    );
    expect(wrong).toHaveLength(5);
  });

  it("takes a parameter called kind as a parameter", async () => {
    await load(`{ kind: http, url: "http://x", method: GET, ids: /a, params: { kind: http, q: "{{query}}" } }`);
  });
});

describe("the configuration reference", () => {
  it("describes every kind of retriever once", () => {
    const text = configReference();
    for (const kind of ["bm25", "dense", "replay", "http", "process", "fusion", "rerank"]) {
      expect(text.split(`\`retriever\` with \`kind: ${kind}\``)).toHaveLength(2);
    }
    expect(text).toContain("| `retriever.index` | `exact`, kind `flat`, kind `hnsw`, kind `ivf` | `exact` |");
    expect(text).toMatch(/`retriever\.index\.efSearch` \| integer from 1 to \d+ \| `16` \|/);
    expect(text).toContain("| `retriever.of` | list of retrievers |");
    expect(text.match(/`retriever\.(?:of\.)*k1`/g)).toHaveLength(1);
  });
});
