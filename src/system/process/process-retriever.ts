import type { ProcessConfig } from "../../config/retriever-schema.ts";
import type { Retriever } from "../../core/contracts.ts";
import { DataError, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Query } from "../../core/query.ts";
import { printable, truncate } from "../../lib/text.ts";
import type { BuildContext } from "../build-context.ts";
import { limiter } from "../limiter.ts";
import { folderOf, placeOf } from "../named-file.ts";
import { redactor } from "../openai/redact.ts";
import { CorpusMatch } from "../outside/corpus-match.ts";
import { noCounts, type OutsideHit, outsideNotes, outsideRanking } from "../outside/outside-ranking.ts";
import { type LineChildOptions, ProcessFault } from "./line-child.ts";
import { processHits } from "./process-hits.ts";
import { restarting } from "./restarting.ts";

/** What every program needs to be found and to speak the right language; all else is named in the system file. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TMPDIR",
  "TEMP",
  "SystemRoot",
  "VIRTUAL_ENV",
] as const;

/** A retriever in a process of its own, in any language: lines of JSON on stdin and stdout. */
export async function buildProcess(config: ProcessConfig, pointer: string, context: BuildContext): Promise<Retriever> {
  const { system, deps } = context;
  const problems: Problem[] = [];
  const env = new Map<string, string>();
  for (const name of PASSED_ON) if (deps.env[name] !== undefined) env.set(name, deps.env[name]);
  for (const [at, name] of (config.env ?? []).entries()) {
    const value = deps.env[name];
    if (value !== undefined) env.set(name, value);
    else {
      const where = placeOf(system, `${pointer}/env/${at}`);
      const fix = `export ${name}=…, or remove it from env`;
      problems.push({ code: "E_SYSTEM_ENV", where, expected: `the environment variable ${name}`, got: "nothing", fix });
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  const options: LineChildOptions = {
    command: config.command,
    cwd: folderOf(system),
    env: Object.fromEntries(env),
    startTimeoutMs: config.start_timeout_s * 1000,
    timeoutMs: config.timeout_s * 1000,
    redact: redactor((config.env ?? []).map((name) => deps.env[name])),
  };
  const match = await CorpusMatch.of(deps.passages(), {
    texts: true,
    signal: deps.signal,
    onProgress: (done) => deps.onProgress?.({ stage: "match", done }),
  });
  const program = restarting(options, config.restarts);
  const close = (): Promise<void> => program.close();
  deps.signal.addEventListener("abort", close, { once: true });
  context.closers.push(() => {
    deps.signal.removeEventListener("abort", close);
    return close();
  });
  const counts = noCounts();
  const name = `process ${config.command[0]}`;
  context.notes.push(() => [
    ...outsideNotes(name, counts),
    ...(program.restarts > 0 ? [`${name}: started again ${program.restarts} times`] : []),
  ]);
  if (config.concurrency > 1) context.limits.push(config.concurrency);
  context.preflights.push(async (signal) => {
    try {
      await program.start(signal);
    } catch (error) {
      if (!(error instanceof ProcessFault)) throw error;
      const { code, message } = error;
      const fix =
        'run the command by hand in that folder: it must write {"ready": true} to stdout and nothing else before';
      const where = placeOf(system, `${pointer}/command`);
      throw new UnavailableError([{ code, where, expected: "a process that gets ready", got: message, fix }]);
    }
  });

  const limit = limiter(config.concurrency);
  const ask = async ({ text, history }: Query, k: number, signal: AbortSignal): Promise<OutsideHit[]> => {
    try {
      const reply = await program.ask({ query: text, k, ...(history && { history }) }, signal);
      if (typeof reply.error === "string") {
        const said = truncate(printable(options.redact(reply.error)), 500);
        throw new SystemFailure("E_PROCESS_ERROR", `${name} answered with an error: ${said}`, { retryable: false });
      }
      return processHits(reply.hits, name);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProcessFault)) throw error;
      throw new SystemFailure(error.code, error.message, { retryable: !program.exhausted });
    }
  };
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(
        queries.map(async (query) =>
          outsideRanking(await limit(() => ask(query, k, signal), signal), k, match, counts),
        ),
      );
    },
  };
}
