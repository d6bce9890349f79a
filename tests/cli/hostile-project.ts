import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CliResult, runCli } from "../../src/cli/testing/run-cli.ts";
import { completion, type FaultServer, json, type Reply } from "../../src/system/testing/fault-server.ts";

const SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>";

/** What somebody writes who means harm, or does not know better: to a page, a terminal, a spreadsheet, a log, an object. */
const HOSTILE: readonly string[] = [
  SCRIPT,
  "</script></style></title></textarea><script>document.title='taken over'</script><!--",
  "]]></failure><svg/onload=alert(3)>",
  "\" onmouseover=\"alert(4)\" x='` onfocus='alert(5)' autofocus=",
  "javascript:alert(6) [a](javascript:alert(7)) ![b](https://evil.example/p.png) <https://evil.example>",
  "{{constructor}} {{{this}}} ${7*7} {% x %} #{1+1} {{> layout}}",
  "pay \u202etfel ot thgir\u202c \u2066isolated\u2069 now \u061c",
  "zero\u200bwidth\u200c \u2060join\ufeff soft\u00adhyphen",
  "NUL \u0000 BEL \u0007 backspace \b\b\b delete \u007f vertical \u000b form \f",
  "\u001b[31mred\u001b[2J\u001b[1;1H \u009b31m \u001b]0;title\u0007",
  "\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\ \u009d8;;https://evil.example\u009clink",
  "overwritten\rhidden line\r\nnext\u0085line",
  `long ${"w".repeat(100_000)}`,
  "lone \ud800 and \udc00 surrogates",
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  '=HYPERLINK("https://evil.example","x")',
  "+1-1@SUM(1) ::error file=x,line=1::taken over",
  "-2+3 | cell | `code` **bold** ~~struck~~ <details>",
  "@everyone closes #1 ::set-output name=x::y",
  "line\u2028separator\u2029paragraph",
  "\t=1+1\n=2+2\n::warning::x\n# heading\n- list\n```\n",
  "%2e%2e%2f %00 %s %d &lt;b&gt; &#106;avascript: \\u003cscript\\u003e \\n",
];

/** Questions of the project, one for each hostile text. */
const QUESTIONS = HOSTILE.length;
const at = (i: number): string => HOSTILE[i % HOSTILE.length]!;
const short = (i: number): string => at(i).slice(0, 200);
/** Text without what a line of a TREC table cannot hold: tabs, line ends, NUL, lone surrogates. */
const word = (i: number): string =>
  short(i)
    .replace(/[\t\n\r\u0000\u0085\ud800-\udfff]/g, " ")
    .trim();

/** The name of a folder or file, as bad as a file system takes it. */
export const EVIL = `x<img src=q onerror=alert(8)>\u202e\u001b[31m"'&`;

const queryId = (i: number): string => `${word(i)} #${i}`;
const passageId = (i: number): string => `${word(i + 3)} p${i}`;
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const yaml = (value: unknown): string => `${JSON.stringify(value).replaceAll("\u007f", "\\u007f")}\n`;
/** YAML has no lone surrogates. */
const text = (i: number): string => short(i).replace(/[\ud800-\udfff]/g, "?");

const MODEL = { kind: "openai", base_url: "${URL}", stream: false, max_attempts: 1, timeout_s: 20 };
const card = (i: number) => ({
  ...{ title: text(i), description: text(i + 1), licence: text(i + 2), size: text(i + 3), type: text(i + 4) },
  ...{ training_data: text(i + 5), tags: [text(i + 6), text(i + 7), "__proto__"], retriever: { kind: "bm25" } },
});
const price = { on: "2026-05-31", source: text(1), input: 1, output: 2 };
const scale = { 0: text(1), 1: text(2), 2: text(5) };
const { stream: _, ...JUDGING } = MODEL;
const asking = { sees: ["question", "references"], prompt: "prompt.hbs", model: { ...JUDGING, model: text(0) } };
const PROMPT =
  "<question>{{question}}</question> {{#each references}}{{this}} {{/each}}<answer>{{answer}}</answer> {{reply_format}}";

const criteria = (i: number) => [
  { id: "correctness", question: text(i), scale },
  { id: "constructor", question: text(i + 1), scale },
];
const judge = (i: number, changes: object = {}): string =>
  yaml({
    ...{ kind: "model", title: text(i), description: text(i + 2), criteria: criteria(i) },
    ...asking,
    ...changes,
  });

