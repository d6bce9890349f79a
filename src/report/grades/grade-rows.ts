import { truncate } from "../../lib/text.ts";
import type { GradedLine, GradingHead, JudgedPart, LabelLine } from "../../runlog/index.ts";

/** What the list shows of a reason. */
const SHOWN_REASON = 120;

/** `g` graded, `p` graded in some repeats, `x` the judge gave no verdict, `-` not judged yet. */
export type GradeState = "g" | "p" | "x" | "-";

/** One answer in the list: a number for each column of the judge, and what people say there. */
export type GradeRow = readonly [
  condition: number,
  trial: number,
  state: GradeState,
  grades: readonly (number | null)[],
  labels: readonly (number | null)[] | null,
  said: string,
];

/** What stands behind a row: each repeat's verdict, and each person's label. */
export interface GradeDetail {
  readonly verdicts: readonly Verdict[];
  readonly people: readonly (readonly [rater: string, scores: readonly (number | null)[]])[];
}

/** Criterion, rater, score. */
type Given = LabelLine["given"];

type Verdict =
  | { readonly scores: readonly (number | null)[]; readonly reason: string; readonly asked: number }
  | { readonly code: string; readonly message: string; readonly raw?: string; readonly asked: number };

/** Makes the rows of one judge's page. */
export class GradeRows {
  readonly #parts: readonly JudgedPart[];
  readonly #criteria: readonly string[];
  readonly #repeats: number;

  constructor({ criteria, repeats }: GradingHead, parts: readonly JudgedPart[]) {
    this.#parts = parts;
    this.#criteria = criteria.map(({ id }) => id);
    this.#repeats = repeats;
  }

  /**
   * @param lines what the judge said of this answer, in the order of repeats
   * @returns a grade is the mean over the repeats that have one, a label the median of people's, the lower of two in the middle
   */
  row(condition: number, trial: number, lines: readonly GradedLine[], given: Given | undefined): GradeRow {
    const scores = lines.flatMap((line) => (line.kind === "grade" ? [line.scores] : []));
    const state: GradeState =
      lines.length === 0 ? "-" : scores.length === 0 ? "x" : scores.length < this.#repeats ? "p" : "g";
    const grades = this.#parts.map(({ read }) => {
      const values = scores.flatMap((one) => read(one) ?? []);
      return values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
    });
    return [condition, trial, state, grades, given ? this.#labels(given) : null, said(lines)];
  }

  detail(lines: readonly GradedLine[], given: Given = []): GradeDetail {
    const raters = new Map<string, (number | null)[]>();
    for (const [criterion, rater, score] of given) {
      const row = raters.get(rater) ?? this.#criteria.map(() => null);
      raters.set(rater, row);
      const at = this.#criteria.indexOf(criterion);
      if (at !== -1) row[at] = score;
    }
    return { verdicts: lines.map((line) => this.#verdict(line)), people: [...raters] };
  }

  #labels(given: Given): (number | null)[] {
    const medians = new Map(
      this.#criteria.flatMap((id) => {
        const scores = given.flatMap(([criterion, , score]) => (criterion === id ? [score] : [])).sort((a, b) => a - b);
        return scores.length === 0 ? [] : [[id, scores[(scores.length - 1) >> 1]!] as const];
      }),
    );
    const all = Object.fromEntries(medians);
    return this.#parts.map(({ read }) => {
      const value = read(all);
      return value === undefined ? null : rounded(value);
    });
  }

  #verdict(line: GradedLine): Verdict {
    const { asked } = line;
    if (line.kind === "grade") {
      const { scores, reason } = line;
      return { scores: this.#criteria.map((id) => (Object.hasOwn(scores, id) ? scores[id]! : null)), reason, asked };
    }
    const { code, message, raw } = line;
    return { code, message, ...(raw !== undefined && { raw }), asked };
  }
}

/** The beginning of what the judge first said. */
function said([line]: readonly GradedLine[]): string {
  if (line === undefined) return "";
  return truncate(line.kind === "grade" ? line.reason : line.message, SHOWN_REASON);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
