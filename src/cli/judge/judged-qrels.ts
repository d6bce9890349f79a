import { stat } from "node:fs/promises";
import { relative } from "node:path";
import type { ModelJudge } from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import {
  type GoldAgreement,
  goldAgreement,
  gradedPairs,
  type PairWithGold,
  type PassagePool,
  type PoolCounts,
} from "../../judge/index.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { sha256File } from "../../lib/hash.ts";
import { RowWriter } from "../../lib/row-writer.ts";
import { printable } from "../../lib/text.ts";
import { writeFile } from "../../lib/whole-files.ts";
import { formatFigure } from "../../report/calibration/calibration-text.ts";
import { formatCount, formatLevel, formatValue } from "../../report/text/format-number.ts";
import type { Run } from "../../runlog/index.ts";
import type { Deps } from "../deps.ts";
import { textTable } from "../terminal/text-table.ts";

/** What qrels by a model are made of. */
export interface JudgedPool {
  readonly judge: ModelJudge;
  readonly runs: readonly Run[];
  readonly pool: PassagePool;
  readonly counts: PoolCounts;
  readonly repeats: number;
  readonly depth: number;
  readonly all: boolean;
  readonly limit: number | undefined;
  /** Of the grades. */
  readonly path: string;
  readonly level: number;
  readonly seed: number;
}

/** The file beside qrels by a model that says so. */
export interface JudgedQrelsSheet {
  readonly schema: 1;
  readonly gradedBy: "model";
  readonly says: string;
  readonly judge: { readonly id: string; readonly sha256: string; readonly rubric: string; readonly model: string };
  readonly criterion: string;
  readonly scale: readonly { readonly grade: number; readonly meaning: string; readonly pairs: number }[];
  readonly repeats: number;
  readonly dataset: { readonly id: string; readonly split: string; readonly sha256: string };
  readonly pool: {
    readonly depth: number;
    readonly runs: readonly { readonly run: string; readonly system: string; readonly log: string }[];
    readonly questions: number;
    readonly pairs: number;
    /** Pairs of the pool that the dataset judges: judged here as well, or left out. */
    readonly judgedInDataset: { readonly pairs: number; readonly here: boolean };
    readonly limit?: number;
  };
  readonly graded: number;
  /** Pairs without a verdict; they are in no line of the qrels. */
  readonly failures: number;
  /** With the dataset's judgements, over the pairs that both graded. */
  readonly agreement?: { readonly pairs: number; readonly level: number; readonly figures: readonly GoldAgreement[] };
  /** Of the qrels file. */
  readonly sha256: string;
  readonly at: string;
}

const SAYS = "These grades are a model's, not people's. Pairs that are not listed were not judged.";

/** @param out of the qrels */
export function sidecarOf(out: string): string {
  return `${out.replace(/\.tsv$/, "")}.judge.json`;
}

/** @throws UsageError where the file is no qrels file, or is there already and not by a judge */
export async function checkOut(out: string, cwd: string): Promise<void> {
  const problem = (code: string, expected: string, got: string, fix: string) =>
    new UsageError({ code, where: relative(cwd, out), expected, got, fix });
  if (!out.endsWith(".tsv")) throw problem("E_OPTION", "a file that ends in .tsv", printable(out), "name it so");
  const there = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  if ((await there(out)) && !(await there(sidecarOf(out)))) {
    const fix = "choose another --out: judgements that no judge made are not replaced";
    throw problem("E_OUT_EXISTS", "no file, or qrels by a judge", "qrels without the file that names their judge", fix);
  }
}