function files(): Readonly<Record<string, string>> {
  const questions = Array.from({ length: QUESTIONS }, (_, i) => ({
    ...{ _id: queryId(i), text: `thing${i} ${at(i)}`, answers: [`answer${i}`, at(i + 1)], answerable: i % 7 !== 6 },
    ...{ tags: [short(i), "__proto__", word(0)], split: "test", document: short(i + 2) },
    ...(i % 3 === 0 && {
      history: [
        { role: "user", content: at(i + 4) },
        { role: "assistant", content: at(i + 5) },
      ],
    }),
  }));
  const evals = questions.map((row, i) => ({ ...row, _id: `eval ${i}`, split: "eval" }));
  const passages = Array.from({ length: QUESTIONS }, (_, i) => ({
    ...{ _id: passageId(i), title: short(i + 6), text: `thing${i} answer${i} ${at(i)}`, document: short(i + 2) },
  }));
  const qrels = (id: (i: number) => string) =>
    `query-id\tcorpus-id\tscore\n${questions.map((_, i) => `${id(i)}\t${passageId(i)}\t${1 + (i % 2)}\n`).join("")}`;
  const replayed = questions.map(({ _id }) => ({ query: _id, text: `As an expert I say so. ${SCRIPT}` }));
  return {
    "datasets/odd/corpus.jsonl": lines(passages),
    "datasets/odd/queries.jsonl": lines([...questions, ...evals]),
    "datasets/odd/qrels/test.tsv": qrels(queryId),
    "datasets/odd/qrels/eval.tsv": qrels((i) => `eval ${i}`),
    "datasets/odd/dataset.yaml": yaml({
      ...{ id: "odd", title: text(0), version: text(9), license: text(1), language: text(3), description: text(6) },
      ...{ splits: ["test", "eval"], references_by: [text(2)], provenance: { [text(4)]: text(9), list: [text(10)] } },
    }),
    "datasets/odd/README.md": at(0) + at(9),
    [`benchmarks/${EVIL}/suite.yaml`]: yaml({
      ...{ title: text(1), description: text(0), dataset: "odd", conditions: ["rag@2", "closed-book"] },
      ...{ metrics: ["R@2", "nDCG@10", "EM", "F1", "Coverage"], max_failures: 1 },
      ...{ refusal: { phrases: ["I decline", text(0)], patterns: ["<script>decline"] } },
      ...{
        gate: { F1: { min_effect: 0.02 }, "nDCG@10": {}, [`j${EVIL}/correctness`]: { min_effect: 0.1 } },
        gate_limits: { failed: 0.01 },
      },
    }),
    [`benchmarks/systems/a${EVIL}.yaml`]: yaml({ ...card(0), generator: { ...MODEL, model: text(0) }, price }),
    [`benchmarks/systems/b${EVIL}.yaml`]: yaml({ ...card(6), generator: { ...MODEL, model: text(9) }, price }),
    "benchmarks/systems/constant.yaml": yaml({ ...card(9), generator: { kind: "replay", file: "constant.jsonl" } }),
    "benchmarks/systems/constant.jsonl": lines(replayed),
    "benchmarks/systems/reader.yaml": yaml({ ...card(11), generator: { kind: "reader" } }),
    [`judges/j${EVIL}/judge.yaml`]: judge(0),
    [`judges/j${EVIL}/prompt.hbs`]: PROMPT,
    "judges/other/judge.yaml": judge(9, { model: { ...JUDGING, model: "other" } }),
    "judges/other/prompt.hbs": PROMPT,
    "judges/pair/judge.yaml": yaml({ ...{ kind: "pairwise", title: text(0), question: text(9) }, ...asking }),
    "judges/pair/prompt.hbs": "{{question}} {{references}} <a>{{answer_a}}</a> <b>{{answer_b}}</b> {{reply_format}}",
    "judges/passages/judge.yaml": judge(2, {
      grades: "passages",
      criteria: [{ id: "relevance", question: text(9), scale }],
    }),
    "judges/passages/prompt.hbs": PROMPT,
    "judges/words/judge.yaml": yaml({
      ...{ kind: "lexical", title: text(9), criteria: criteria(9) },
    }),
    [`external/${EVIL}.yaml`]: yaml({
      ...{ title: text(0), suite: EVIL },
      source: {
        name: text(9),
        url: 'https://example.org/"><script>alert(9)</script>',
        date: "2024-08-30",
        note: text(6),
      },
      protocol: { [text(0)]: text(9), judge: text(1) },
      metrics: { [text(2)]: { title: text(3), meaning: text(10), range: [0, 1] }, constructor: {} },
      results: [
        { system: text(0), condition: text(9), metric: text(2), right: 54, n: 71 },
        { system: text(6), condition: text(9), metric: text(2), right: 53, n: 71 },
        { system: text(6), metric: "constructor", mean: 0.5 },
      ],
    }),
  };
}

