import type { PanelJudge } from "../../config/load-judge.ts";
import type { Grade } from "../../core/contracts.ts";
import type { Rng } from "../../core/rng.ts";
import { type Figure, gradeKey, gradesFile, openGrading, readGrades } from "../../runlog/index.ts";
import { panelGrade, tallyGrades } from "../../stats/index.ts";
import { agreementFigures } from "../calibrate/figures.ts";
import type { Grader } from "../grade/record-grades.ts";
import { questionNumbers } from "../labels/graded-set.ts";

/** Scores of one answer by each member, in their order; nothing where a member gave no verdict. */
interface Ballot {
  readonly query: string;
  readonly repeat: number;
  readonly members: (Readonly<Record<string, number>> | undefined)[];
}

/** What the members of a panel graded in a run. */
export interface PanelVotes {
  /** Repeats that every member has. */
  readonly repeats: number;
  /** Whether every member graded the whole run. */
  readonly complete: boolean;
  /** Votes; asks nobody. */
  readonly grader: Grader;
  /** How far the members agree: ordinal Krippendorff's α on the first repeat, by criterion. */
  agreement(options: { readonly level: number; readonly resamples?: number; readonly rng: Rng }): Map<string, Figure>;
}

/**
 * Reads what the members of a panel graded, each from its own file in the run's folder.
 * @throws DataError when a file is damaged
 */
export async function readPanelVotes(dir: string, panel: PanelJudge): Promise<PanelVotes> {
  const ballots = new Map<string, Ballot>();
  let repeats = Number.POSITIVE_INFINITY;
  let complete = true;
  for (const [at, member] of panel.members.entries()) {
    const { path, head } = await openGrading(gradesFile(dir, member));
    repeats = Math.min(repeats, head.repeats);
    const lines = readGrades(path);
    let next = await lines.next();
    for (; !next.done; next = await lines.next()) {
      const line = next.value;
      const key = gradeKey(line);
      const ballot = ballots.get(key) ?? {
        query: line.query,
        repeat: line.repeat,
        members: panel.members.map(() => undefined),
      };
      ballots.set(key, ballot);
      if (line.kind === "grade") ballot.members[at] = line.scores;
    }
    complete &&= next.value.end !== undefined;
  }
  return {
    repeats,
    complete,
    grader: {
      async grade({ query, condition, trial, repeat }) {
        return vote(panel, ballots.get(gradeKey({ query: query.id, condition, trial, repeat }))?.members ?? []);
      },
    },
    agreement({ level, resamples, rng }) {
      const first = Array.from(ballots.values()).filter(({ repeat }) => repeat === 0);
      const clusters = questionNumbers(first.map(({ query }) => ({ id: query, query })));
      return new Map(
        panel.rubric.criteria.map(({ id, steps }) => {
          const columns = panel.members.map((_, at) => first.map(({ members }) => members[at]?.[id]));
          const scale = steps.map(({ value }) => value);
          const options = { level, ...(resamples !== undefined && { resamples }), clusters, rng: rng.fork(id) };
          const { alpha = { reason: "no answers", n: 0 } } = Object.fromEntries(
            first.length > 0 ? agreementFigures(tallyGrades(columns, scale), ["alpha"], options) : [],
          );
          return [id, alpha];
        }),
      );
    },
  };
}

/** A criterion without a majority, or graded by half of the panel or fewer, stays without a score; the others keep theirs. */
function vote({ config, members, rubric }: PanelJudge, given: Ballot["members"]): Grade {
  const scores = new Map<string, number>();
  const reasons: string[] = [];
  for (const { id } of rubric.criteria) {
    const votes = members.map((_, at) => given[at]?.[id]);
    const result = panelGrade(votes, { rule: config.vote });
    if (result.state === "graded") scores.set(id, result.value);
    const said = members.map((member, at) => `${member.id} ${votes[at] ?? "nothing"}`).join(", ");
    reasons.push(`${id}: ${said}${result.state === "graded" ? "" : ` (${result.reason})`}`);
  }
  const reason = reasons.join("; ");
  const common = { raw: "", asked: 0, timing: { ms: 0, source: "replayed" as const } };
  return scores.size > 0
    ? { ok: true, scores, reason, ...common }
    : { ok: false, code: "E_PANEL_VOTE", message: `the panel has no grade: ${reason}`, ...common };
}
