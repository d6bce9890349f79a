import type { Clock } from "../core/contracts.ts";
import { UnavailableError } from "../core/errors.ts";
import type { FailureLine, QuestionRecord } from "../runlog/index.ts";

/** Questions that fail in a row, none answered between them, before the system counts as down. */
const FAILURES = 5;
/** For so long at least. */
const LASTING_MS = 20_000;
/** How often a question is asked again because the system was down while it was asked. */
const MOST_RETURNS = 2;

type Stage = FailureLine["stage"];

interface Held {
  readonly question: QuestionRecord;
  readonly line: FailureLine;
}

/**
 * Failures that might not be the question's: they wait until the system has answered another question, which shows that it is
 * there, and are recorded then. Where many failed in a row before that answer, the system was down for a while, and they are
 * asked again instead. Where no answer comes the system is down: the run ends, and a resumed one asks them again.
 */
export class SetAside {
  readonly #record: (line: FailureLine) => Promise<void>;
  readonly #clock: Clock;
  readonly #held: Record<Stage, Held[]> = { retrieval: [], answer: [] };
  readonly #since: Record<Stage, number> = { retrieval: 0, answer: 0 };
  readonly #returns = new Map<string, number>();
  #again: QuestionRecord[] = [];

  constructor(record: (line: FailureLine) => Promise<void>, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
  }

  /**
   * Keeps a failure back; its question is to be left, and is asked for what it lacks later.
   * @throws UnavailableError (E_SYSTEM_DOWN) when nothing but failures came for a while
   */
  hold(question: QuestionRecord, line: FailureLine): void {
    const held = this.#held[line.stage];
    const now = this.#clock.monotonic();
    if (held.length === 0) this.#since[line.stage] = now;
    held.push({ question, line });
    if (held.length >= FAILURES && now - this.#since[line.stage] >= LASTING_MS) throw down(held);
  }

  /** The system has given a result: what failed before is settled. */
  async answered(stage: Stage): Promise<void> {
    const held = this.#held[stage];
    if (held.length > 0) await this.#settle(stage, held.length >= FAILURES);
  }

  /**
   * Nothing is left to ask but what was set aside.
   * @returns the questions to go through again; none when the run is finished
   * @throws UnavailableError (E_SYSTEM_DOWN) when the last questions failed one after the other
   */
  async rest(): Promise<readonly QuestionRecord[]> {
    for (const stage of ["retrieval", "answer"] as const) {
      if (this.#held[stage].length >= FAILURES) throw down(this.#held[stage]);
      await this.#settle(stage, false);
    }
    const again = this.#again;
    this.#again = [];
    return again;
  }

  async #settle(stage: Stage, wasDown: boolean): Promise<void> {
    const held = this.#held[stage];
    this.#held[stage] = [];
    for (const { question, line } of held) {
      const returns = this.#returns.get(question.id) ?? 0;
      this.#again.push(question);
      if (wasDown && returns < MOST_RETURNS) this.#returns.set(question.id, returns + 1);
      else await this.#record(line);
    }
  }
}

function down(held: readonly Held[]): UnavailableError {
  const last = held.at(-1)!.line;
  return new UnavailableError([
    {
      code: "E_SYSTEM_DOWN",
      where: `question ${JSON.stringify(last.query)}, ${last.condition ?? "retrieval"}`,
      expected: "a system that answers",
      got: `${held.length} failures in a row, the last: ${last.code}: ${last.message}`,
      fix: "see that it runs, then go on with the same command and --resume; these questions count as not asked",
    },
  ]);
}
