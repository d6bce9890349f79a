import { readFile } from "node:fs/promises";
import { type Static, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";

/** Version of the files of probes this code writes. */
export const PROBES_SCHEMA = 1;

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Share = Type.Optional(Type.Number({ minimum: 0, maximum: 1 }));
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

const ProbeSchema = Type.Object({
  id: Text,
  title: Text,
  /** What a sound judge does, in words. */
  expects: Text,
  passed: Count,
  /** Answers probed with a verdict. */
  n: Count,
  noVerdict: Count,
  /** Answers that cannot be probed in this way: no number in the reference, no room above. */
  notApplicable: Count,
  /** passed ÷ n with Wilson's interval; absent where n is 0. */
  rate: Share,
  low: Share,
  high: Share,
});

const JudgeProbesSchema = Type.Object({
  kind: Type.Literal("judge-probes"),
  schema: Type.Integer({ minimum: 1 }),
  judge: Type.Object({ id: Text, sha256: Sha256 }),
  /** Whose grades were looked at; the judge's first where an older version wrote the file. */
  criterion: Type.Optional(Text),
  /** Where the answers came from. */
  run: Text,
  log: Sha256,
  /** ISO 8601, UTC. */
  at: Text,
  level: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  probes: Type.Array(ProbeSchema),
});

export type ProbeFigures = Static<typeof ProbeSchema>;
/** How a judge stood up to answers made to mislead it: `judges/<id>/probes.json`. */
export type JudgeProbes = Static<typeof JudgeProbesSchema>;

/**
 * Reads a file of probes.
 * @returns undefined where there is none
 * @throws DataError (E_PROBES) when it is damaged or a newer version wrote it
 */
export async function readJudgeProbes(path: string): Promise<JudgeProbes | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const fix = "probe again with `bench judge probe`";
  const fail = (expected: string, got: string) =>
    new DataError([{ code: "E_PROBES", where: path, expected, got, fix }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail("probes in JSON", quoteValue(text.slice(0, 80)));
  }
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (typeof schema === "number" && schema > PROBES_SCHEMA)
    throw fail(`probes of version ${PROBES_SCHEMA} or older`, `version ${schema}`);
  const checked = validate(JudgeProbesSchema, value, "E_PROBES", (pointer) => `${path} ${pointer}`);
  if (!checked.ok) throw new DataError(checked.problems.map((problem) => ({ ...problem, fix })));
  return checked.value;
}