const fails = (i: number): boolean => i % 12 === 3;
const declines = (i: number): boolean => i % 12 === 4;

/** Answers, judges and fails as one who means harm: by what it is asked it knows the question's number. */
const endpoint: Reply = (response, request) => {
  if (request.path.endsWith("/models"))
    return json({ data: [0, 9].map((i) => ({ id: text(i) })).concat({ id: "other" }) })(response, request);
  const { messages = [], model } = request.body as { messages?: { content: string }[]; model?: string };
  const asked = JSON.stringify(messages);
  const i = Number(/thing(\d+)/.exec(asked)?.[1] ?? 0);
  const more = { model: short(9), system_fingerprint: at(0), id: at(1) };
  const said = (value: object) => completion(JSON.stringify({ reason: at(i + 2), ...value }), more)(response, request);
  if (/preference/.test(asked))
    return i === 5 ? completion(at(i), more)(response, request) : said({ preference: i % 2 === 0 ? "A" : "tie" });
  if (/relevance/.test(asked)) return said({ relevance: i % 3 });
  if (/correctness/.test(asked)) {
    if (i % 10 === 4) return completion(at(i), more)(response, request);
    return said({ correctness: (i + (model === "other" ? 1 : 0)) % 3, constructor: i % 3 });
  }
  if (fails(i)) return json({ error: { message: at(i + 6), type: at(i), code: at(i + 1) } }, 400)(response, request);
  if (declines(i)) return completion(`I decline. ${at(i)}`, more)(response, request);
  const right = model === text(0) ? i % 2 === 0 : i % 3 === 0;
  const content = right ? `answer${i}` : at(i + 5);
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: short(i + 1) || "stop" }];
  return completion(content, { ...more, choices })(response, request);
};

export interface HostileProject {
  readonly root: string;
  /** Folders of the finished runs, the newest last, by system. */
  readonly runs: ReadonlyMap<string, readonly string[]>;
  /** A file of labels by two people. */
  readonly labels: string;
  cli(...argv: readonly string[]): Promise<CliResult>;
}

/**
 * A project in which all is hostile that somebody else may have written, with two finished runs of each system.
 * @param root an empty folder @param server answers its systems and judges
 */
export async function hostileProject(root: string, server: FaultServer): Promise<HostileProject> {
  server.reply(endpoint);
  for (const [name, content] of Object.entries(files())) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  const cli = (...argv: readonly string[]) => runCli(argv, root, { env: { URL: server.url } });
  const systems = [`a${EVIL}`, `b${EVIL}`, "constant", "reader"];
  for (const more of [[], ["--fresh", "--refresh"]])
    await sound(cli("run", "-b", EVIL, "-s", systems.join(","), "--quiet", ...more));
  const runs = new Map<string, string[]>();
  for (const name of (await readdir(join(root, "runs"))).toSorted()) {
    const log = await readFile(join(root, "runs", name, "run.jsonl"), "utf8");
    const { system } = JSON.parse(log.slice(0, log.indexOf("\n"))) as { system: { id: string } };
    runs.set(system.id, [...(runs.get(system.id) ?? []), `runs/${name}`]);
  }
  const labels = Array.from({ length: QUESTIONS }, (_, i) =>
    (fails(i) || declines(i) ? [] : ["rag@2", "closed-book"]).flatMap((condition) =>
      ["correctness", "constructor"].flatMap((criterion) =>
        [short(0), short(9)].map((rater, r) => ({
          ...{
            system: `a${EVIL}`,
            query: queryId(i),
            condition,
            trial: 0,
            rater,
            criterion,
            score: (i + (i % 8 === r ? 1 : 0)) % 3,
          },
          comment: at(i),
        })),
      ),
    ),
  );
  const name = `labels ${EVIL}.jsonl`;
  await writeFile(join(root, name), lines(labels.flat()));
  return { root, runs, labels: name, cli };
}

async function sound(running: Promise<CliResult>): Promise<void> {
  const { exitCode, stderr } = await running;
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr.slice(0, 4000)}`);
}
