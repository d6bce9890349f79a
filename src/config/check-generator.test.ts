import { expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadSystem } from "./load-system.ts";
import { projectAt } from "./project.ts";

const FILES = {
  "benchmarks/systems/a.csv": "x",
  "benchmarks/systems/q.txt": "x",
  "benchmarks/systems/r.hbs": "{{question}}",
};

async function load(yaml: string) {
  const root = await tempFolder({ ...FILES, "benchmarks/systems/s.yaml": yaml });
  return loadSystem(projectAt(root), "s", { URL: "http://localhost:1/v1" });
}
const openai = (more: string) => `generator: { kind: openai, base_url: "\${URL}", model: m, ${more} }\n`;
const replay = (more: string) => `generator: { kind: replay, file: a.csv, ${more} }\n`;

it.each([
  [openai("extra_body: { top_k: 5, messages: [], stream: false }"), ["extra_body/messages", "extra_body/stream"]],
  [openai("api: completions, history: messages"), ["/generator/history"]],
  [openai("api: completions, system_prompt: Hi"), ["/generator/system_prompt"]],
  [openai("history: all"), ["/generator/history", "messages, prompt, none"]],
  [replay("format: table"), ["columns/text", "columns/question", "neither"]],
  [replay("format: table, columns: { text: a, query: b, question: c }"), ["columns/question", "both"]],
  [replay("format: localrqa, columns: { text: a }"), ["/generator/columns"]],
  [replay("format: lines"), ["/generator/questions"]],
  [replay("questions: q.txt"), ["/generator/questions"]],
])("names what does not go together: %s", async (yaml, parts) => {
  const error = await load(yaml).then(
    () => expect.unreachable("loaded"),
    (e: Error) => e,
  );
  for (const part of parts) expect(error.message).toContain(part);
});

it("hashes the file of questions, and a rewriter's prompt with its address read from the environment", async () => {
  const lines = await load(replay("format: lines, questions: q.txt"));
  expect(lines.config.generator).toMatchObject({ questions: expect.stringMatching(/^\/.*q\.txt$/) });
  const rewriter = 'rewriter: { kind: openai, base_url: "${URL}", model: m, prompt: r.hbs }';
  const rewrite = (more: string) => load(`retriever: { kind: rewrite, of: { kind: bm25 }, ${rewriter}${more} }\n`);
  const { config, sha256 } = await rewrite("");
  expect(config.retriever).toMatchObject({
    when: "history",
    rewriter: { base_url: "http://localhost:1/v1", api: "chat", prompt: expect.stringMatching(/^\/.*r\.hbs$/) },
  });
  expect((await rewrite(", when: always")).sha256).not.toBe(sha256);
});

it("counts every key of a request's extra body as measured, whatever it is called", async () => {
  const hash = async (body: string) => (await load(openai(`extra_body: ${body}`))).sha256;
  expect(await hash("{ env: { path: a } }")).not.toBe(await hash("{ env: { path: b } }"));
});