/** Writes what a judge said of a pool as qrels in BEIR's form, and who said it beside them: first that, so that qrels never lack it. */
export async function writeJudgedQrels(out: string, made: JudgedPool, { clock }: Deps): Promise<JudgedQrelsSheet> {
  const { judge, runs, pool, counts, repeats, path, level, seed } = made;
  const [criterion] = judge.rubric.criteria;
  const histogram = new Map(criterion!.steps.map(({ value }) => [value, 0]));
  const both: PairWithGold[] = [];
  return writeFile(out, async (file) => {
    const rows = new RowWriter(file, "query-id\tcorpus-id\tscore");
    try {
      for await (const { query, passage, gold, grade } of gradedPairs(pool, path, repeats)) {
        if (grade === undefined) continue;
        await rows.write(`${query}\t${passage}\t${grade}`);
        histogram.set(grade, histogram.get(grade)! + 1);
        if (gold !== undefined) both.push({ query, gold, grade });
      }
    } finally {
      await rows.close(true);
    }
    const scale = [...histogram.keys()];
    const rng = seeded(seed).fork("judge-passages");
    const { dataset } = runs[0]!.manifest;
    const sheet: JudgedQrelsSheet = {
      schema: 1,
      gradedBy: "model",
      says: SAYS,
      judge: { id: judge.id, sha256: judge.sha256, rubric: judge.rubric.sha256, model: judge.model!.model },
      criterion: criterion!.id,
      scale: criterion!.steps.map(({ value, anchor }) => ({
        grade: value,
        meaning: anchor,
        pairs: histogram.get(value)!,
      })),
      repeats,
      dataset: { id: dataset.id, split: dataset.split, sha256: dataset.sha256 },
      pool: {
        depth: made.depth,
        runs: runs.map(({ manifest, end }) => ({ run: manifest.run, system: manifest.system.id, log: end!.sha256 })),
        questions: counts.questions,
        pairs: counts.pairs,
        judgedInDataset: { pairs: counts.judged, here: made.all },
        ...(made.limit !== undefined && { limit: made.limit }),
      },
      graded: rows.rows,
      failures: counts.pairs - rows.rows,
      ...(both.length > 0 && {
        agreement: { pairs: both.length, level, figures: goldAgreement(both, scale, { level, rng }) },
      }),
      sha256: await sha256File(file),
      at: new Date(clock.now()).toISOString(),
    };
    await replaceFile(sidecarOf(out), `${JSON.stringify(sheet, undefined, 1)}\n`);
    return sheet;
  });
}

/** The sheet for the terminal. @param about the pool in words */
export function judgedQrelsText(sheet: JudgedQrelsSheet, about: string): string {
  const { judge, pool, graded, failures, scale, agreement } = sheet;
  const { pairs: judged, here } = pool.judgedInDataset;
  return [
    printable(`${judge.id} on ${about}`),
    "",
    textTable(
      ["grade", "pairs", "share", "meaning"],
      scale.map(({ grade, pairs, meaning }) => [
        String(grade),
        formatCount(pairs),
        graded === 0 ? "—" : formatValue(pairs / graded, [0, 1]),
        meaning,
      ]),
    ),
    "",
    `${formatCount(pool.pairs)} pairs, ${formatCount(graded)} graded, ${formatCount(failures)} without a verdict and so without a line.`,
    `${formatCount(judged)} pairs of the pool are judged in the dataset${here ? "" : " and were left out; --all judges them, too, and shows the agreement"}.`,
    ...(agreement === undefined ? [] : ["", agreementText(agreement)]),
    "",
    SAYS,
  ].join("\n");
}

function agreementText({ pairs, level, figures }: NonNullable<JudgedQrelsSheet["agreement"]>): string {
  const reasons = new Set(figures.flatMap(({ kappa }) => ("reason" in kappa ? [kappa.reason] : [])));
  return [
    `Agreement with the dataset's judgements, ${formatCount(pairs)} pairs`,
    textTable(
      ["compared", "equal", "Cohen's κ"],
      figures.map(({ from, exact, kappa }) => [
        from === undefined ? "grades, κ with quadratic weights" : `relevant: judge ≥ ${from}, dataset ≥ 1`,
        formatFigure(exact, [0, 1]),
        formatFigure(kappa),
      ]),
    ),
    `[low, high]: ${formatLevel(level)} interval, by question.`,
    ...Array.from(reasons, (reason) => printable(`κ is not estimable: ${reason}.`)),
  ].join("\n");
}
