import { open, stat } from "node:fs/promises";
import { seeded } from "../../core/rng.ts";
import {
  type Calibration,
  type Calibrations,
  type GradingEnd,
  type GradingHead,
  type JudgeProbes,
  listGradings,
  newestGradings,
  type Run,
} from "../../runlog/index.ts";
import type { JudgedPairs } from "../pairs/pairs-view.ts";
import { summarisePairs } from "../pairs/summarise-pairs.ts";

/** What is known of a judge besides what runs and its calibration say. */
export interface KnownJudge {
  /** Of its files as they are now; absent where they cannot be read. */
  readonly sha256?: string;
  /** As its file has it. */
  readonly kind?: string;
  readonly probes?: JudgeProbes;
}

/** A run that a judge graded. */
export interface RunOfJudge {
  readonly run: Run;
  readonly head: GradingHead;
  /** Absent while some answers are not judged yet. */
  readonly counts?: GradingEnd["counts"];
}

/** All that the site says of one judge. */
export interface JudgeSheet {
  readonly id: string;
  readonly title?: string;
  readonly calibration?: Calibration;
  readonly probes?: JudgeProbes;
  /** Of pairs, a panel, or of single answers. */
  readonly kind?: string;
  /** The judge as its files have it now. */
  readonly now?: string;
  readonly runs: readonly RunOfJudge[];
  readonly pairs: readonly JudgedPairs[];
}

type Growing = { -readonly [K in keyof JudgeSheet]: JudgeSheet[K] } & { runs: RunOfJudge[]; pairs: JudgedPairs[] };

/**
 * Every judge that graded a run of the site, or compared two, or decides on its refusals, and every one that was calibrated or probed.
 * @throws DataError when a file of grades is damaged
 */
export async function judgeSheets(
  runs: readonly Run[],
  calibrations: Calibrations = new Map(),
  known: ReadonlyMap<string, KnownJudge> = new Map(),
): Promise<JudgeSheet[]> {
  const sheets = new Map<string, Growing>();
  const sheetOf = (id: string): Growing => {
    const calibration = calibrations.get(id);
    const { sha256, kind, probes } = known.get(id) ?? {};
    const sheet = sheets.get(id) ?? {
      ...{ id, runs: [], pairs: [] },
      ...(calibration && { calibration }),
      ...(probes && { probes }),
      ...(sha256 !== undefined && { now: sha256 }),
      ...(kind !== undefined && { kind }),
    };
    sheets.set(id, sheet);
    return sheet;
  };
  for (const id of calibrations.keys()) sheetOf(id);
  for (const [id, { probes }] of known) if (probes) sheetOf(id);
  const titles = new Map(runs.map(({ manifest: { run, system } }) => [run, system.title ?? system.id]));
  for (const run of runs) {
    const { dir, manifest, end } = run;
    if (manifest.refusalJudge) sheetOf(manifest.refusalJudge.id);
    if (end === undefined) continue;
    for (const { path, head } of await newestGradings(dir, end.sha256)) {
      const counts = await countsOf(path);
      const sheet = sheetOf(head.judge.id);
      if (head.judge.title !== undefined) sheet.title = head.judge.title;
      sheet.runs.push({ run, head, ...(counts && { counts }) });
    }
    for (const { path, head } of await listGradings(dir, "pairs")) {
      if (head.log !== end.sha256 || head.against === undefined) continue;
      const summary = await summarisePairs(path, { level: manifest.level, rng: seeded(0).fork("judge-pairs") });
      const { against } = head;
      const names = { first: titles.get(head.run)!, second: titles.get(against.run) ?? against.system };
      const sheet = sheetOf(head.judge.id);
      if (head.judge.title !== undefined) sheet.title = head.judge.title;
      sheet.pairs.push({ ...summary, ...names });
    }
  }
  return [...sheets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const TAIL_BYTES = 4096;

/** What the last line of a grade file counts, where it is the end. */
async function countsOf(path: string): Promise<GradingEnd["counts"] | undefined> {
  const { size } = await stat(path);
  const file = await open(path, "r");
  try {
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const last = buffer.subarray(0, bytesRead).toString("utf8").trimEnd().split("\n").at(-1) ?? "";
    if (!last.startsWith('{"kind":"end"')) return undefined;
    return (JSON.parse(last) as GradingEnd).counts;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** What the site says of two runs' answers side by side, whichever of them the verdicts stand in. */
export function pairsOf(sheets: readonly JudgeSheet[], one: string, other: string): JudgedPairs[] {
  return sheets.flatMap(({ pairs }) =>
    pairs.filter(
      ({ head: { run, against } }) =>
        (run === one && against?.run === other) || (run === other && against?.run === one),
    ),
  );
}
