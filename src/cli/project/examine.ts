import {
  findProject,
  listSuites,
  listSystems,
  loadRefusalJudge,
  loadSuite,
  loadSystem,
  type Project,
} from "../../config/index.ts";
import { BenchError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { printable } from "../../lib/text.ts";
import { faissStatus } from "../../search/faiss-module.ts";
import { llamaStatus } from "../../system/local/llama-module.ts";
import type { Deps } from "../deps.ts";
import { VERSION } from "../version.ts";

/** One thing that was looked at. What is absent may not be needed; what is wrong stops a run. */
export interface Finding {
  readonly state: "ok" | "absent" | "wrong";
  readonly what: string;
  readonly fix?: string;
}

/** Looks at everything that `bench` may need on this machine and in this project. Nothing is contacted. */
export async function examine(deps: Deps): Promise<Finding[]> {
  const { machine, cwd } = deps;
  const findings: Finding[] = [
    {
      state: "ok",
      what: `plumbline ${VERSION}, Node ${machine.node}, ${machine.platform} ${machine.arch}, ${machine.cpus} processors`,
    },
    await encoders(),
    optional("approximate search: faiss", faissStatus()),
    optional("language models in this process: node-llama-cpp", await llamaStatus()),
  ];
  try {
    const project = await findProject(cwd);
    findings.push({ state: "ok", what: `project ${printable(project.root)}` }, ...(await configuration(project, deps)));
  } catch (error) {
    findings.push(...asFindings(error, "absent"));
  }
  return findings;
}

async function encoders(): Promise<Finding> {
  try {
    await import("onnxruntime-node");
    return { state: "ok", what: "encoders and exact search: onnxruntime-node" };
  } catch (error) {
    return {
      state: "absent",
      what: `encoders and exact search: onnxruntime-node does not load here (${printable(String(error)).slice(0, 120)})`,
      fix: "install again with `npm ci --ignore-scripts`; BM25 and endpoints work without it",
    };
  }
}

/** A part that is there, or how to get it. */
function optional(what: string, status: { available: true } | { available: false; problem: Problem }): Finding {
  if (status.available) return { state: "ok", what };
  const { got, fix } = status.problem;
  return { state: "absent", what: printable(`${what}: ${got}`), fix: printable(fix) };
}

async function configuration(project: Project, { env }: Deps): Promise<Finding[]> {
  const findings: Finding[] = [];
  const look = async (what: string, load: () => Promise<unknown>): Promise<void> => {
    try {
      await load();
      findings.push({ state: "ok", what });
    } catch (error) {
      findings.push(...asFindings(error, "wrong"));
    }
  };
  for (const id of await listSuites(project))
    await look(`suite ${printable(id)}`, async () => loadRefusalJudge(project, await loadSuite(project, id), env));
  for (const id of await listSystems(project))
    await look(`system ${printable(id)}`, () => loadSystem(project, id, env));
  return findings;
}

/** A variable that is not set matters only to who runs that system; everything else in a file is wrong. */
function asFindings(error: unknown, state: "absent" | "wrong"): Finding[] {
  if (!(error instanceof BenchError)) throw error;
  return error.problems.map(({ code, where, expected, got, fix }) => ({
    state: code === "E_SYSTEM_ENV" || code === "E_SYSTEM_FILE" ? "absent" : state,
    what: printable(`${where} (${code}): expected ${expected}, got ${got}`),
    fix: printable(fix),
  }));
}
