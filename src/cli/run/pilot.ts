import type { ResultLine } from "../../runlog/index.ts";
import { tInterval } from "../../stats/index.ts";
import { duration } from "../terminal/progress.ts";

/** What one question took of the system. */
interface Taken {
  ms: number;
  tokens: number;
  usd: number;
  requests: number;
}

export interface FullRun {
  /** Questions of the suite's split. */
  readonly questions: number;
  /** Calls at once. */
  readonly concurrency: number;
  readonly rate?: { readonly rpm?: number; readonly tpm?: number } | undefined;
}

/** Sums what each question of a pilot takes, and says what all questions would. */
export class Pilot {
  readonly #taken = new Map<string, Taken>();
  /** Answers that do not say their tokens or their cost. */
  #tokensUnknown = false;
  #usdUnknown = false;

  add(line: ResultLine): void {
    // What came from a cache or a file, or failed, does not say what asking takes.
    if (line.kind === "failure" || (line.kind === "answer" && line.timing.source !== "measured")) return;
    const taken = this.#taken.get(line.query) ?? { ms: 0, tokens: 0, usd: 0, requests: 0 };
    this.#taken.set(line.query, taken);
    taken.ms += line.timing.ms;
    if (line.kind !== "answer") return;
    taken.requests += 1;
    taken.usd += line.cost?.usd ?? 0;
    taken.tokens += line.usage ? line.usage.promptTokens + line.usage.completionTokens : 0;
    this.#usdUnknown ||= line.cost === undefined;
    this.#tokensUnknown ||= line.usage === undefined;
  }

  /**
   * The whole run by the pilot's mean, with the 95 % interval of Student's t where at least two questions were answered. The
   * time is that of all calls divided among those at once, or what the budgets allow where that is longer.
   * @returns undefined when no question was answered
   */
  describe({ questions, concurrency, rate = {} }: FullRun): string | undefined {
    const taken = [...this.#taken.values()];
    if (taken.length === 0) return undefined;
    const total = (of: (t: Taken) => number): [number, number, number] => {
      const values = Float64Array.from(taken, of);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const interval = values.length < 2 ? undefined : tInterval(values, 0.95);
      const { low, high } = interval ?? { low: mean, high: mean };
      return [mean * questions, Math.max(0, low) * questions, high * questions];
    };
    const atOnce = Math.min(concurrency, questions);
    const seconds = total((t) =>
      Math.max(
        t.ms / 1000 / atOnce,
        rate.rpm === undefined ? 0 : (t.requests * 60) / rate.rpm,
        rate.tpm === undefined ? 0 : (t.tokens * 60) / rate.tpm,
      ),
    );
    const several = taken.length > 1;
    const range = ([mean, low, high]: readonly number[], say: (x: number) => string): string =>
      several ? `${say(mean!)} [${say(low!)} to ${say(high!)}]` : `${say(mean!)}`;
    const parts = [
      `time ${range(seconds, duration)} with ${atOnce} at once`,
      ...(this.#tokensUnknown
        ? []
        : [
            `tokens ${range(
              total((t) => t.tokens),
              (x) => Math.round(x).toLocaleString("en"),
            )}`,
          ]),
      ...(this.#usdUnknown
        ? []
        : [
            `cost ${range(
              total((t) => t.usd),
              (x) => `${x.toFixed(2)} USD`,
            )}`,
          ]),
    ];
    const basis = several ? "95 % intervals" : "no interval from one question";
    return `pilot: all ${questions} questions would take ${parts.join(", ")} (from ${taken.length}; ${basis})`;
  }
}
