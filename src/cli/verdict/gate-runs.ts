import { resolve } from "node:path";
import { findProject, type Project } from "../../config/project.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import {
  formatGate,
  formatRefusal,
  type GateFormat,
  type GateVerdict,
  gate,
  gateExitCode,
  limitsOf,
} from "../../gate/index.ts";
import type { Run } from "../../runlog/open-run.ts";
import { readScores } from "../../runlog/read-scores.ts";
import type { Deps } from "../deps.ts";
import { readCalibrations } from "../judge/judge-calibrations.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { outOfDate } from "../project/out-of-date.ts";
import { type Accepted, acceptedNote } from "./accepted.ts";
import { keepBaseline } from "./keep-baseline.ts";

export interface GateRunsOptions {
  readonly format: GateFormat;
  readonly alpha: number | undefined;
  readonly seed: number | undefined;
  readonly strict: boolean;
  readonly shared: boolean;
  readonly accept: boolean;
  readonly why: string | undefined;
  readonly who: string | undefined;
  readonly force: boolean;
}

/** Carries out `bench gate`. @returns the exit code */
export async function gateRuns(
  [baselineName, candidateName]: readonly string[],
  options: GateRunsOptions,
  deps: Deps,
): Promise<number> {
  const { format, strict, accept, force } = options;
  const told = acceptance(options, deps);
  const project = await findProject(deps.cwd);
  const { verdict, candidate } = await decided(project, [baselineName!, candidateName!], options).catch(
    (error: unknown) => {
      if (error instanceof DataError) deps.stdout.write(formatRefusal(error.problems, format));
      throw error;
    },
  );
  deps.stdout.write(formatGate(verdict, format));
  if (!accept) return gateExitCode(verdict, { strict });
  const accepted = acceptedAs(verdict, candidate, { ...told!, when: new Date(deps.clock.now()).toISOString() });
  // What a program reads stays alone on standard output.
  await keepBaseline(project, candidate, { force, accepted }, { cwd: deps.cwd, stdout: deps.stderr });
  return EXIT.ok;
}

const SAME_RUN = "baseline and candidate are one and the same run: only absolute limits say anything";

async function decided(
  project: Project,
  names: readonly [string, string],
  { alpha, seed, shared }: GateRunsOptions,
): Promise<{ readonly verdict: GateVerdict; readonly candidate: Run }> {
  const [baseline, candidate] = await findBoth(project, names);
  const { calibrations, problems } = await readCalibrations(project);
  const note = await acceptedNote(baseline);
  const limits = limitsOf(candidate.manifest);
  const verdict = gate(
    await readScores(baseline.dir),
    await readScores(candidate.dir),
    alpha === undefined ? limits : { ...limits, alpha },
    {
      seed: seed ?? candidate.manifest.seed,
      shared,
      calibrations,
      notes: [
        ...(note === undefined ? [] : [note]),
        ...(resolve(baseline.dir) === resolve(candidate.dir) ? [SAME_RUN] : []),
        ...(await outOfDate(project, candidate)),
        ...problems.map(({ where, got }) => `${where}: ${got}`),
      ],
    },
  );
  return { verdict, candidate };
}

/** Two runs, or what is wrong with either, the first one's first. */
async function findBoth(project: Project, names: readonly [string, string]): Promise<[Run, Run]> {
  const [a, b] = await Promise.allSettled([findCompleteRun(project, names[0]), findCompleteRun(project, names[1])]);
  if (a.status === "fulfilled" && b.status === "fulfilled") return [a.value, b.value];
  const reasons: unknown[] = [a, b].flatMap((side) => (side.status === "rejected" ? [side.reason] : []));
  const other = reasons.find((reason) => !(reason instanceof DataError));
  throw other ?? new DataError(reasons.flatMap((reason) => (reason as DataError).problems));
}

function acceptedAs(
  verdict: GateVerdict,
  { manifest, end }: Run,
  told: Pick<Accepted, "who" | "when" | "why">,
): Accepted {
  return {
    kind: "accepted",
    schema: 1,
    run: manifest.run,
    log: end!.sha256,
    ...told,
    verdict: verdict.verdict,
    instead_of: verdict.baseline.run,
  };
}

/** Who accepts and why, before anything is read; undefined where nothing is to be accepted. */
function acceptance({ accept, why, who }: GateRunsOptions, { env }: Deps): Pick<Accepted, "who" | "why"> | undefined {
  const code = "E_GATE_ACCEPT";
  if (!accept) {
    const stray = why !== undefined ? "--why" : who !== undefined ? "--who" : undefined;
    if (stray === undefined) return undefined;
    throw new UsageError({
      code,
      where: stray,
      expected: "--accept beside it",
      got: "none",
      fix: "add --accept, or leave it out",
    });
  }
  const name = [who, env.GITHUB_ACTOR, env.GITLAB_USER_LOGIN, env.USER].find((text) => text?.trim());
  if (!why?.trim()) {
    const fix = 'say why the candidate becomes the baseline: --why "the new chunks are wanted"';
    throw new UsageError({ code, where: "--accept", expected: "--why with a reason", got: "none", fix });
  }
  if (name === undefined) {
    throw new UsageError({ code, where: "--accept", expected: "who accepts", got: "no name", fix: "add --who NAME" });
  }
  return { who: name.trim(), why: why.trim() };
}
