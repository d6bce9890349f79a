import type { AnswerRequest } from "../../core/contracts.ts";
import { BadArgument } from "../../core/errors.ts";
import { type ReaderSettings, read } from "./read.ts";
import type { TermStatistics } from "./terms.ts";

/** A question of the eval split with what is right. */
export interface ReaderSample {
  readonly request: AnswerRequest;
  readonly references: readonly string[];
  readonly answerable: boolean;
}

export interface FitReaderOptions {
  readonly settings: Omit<ReaderSettings, "declineBelow">;
  readonly statistics: TermStatistics;
  /**
   * The value of an answer, or of declining (undefined); usually token F1 under the no-answer rule: declining is worth 1 on an
   * unanswerable question and 0 on an answerable one, answering an unanswerable one 0.
   */
  readonly score: (answer: string | undefined, sample: ReaderSample) => number;
}

export interface ReaderFit {
  /** The threshold with the best mean, written with as few digits as tell it apart. */
  readonly declineBelow: number;
  /** The mean score it reaches on the samples. It is the best of `looked` and hence too good: report it on other questions. */
  readonly mean: number;
  /** The mean score without a threshold. */
  readonly meanWithout: number;
  /** How many thresholds were compared. */
  readonly looked: number;
  readonly n: number;
}

interface Point {
  readonly support: number;
  readonly answered: number;
  readonly declined: number;
}

/**
 * Finds the `decline_below` that gives the best mean score: every threshold that changes an answer is looked at. Of equally
 * good ones the lowest is taken, which declines least.
 * @throws BadArgument without samples
 */
export async function fitReader(samples: AsyncIterable<ReaderSample>, options: FitReaderOptions): Promise<ReaderFit> {
  const { settings, statistics, score } = options;
  const points: Point[] = [];
  for await (const sample of samples) {
    const reading = read(sample.request, { ...settings, declineBelow: 0 }, statistics);
    const declined = score(undefined, sample);
    points.push({
      support: reading.support,
      declined,
      answered: reading.refused ? declined : score(reading.text, sample),
    });
  }
  const n = points.length;
  if (n === 0) throw new BadArgument("fitReader needs at least one sample");
  points.sort((a, b) => a.support - b.support);
  let sum = points.reduce((all, { answered }) => all + answered, 0);
  const meanWithout = sum / n;
  let best = { sum, declineBelow: 0 };
  let looked = 1;
  for (let at = 0; at < n; ) {
    const { support } = points[at]!;
    // All that share this support are declined together.
    for (; at < n && points[at]!.support === support; at += 1) sum += points[at]!.declined - points[at]!.answered;
    const next = points[at]?.support ?? 1;
    if (next <= support) break;
    looked += 1;
    // A gain within rounding is none.
    if (sum > best.sum + 1e-9) best = { sum, declineBelow: shortestAbove(support, next) };
  }
  return { declineBelow: best.declineBelow, mean: best.sum / n, meanWithout, looked, n };
}

/** The number with the fewest decimals in (low, high]. */
function shortestAbove(low: number, high: number): number {
  for (let digits = 0; digits < 17; digits += 1) {
    const candidate = Number((Math.floor(low * 10 ** digits + 1) / 10 ** digits).toFixed(digits));
    if (candidate > low && candidate <= high) return candidate;
  }
  return high;
}
