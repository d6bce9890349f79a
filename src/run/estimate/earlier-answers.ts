import { ANSWERED, listRuns, type Manifest, readScores } from "../../runlog/index.ts";

/** What answers of one condition took in an earlier run. */
export interface EarlierAnswers {
  readonly run: string;
  readonly answers: number;
  /** Tokens per answer, as the server counted them; absent where it did not. */
  readonly promptTokens?: number;
  readonly answerTokens?: number;
  /** Mean milliseconds of the measured answers; absent where there is none. */
  readonly ms?: number;
}

/**
 * What an earlier run of the same system on the same dataset says of each condition: the newest that has it, a pilot of a
 * few questions included. Runs that cannot be read say nothing.
 * @returns by condition
 */
export async function earlierAnswers(
  runsDir: string,
  { system, dataset }: Pick<Manifest, "system" | "dataset">,
): Promise<ReadonlyMap<string, EarlierAnswers>> {
  const { runs } = await listRuns(runsDir);
  const same = runs
    .filter(({ manifest: m }) => m.system.sha256 === system.sha256 && m.dataset.id === dataset.id)
    .sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1));
  const found = new Map<string, EarlierAnswers>();
  for (const { dir, manifest } of same) {
    if (manifest.conditions.every((condition) => found.has(condition))) continue;
    const scores = await readScores(dir).catch(() => undefined);
    for (const condition of manifest.conditions) {
      const group = scores?.groups.get(condition);
      if (group === undefined || found.has(condition)) continue;
      const answers = group.answered.filter((cell) => cell === ANSWERED.answered || cell === ANSWERED.refused).length;
      if (answers === 0) continue;
      const { usage, ms } = group;
      found.set(condition, {
        run: manifest.run,
        answers,
        ...(usage.answers > 0 && {
          promptTokens: usage.promptTokens / usage.answers,
          answerTokens: usage.completionTokens / usage.answers,
        }),
        ...(ms.length > 0 && { ms: ms.reduce((sum, one) => sum + one, 0) / ms.length }),
      });
    }
  }
  return found;
}
