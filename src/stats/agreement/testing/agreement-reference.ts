import { readFileSync } from "node:fs";
import { shared } from "../../../lib/testing/shared.ts";
import { type GradeColumn, type Tally, tallyGrades } from "../tally.ts";

/** What `../shared/reference/agreement.json` says of a pair of raters, as far as tests read it. */
export interface PairReference {
  readonly n: number;
  readonly labels: number[];
  readonly confusion_rows_human_columns_judge: number[][];
  readonly accuracy: number;
  readonly within_1: number;
  readonly mean_human: number;
  readonly mean_judge: number;
  readonly mae: number;
  readonly kappa: number;
  readonly kappa_linear: number;
  readonly kappa_quadratic: number;
  readonly kappa_se_ci_statsmodels: KappaErrors;
  readonly kappa_linear_se_ci_statsmodels: KappaErrors;
  readonly kappa_quadratic_se_ci_statsmodels: KappaErrors;
  readonly alpha: AlphaReference;
  readonly spearman: [number, number];
  readonly kendall_tau_b: [number, number];
  readonly pearson: [number, number];
}

export interface KappaErrors {
  readonly std_kappa: number;
  readonly std_kappa0: number;
}

export type AlphaReference = Record<"nominal" | "ordinal" | "interval", number>;

/** irrCAC's figures per weighting, printed to 12 decimals. */
export type IrrCac = Record<string, { gwet: { coef: number; se: number } }>;

export interface RatersReference {
  readonly alpha: AlphaReference;
  readonly irrCAC: IrrCac;
  readonly first_two_raters: PairReference;
  readonly judge_correlation: Record<string, Record<"human_median" | "human_mean", Correlations>>;
}

export interface Correlations {
  readonly n: number;
  readonly spearman: number;
  readonly kendall_tau_b: number;
  readonly pearson: number;
}

export interface AgreementReference {
  readonly llmjudge: Record<string, { clipped: PairReference; gwet_and_others_irrCAC: IrrCac } & RatersReference>;
  readonly mtrag: Record<string, RatersReference>;
  readonly openqa_human_vs_gpt4: PairReference & { irrCAC: IrrCac };
  readonly openqa_human_vs_gpt4_text_starting_yes_no: PairReference;
  readonly degenerate: Record<string, Record<string, unknown> & { a: number[]; b: number[] }>;
}

export function agreementReference(): AgreementReference {
  return JSON.parse(readFileSync(shared("reference/agreement.json"), "utf8")).values;
}

/** A tally that has these counts: rows the first rater, columns the second. */
export function tallyOfCounts(
  counts: readonly (readonly number[])[],
  scale: readonly number[] = [...counts.keys()],
): Tally {
  const a: number[] = [];
  const b: number[] = [];
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      for (let c = 0; c < count; c++) {
        a.push(scale[i]!);
        b.push(scale[j]!);
      }
    });
  });
  return tallyGrades([a, b], scale);
}

/**
 * Grades of some files of llmjudge-2024 on the pairs of the first, clipped to 3 as the published figures have them.
 * @example llmjudgeColumns("llmjudge_test_qrel_idx.txt", "scores/h2oloo-fewself.txt")
 */
export function llmjudgeColumns(...files: readonly string[]): number[][] {
  const tables = files.map((file) => {
    const lines = readFileSync(shared(`data/llmjudge-2024/${file}`), "utf8")
      .trim()
      .split("\n");
    return new Map(
      lines.map((line) => {
        const [query, , passage, grade] = line.split(" ");
        return [`${query} ${passage}`, Math.min(3, Number(grade))];
      }),
    );
  });
  const keys = [...tables[0]!.keys()];
  return tables.map((table) => keys.map((key) => table.get(key)!));
}

/** The rows of mtrag-human-eval: grades by dimension, two or three raters each. */
export function mtragRows(): Record<string, unknown>[] {
  const lines = readFileSync(shared("data/mtrag-human-eval/flat.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** The grades of each rater on one dimension of those rows; undefined where the third rater is missing. */
export function mtragColumns(rows: readonly Record<string, unknown>[], dimension: string): GradeColumn[] {
  return [0, 1, 2].map((rater) => rows.map((row) => (row[dimension] as number[])[rater]));
}
