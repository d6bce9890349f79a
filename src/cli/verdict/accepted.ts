import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Run } from "../../runlog/open-run.ts";

const Text = Type.String({ minLength: 1 });

const AcceptedSchema = Type.Object({
  kind: Type.Literal("accepted"),
  schema: Type.Literal(1),
  run: Text,
  /** The `sha256` of the end line of the run's log. */
  log: Text,
  who: Text,
  /** ISO 8601, UTC. */
  when: Text,
  why: Text,
  /** What the gate said of it. */
  verdict: Text,
  /** The run it was gated against. */
  instead_of: Text,
});

/** Why a run was made the baseline: `accepted.json`, beside the run and no part of its log. */
export type Accepted = Static<typeof AcceptedSchema>;

/** The file's name within the folder of a baseline. */
export const ACCEPTED_FILE = "accepted.json";

/**
 * A sentence for every gate that compares with this baseline; undefined where it was not accepted by hand.
 * @throws DataError (E_ACCEPTED) when the file is damaged or speaks of another log
 */
export async function acceptedNote({ dir, manifest, end }: Run): Promise<string | undefined> {
  const path = join(dir, ACCEPTED_FILE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const code = "E_ACCEPTED";
  const fix = "remove the file, or accept the run again with bench gate --accept";
  const checked = validate(AcceptedSchema, parsed(text), code, (pointer) => `${path}${pointer && ` ${pointer}`}`);
  if (!checked.ok) throw new DataError(checked.problems.map((problem) => ({ ...problem, fix })));
  const { run, log, who, when, why, verdict } = checked.value;
  if (run !== manifest.run || log !== end?.sha256) {
    throw new DataError([
      {
        code,
        where: path,
        expected: `run ${manifest.run} with the log beside it`,
        got: `${quoteValue(run)}, ${log}`,
        fix,
      },
    ]);
  }
  return `the baseline was accepted by ${who} on ${when.slice(0, 10)} (the gate said ${verdict}): ${why}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
