import { join } from "node:path";
import { scored, unscored } from "../../core/outcome.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { QuestionList, type QuestionRecord, type ResultLine, RunLogWriter } from "../../runlog/index.ts";
import { manifest, owner } from "../../runlog/testing/made-log.ts";

/**
 * What became of one question under one condition: EM of each trial, or `refused`, `failed`; then, after a space, whether
 * a gold passage was given: `1 gold`, `0`, `refused gold`, `1/0/1 gold`.
 */
export type Became = string;

/** A run written by the real writer, of questions whose results are spelled out. Questions named `no-gold…` have none. */
export async function answeredRun(
  questions: Readonly<Record<string, Readonly<Record<string, Became>>>>,
  conditions: readonly string[],
  trials = 1,
): Promise<string> {
  const dir = join(await tempFolder(), "r");
  const records = Object.keys(questions).map(
    (id): QuestionRecord => ({
      id,
      text: id,
      answers: ["x"],
      judgements: id.startsWith("no-gold") ? [] : [["gold", 1]],
    }),
  );
  const plan = manifest({
    run: "r",
    conditions,
    trials,
    depth: 2,
    cluster: "none",
    metrics: ["EM"],
    dataset: { ...manifest().dataset, queries: records.length },
  });
  const writer = await RunLogWriter.create(dir, plan, QuestionList.of(records), { owner: owner() });
  for (const [query, results] of Object.entries(questions)) {
    await writer.append({
      ...{ kind: "retrieval", query, trial: 0, ranking: [], outcomes: {} },
      timing: { ms: 1, source: "measured" },
    });
    for (const condition of conditions) {
      const [said = "", gold] = (results[condition] ?? "0").split(" ");
      const each = said.split("/");
      for (let trial = 0; trial < trials; trial += 1) {
        await writer.append(lineOf({ query, condition, trial }, each[trial] ?? each[0]!, gold === "gold"));
      }
    }
  }
  await writer.seal({
    endedAt: "2026-01-02T03:04:05.000Z",
    shown: 2,
    passages: async (ids) => ids.map((id) => ({ id, document: id, text: id })),
  });
  return dir;
}

function lineOf(
  place: { readonly query: string; readonly condition: string; readonly trial: number },
  said: string,
  gold: boolean,
): ResultLine {
  if (said === "failed") {
    const outcomes = { EM: scored(0) };
    return { kind: "failure", ...place, stage: "answer", code: "E_X", message: "", attempts: 1, outcomes };
  }
  const refused = said === "refused";
  return {
    kind: "answer",
    ...place,
    text: said,
    refused,
    refusedBy: "none",
    finish: "stop",
    context: gold ? ["other", "gold"] : ["other"],
    outcomes: { EM: said === "unscored" ? unscored("no-gold", "") : scored(refused ? 0 : Number(said)) },
    timing: { ms: 1, source: "measured" },
  };
}
