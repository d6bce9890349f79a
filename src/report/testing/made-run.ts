import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome } from "../../core/outcome.ts";
import { seeded } from "../../core/rng.ts";
import { sha256 } from "../../lib/hash.ts";
import { fileNameOf } from "../../lib/text.ts";
import { type Metric, parseMetric } from "../../metric/index.ts";
import type { AnswerLine, FailureLine, Manifest, QuestionRecord, ResultLine } from "../../runlog/index.ts";

/** What a made run is to be like. */
export interface MadeRun {
  readonly run: string;
  readonly system: string;
  readonly title?: string;
  readonly suite?: string;
  readonly questions?: number;
  /** Chance that a passage is found and that an answer is right, in [0, 1]. */
  readonly skill: number;
  readonly conditions?: readonly string[];
  readonly metrics?: readonly string[];
  readonly cluster?: "none" | "document";
  readonly trials?: number;
  readonly protocolFields?: Readonly<Record<string, unknown>>;
  readonly startedAt?: string;
  readonly interrupted?: boolean;
  /** Questions on which the system fails, by position. */
  readonly failAt?: readonly number[];
  readonly source?: "measured" | "replayed";
  /** Changes a question or an answer before it is scored, to put hostile text there. */
  readonly question?: (record: QuestionRecord, at: number) => QuestionRecord;
  readonly answer?: (text: string, at: number, condition: string) => string;
  readonly passage?: (text: string, at: number) => string;
  /** What else an answer's line has, such as its cost. */
  readonly more?: (at: number, condition: string, trial: number) => Partial<AnswerLine>;
  readonly price?: unknown;
  /** What the system's file says of it besides how it is built. */
  readonly card?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a run folder as a finished run leaves it: lines in the plan's order, outcomes computed by the real metrics from
 * made-up rankings and answers. The same description gives the same bytes.
 * @returns the run's folder
 */
export async function makeRun(parent: string, made: MadeRun): Promise<string> {
  const dir = join(parent, fileNameOf(made.run));
  const { questions: n = 40, conditions = ["rag@3", "rag@5"], trials = 1 } = made;
  const names = made.metrics ?? ["R@4", "nDCG@10", "EM", "F1", "Coverage"];
  const metrics = names.map((name) => {
    const parsed = parseMetric(name);
    if (!parsed.ok) throw new Error(`${name}: ${parsed.problem.expected}`);
    return parsed.metric;
  });
  const questions = Array.from({ length: n }, (_, i) => (made.question ?? ((q) => q))(question(i), i));
  const passages = Array.from({ length: 2 * n }, (_, i) => ({
    id: `p${i}`,
    document: `page-${i % 7}`,
    title: `Section ${i} of the guide`,
    text: (made.passage ?? ((t) => t))(
      `Chapter ${i} states that the limit of device ${i} is ${i * 3 + 1} units. `.repeat(3),
      i,
    ),
  }));
  const lines = questions.flatMap((record, at) =>
    resultsOf(record, at, { ...made, conditions, trials }, metrics, 2 * n),
  );
  const manifest = manifestOf(made, { n, conditions, trials, names });
  const kept = made.interrupted ? lines.slice(0, Math.floor(lines.length / 2)) : lines;
  const body = [manifest, ...kept].map((line) => `${JSON.stringify(line)}\n`).join("");
  const files = { questions: jsonl(questions), passages: jsonl(passages) };
  const end = {
    kind: "end",
    status: "complete",
    counts: {
      retrievals: lines.filter((l) => l.kind === "retrieval").length,
      answers: lines.filter((l) => l.kind === "answer").length,
      failures: lines.filter((l) => l.kind === "failure").length,
    },
    files: { questions: sha256(files.questions), passages: sha256(files.passages) },
    endedAt: "2026-03-02T10:04:11.000Z",
    sha256: sha256(body),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "run.jsonl"), made.interrupted ? body : `${body}${JSON.stringify(end)}\n`);
  await writeFile(join(dir, "questions.jsonl"), files.questions);
  if (!made.interrupted) await writeFile(join(dir, "passages.jsonl"), files.passages);
  return dir;
}

