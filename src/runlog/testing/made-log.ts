import { scored, unscored } from "../../core/outcome.ts";
import type { Passage } from "../../core/passage.ts";
import type { Owner } from "../lock.ts";
import { QuestionList } from "../question-list.ts";
import type { AnswerLine, FailureLine, Manifest, QuestionRecord, ResultLine, RetrievalLine } from "../schema.ts";
import { groupOf, Slots } from "../slots.ts";
import { RunLogWriter, type WriterOptions } from "../writer.ts";

/** A process that no test is. */
export function owner(pid = 11, alive: readonly number[] = []): Owner {
  return { host: "here", pid, startedAt: 1000 + pid, isAlive: (other) => alive.includes(other) };
}

const SHA = "0".repeat(64);

export function manifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    kind: "manifest",
    schema: 1,
    run: "tiny-made-1",
    suite: { id: "tiny", sha256: SHA, config: {} },
    dataset: { id: "tiny", split: "test", sha256: SHA, queries: 3, passages: 9 },
    system: { id: "made", sha256: SHA, config: {} },
    conditions: ["rag@2", "closed-book"],
    trials: 2,
    metrics: ["R@2", "EM", "RefusalRecall"],
    depth: 4,
    seed: 0,
    level: 0.95,
    cluster: "document",
    protocol: `sha256:${SHA}`,
    protocolFields: { version: 1 },
    code: { version: "0.1.0" },
    machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.19.0" },
    command: "bench run tiny --system made",
    startedAt: "2026-01-02T03:04:05.000Z",
    ...changes,
  };
}

/** Ids that would break a path, an object used as a map, or a terminal. */
export const questions: readonly QuestionRecord[] = [
  {
    id: "../../x",
    text: "Größe? 🙂",
    answers: ["α"],
    document: "d1",
    judgements: [
      ["p1", 2],
      ["p7", 1],
      ["p9", 0],
    ],
  },
  { id: "__proto__", text: "unanswerable?", answerable: false, document: "d2", judgements: [] },
  { id: "q\u001b[31m", text: "third", answers: ["c"], document: "d1", judgements: [["constructor", 1]] },
];

export function retrieval(query: string, changes: Partial<RetrievalLine> = {}): RetrievalLine {
  return {
    kind: "retrieval",
    query,
    trial: 0,
    ranking: [
      ["p1", 3.5],
      ["p2", 2.25],
      ["p3", 1],
      ["constructor", 0.5],
    ],
    outcomes: { "R@2": scored(0.5) },
    timing: { ms: 1.5, source: "measured" },
    ...changes,
  };
}

export function answer(query: string, condition: string, trial: number, changes: Partial<AnswerLine> = {}): AnswerLine {
  return {
    kind: "answer",
    query,
    condition,
    trial,
    text: `réponse à ${query}`,
    refused: false,
    refusedBy: "none",
    finish: "stop",
    context: condition === "closed-book" ? [] : ["p1", "p2"],
    outcomes: { EM: scored(trial), RefusalRecall: unscored("not-applicable", "answerable") },
    timing: { ms: 20, firstTokenMs: 5, source: "measured" },
    ...changes,
  };
}

export function failure(query: string, changes: Partial<FailureLine> = {}): FailureLine {
  return {
    kind: "failure",
    query,
    trial: 0,
    stage: "answer",
    code: "E_ENDPOINT_TIMEOUT",
    message: "no reply in 60 s",
    attempts: 4,
    outcomes: { EM: scored(0) },
    ...changes,
  };
}

/** A result for every slot of the plan, in its order; the second question's retrieval and what hangs on it failed. */
export function allLines(made: Manifest = manifest()): ResultLine[] {
  const slots = new Slots(
    questions.map((q) => q.id),
    made,
  );
  return questions.flatMap(({ id }) =>
    slots.groups.flatMap(({ name, trials }) =>
      Array.from({ length: trials }, (_, trial): ResultLine => {
        const failed = id === "__proto__" && !name.startsWith("closed");
        if (name === "retrieval") {
          const floors = { "R@2": unscored("no-gold", "no passage is judged") };
          return failed ? failure(id, { stage: "retrieval", outcomes: floors }) : retrieval(id);
        }
        return failed ? failure(id, { condition: name, trial, stage: "retrieval" }) : answer(id, name, trial);
      }),
    ),
  );
}

/** Every passage exists but `p3`. */
export async function passages(ids: readonly string[]): Promise<(Passage | undefined)[]> {
  return ids.map((id) => (id === "p3" ? undefined : { id, text: `text of ${id}\n`, document: id, metadata: { a: 1 } }));
}

export const sealing = { endedAt: "2026-01-02T03:05:00.000Z", shown: 3, passages };

/** Writes a whole run with its lines in the given order. */
export async function writeRun(
  dir: string,
  lines: readonly ResultLine[] = allLines(),
  made: Manifest = manifest(),
  options: WriterOptions = { owner: owner() },
): Promise<void> {
  const writer = await RunLogWriter.create(dir, made, QuestionList.of(questions), options);
  for (const line of lines) await writer.append(line);
  if (writer.done === writer.slots.size) await writer.seal(sealing);
  await writer.close();
}

export { groupOf };
