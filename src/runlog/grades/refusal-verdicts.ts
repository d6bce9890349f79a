import { type Outcome, unscored } from "../../core/outcome.ts";
import type { Run } from "../open-run.ts";
import type { AnswerLine, Manifest, Outcomes, RefusalJudgeName } from "../schema.ts";
import type { Slots } from "../slots.ts";
import type { GradingHead } from "./grade-schema.ts";
import { listGradings, readGrades } from "./read-grades.ts";

/** How far the judge that decides about refusals has come with a run. */
export interface RefusalJudging {
  /** Whose word counts, as the run names it; with what its grades say of it where there are some. */
  readonly judge: Pick<GradingHead["judge"], "id" | "sha256" | "title" | "selfPreference">;
  readonly criterion: string;
  /** The answers that it decides about: refusals, answers proper, those without a usable verdict, and those it was not asked about. */
  readonly refused: number;
  readonly answered: number;
  readonly noVerdict: number;
  readonly notJudged: number;
  /** The conditions in which it has decided about an answer at least. */
  readonly conditions: ReadonlySet<string>;
  /** Beginnings of the hashes of other versions of the judge that graded this run; what they said does not count. */
  readonly others: readonly string[];
  /** The metrics that have another value for some answer if it is a refusal. */
  readonly decides: ReadonlySet<string>;
}

/** What the judge that a run names says of its answers: the grades of that version and of this log alone. */
export class RefusalVerdicts {
  readonly #name: RefusalJudgeName;
  readonly #slots: Slots;
  /** Grades of 1 less grades of 0 over the repeats, by slot. */
  readonly #votes: Int8Array;
  /** 1 where the judge was asked. */
  readonly #asked: Uint8Array;
  readonly #counts = { refused: 0, answered: 0, noVerdict: 0, notJudged: 0 };
  readonly #decides = new Set<string>();
  readonly #conditions = new Set<string>();
  readonly #others: string[] = [];
  #judge: RefusalJudging["judge"];

  private constructor(name: RefusalJudgeName, slots: Slots) {
    this.#name = name;
    this.#slots = slots;
    this.#votes = new Int8Array(slots.size);
    this.#asked = new Uint8Array(slots.size);
    this.#judge = { id: name.id, sha256: name.sha256 };
  }

  /**
   * @returns undefined where no judge decides about the run's refusals
   * @throws DataError when a file of grades is damaged
   */
  static async open({ dir, manifest, end }: Run, slots: () => Promise<Slots>): Promise<RefusalVerdicts | undefined> {
    const { refusalJudge } = manifest;
    if (refusalJudge === undefined) return undefined;
    const verdicts = new RefusalVerdicts(refusalJudge, await slots());
    for (const { path, head } of end ? await listGradings(dir) : []) {
      if (head.judge.id !== refusalJudge.id || head.log !== end!.sha256) continue;
      if (head.judge.sha256 === refusalJudge.sha256) await verdicts.#add(path, head);
      else verdicts.#others.push(head.judge.sha256.slice(0, 8));
    }
    return verdicts;
  }

  async #add(path: string, { judge }: GradingHead): Promise<void> {
    const { id, sha256, title, selfPreference } = judge;
    this.#judge = { id, sha256, ...(title && { title }), ...(selfPreference && { selfPreference }) };
    for await (const line of readGrades(path)) {
      const slot = this.#slots.slotOf(line.query, line.condition, line.trial);
      if (slot === undefined) continue;
      this.#asked[slot] = 1;
      if (line.kind !== "grade") continue;
      const score = line.scores[this.#name.criterion];
      // Between the two lies no vote.
      if (score !== undefined) this.#votes[slot]! += Math.sign(score - 0.5);
    }
  }

  /**
   * An answer with the judge's word in it: of several repeats that of the greater number. Without one, or with as many on either
   * side, its refusal stays unknown, and what depends on that is unscored. What was decided without the judge stays as it is.
   */
  settle({ ifRefused, ...line }: AnswerLine): AnswerLine {
    if (ifRefused === undefined) return line;
    for (const metric of Object.keys(ifRefused)) this.#decides.add(metric);
    const slot = this.#slots.slotOf(line.query, line.condition, line.trial);
    const votes = slot === undefined ? 0 : this.#votes[slot]!;
    if (votes !== 0) this.#conditions.add(line.condition);
    if (votes > 0) {
      this.#counts.refused += 1;
      return { ...line, refused: true, outcomes: { ...line.outcomes, ...ifRefused } };
    }
    if (votes < 0) {
      this.#counts.answered += 1;
      return { ...line, refused: false };
    }
    const asked = slot !== undefined && this.#asked[slot] === 1;
    this.#counts[asked ? "noVerdict" : "notJudged"] += 1;
    const undecided = asked ? "judge-failed" : "not-judged";
    const detail = `${asked ? "no verdict" : "not judged"} by ${this.#name.id}: whether it is a refusal is not known`;
    return {
      ...line,
      undecided,
      outcomes: { ...line.outcomes, ...openOutcomes(ifRefused, unscored(undecided, detail)) },
    };
  }

  /** Of the answers that were settled. */
  get judging(): RefusalJudging {
    const { criterion } = this.#name;
    return {
      judge: this.#judge,
      criterion,
      ...this.#counts,
      conditions: this.#conditions,
      others: this.#others,
      decides: this.#decides,
    };
  }
}

function openOutcomes(ifRefused: Outcomes, open: Outcome): Outcomes {
  return Object.fromEntries(Object.keys(ifRefused).map((metric) => [metric, open]));
}

/** The command that has the missing verdicts given; undefined where nothing is missing. */
export function judgeRefusalsCommand(
  { refusalJudge, run }: Pick<Manifest, "refusalJudge" | "run">,
  { notJudged }: Pick<RefusalJudging, "notJudged">,
): string | undefined {
  return refusalJudge === undefined || notJudged === 0
    ? undefined
    : `bench judge run --judge ${refusalJudge.id} ${run}`;
}