function jsonl(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function question(i: number): QuestionRecord {
  const answerable = i % 8 !== 7;
  return {
    id: `q${i + 1}`,
    text: `What is the limit of device ${i}, and from which chapter does one know it?`,
    answerable,
    ...(answerable && { answers: [`${i * 3 + 1} units`] }),
    ...(i % 5 === 3 && {
      history: [
        { role: "user" as const, content: "Is there a guide to these devices?" },
        { role: "assistant" as const, content: "Yes, it has chapters." },
      ],
    }),
    tags: [i % 2 === 0 ? "lookup" : "numeric"],
    document: `page-${i % 7}`,
    judgements: answerable
      ? [
          [`p${i}`, 2],
          [`p${i + 1}`, 1],
        ]
      : [],
  };
}

type Settled = MadeRun & { readonly conditions: readonly string[]; readonly trials: number };

function resultsOf(record: QuestionRecord, at: number, made: Settled, metrics: readonly Metric[], passages: number) {
  const rng = seeded(`${made.system}/${at}`);
  const source = made.source ?? "measured";
  const judgements = new Map(record.judgements);
  const others = Array.from({ length: 10 }, () => `p${rng.below(passages)}`);
  const found = rng.float() < made.skill;
  const rank = found ? rng.below(3) : 10;
  const ids = Array.from(new Set([...others.slice(0, rank), `p${at}`, ...others.slice(rank)])).slice(0, 10);
  const ranked = found ? ids : ids.filter((id) => id !== `p${at}`);
  const lines: ResultLine[] = [
    {
      kind: "retrieval",
      query: record.id,
      trial: 0,
      ranking: ranked.map((id, i) => [id, Number((14.2 - i * 0.83).toFixed(3))] as const),
      outcomes: Object.fromEntries(
        metrics.flatMap((m): [string, Outcome][] =>
          m.kind === "ranking" ? [[m.name, m.compute(ranked, judgements)]] : [],
        ),
      ),
      timing: { ms: 0.4 + rng.float(), source },
    },
  ];
  const answerable = record.answerable ?? true;
  for (const condition of made.conditions) {
    for (let trial = 0; trial < made.trials; trial += 1) {
      lines.push(answerLine(condition, trial));
    }
  }
  return lines;

  function answerLine(condition: string, trial: number): AnswerLine | FailureLine {
    const outcomes = (sample: { answer: string; refused: boolean } | undefined) =>
      Object.fromEntries(
        metrics.flatMap((m): [string, Outcome][] => {
          if (m.kind !== "answer") return [];
          const asked = { answerable, references: record.answers };
          return [[m.name, sample ? m.compute({ ...sample, ...asked }) : m.floor(asked)]];
        }),
      );
    const place = { query: record.id, condition, trial };
    if (made.failAt?.includes(at)) {
      const failure = {
        stage: "answer",
        code: "E_ENDPOINT_TIMEOUT",
        message: "no reply within 60 s",
        attempts: 4,
      } as const;
      return { kind: "failure", ...place, ...failure, outcomes: outcomes(undefined) };
    }
    const luck = rng.float();
    const refused = answerable ? luck > 0.95 : luck < made.skill;
    const right = luck < made.skill * (found ? 0.95 : 0.3);
    const said = refused
      ? "I could not find this in the documents."
      : right
        ? `${at * 3 + 1} units`
        : luck < 0.8
          ? `about ${at * 3 + 1} units, as the chapter states`
          : "The guide says nothing more than that the limit depends on the device.";
    const text = refused ? said : (made.answer ?? ((t) => t))(said, at, condition);
    return {
      kind: "answer",
      ...place,
      text,
      refused,
      refusedBy: refused ? "phrase: could not find" : "none",
      finish: "stop",
      usage: { promptTokens: 412 + at, completionTokens: text.length % 97 },
      context: ranked.slice(0, Number(/\d+$/.exec(condition)?.[0] ?? 1)),
      outcomes: outcomes({ answer: text, refused }),
      timing: { firstTokenMs: 80 + 40 * rng.float(), ms: 300 + 900 * rng.float() ** 3, source },
      ...made.more?.(at, condition, trial),
    };
  }
}

function manifestOf(
  made: MadeRun,
  plan: { n: number; conditions: readonly string[]; trials: number; names: readonly string[] },
): Manifest {
  const suite = made.suite ?? "handbook";
  const fields = { suite, dataset: "d1", prompt: "p1", ...made.protocolFields };
  return {
    kind: "manifest",
    schema: 1,
    run: made.run,
    suite: { id: suite, sha256: sha256(suite), title: `The ${suite} suite`, config: { dataset: suite, split: "test" } },
    dataset: { id: suite, split: "test", sha256: sha256("dataset"), queries: plan.n, passages: 2 * plan.n },
    system: {
      id: made.system,
      sha256: sha256(made.system),
      title: made.title ?? made.system,
      config: { ...made.card, retriever: { kind: "bm25", k1: 1.2, b: 0.75 } },
    },
    conditions: plan.conditions,
    trials: plan.trials,
    metrics: plan.names,
    depth: 10,
    seed: 0,
    level: 0.95,
    cluster: made.cluster ?? "none",
    protocol: `sha256:${sha256(JSON.stringify(fields))}`,
    protocolFields: fields,
    ...(made.price !== undefined && { price: made.price }),
    code: { version: "0.1.0", commit: "4f2c91aa03", dirty: false },
    machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.20.2" },
    command: `bench run --suite ${suite} --system ${made.system} --topk 3,5`,
    startedAt: made.startedAt ?? "2026-03-02T10:00:00.000Z",
  };
}
