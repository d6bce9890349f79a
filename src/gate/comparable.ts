import type { Problem } from "../core/problem.ts";
import { canonicalJson } from "../lib/hash.ts";
import { quoteValue } from "../lib/text.ts";
import type { Scores } from "../runlog/index.ts";
import { differingFields } from "./differing-fields.ts";

export interface ComparableOptions {
  /** The runs need not be over the same questions: only those that both have will be compared. */
  readonly shared?: boolean;
  /** What the codes of the problems begin with. Default `E_GATE`. */
  readonly code?: "E_GATE" | "E_COMPARE";
}

/**
 * Why two runs may not be compared: every field of the protocol, the dataset or the questions that differs, with its two
 * values, and runs that have not ended. Empty when they may. The systems are what is compared, so they may differ.
 */
export function incomparable(baseline: Scores, candidate: Scores, options: ComparableOptions = {}): Problem[] {
  const { shared = false, code = "E_GATE" } = options;
  const problems = [...unfinished("baseline", baseline, code), ...unfinished("candidate", candidate, code)];
  const [a, b] = [baseline.manifest, candidate.manifest];
  const before = problems.length;
  const differ = (kind: string, field: string, x: unknown, y: unknown, fix: string) => {
    if (canonicalJson(x ?? null) !== canonicalJson(y ?? null))
      problems.push(difference(`${code}_${kind}`, field, x, y, fix));
  };
  const again = `run the baseline again as the candidate was run: ${
    a.system.id === b.system.id ? b.command : `bench run --suite ${b.suite.id} --system ${a.system.id}`
  }`;
  differ("DATASET", "dataset.id", a.dataset.id, b.dataset.id, "take runs of one dataset");
  differ("DATASET", "dataset.split", a.dataset.split, b.dataset.split, "take runs of one split");
  differ("DATASET", "dataset.sha256", a.dataset.sha256, b.dataset.sha256, `the dataset changed; ${again}`);
  if (!shared) problems.push(...otherQuestions(baseline, candidate, code));
  // The protocol covers datasets and questions too, by their hashes: where those differ they have been named already.
  if (problems.length > before) return problems;
  const fields = differingFields(a.protocolFields, b.protocolFields);
  for (const { field, baseline: x, candidate: y } of fields) {
    if (shared && field === "/questions") continue;
    differ("PROTOCOL", `protocol ${field}`, x, y, again);
  }
  if (problems.length === before && fields.length === 0) differ("PROTOCOL", "protocol", a.protocol, b.protocol, again);
  return problems;
}

function difference(code: string, field: string, x: unknown, y: unknown, fix: string): Problem {
  return {
    code,
    where: field,
    expected: `the baseline's ${quoteValue(x)}`,
    got: `the candidate's ${quoteValue(y)}`,
    fix,
  };
}

function unfinished(side: string, { manifest, state }: Scores, code: string): Problem[] {
  if (state === "complete") return [];
  return [
    {
      code: `${code}_INTERRUPTED`,
      where: `${side} ${manifest.run}`,
      expected: "a complete run",
      got: "a run without its end line",
      fix: `finish it with "bench run --resume", then try again`,
    },
  ];
}

function otherQuestions(baseline: Scores, candidate: Scores, code: string): Problem[] {
  const [inBaseline, inCandidate] = [new Set(baseline.queries), new Set(candidate.queries)];
  const onlyBaseline = baseline.queries.filter((id) => !inCandidate.has(id));
  const onlyCandidate = candidate.queries.filter((id) => !inBaseline.has(id));
  if (onlyBaseline.length === 0 && onlyCandidate.length === 0) return [];
  return [
    {
      code: `${code}_QUERIES`,
      where: "queries",
      expected: `the baseline's ${inBaseline.size} questions${some(onlyBaseline, "only there")}`,
      got: `the candidate's ${inCandidate.size}${some(onlyCandidate, "only there")}`,
      fix: `${code === "E_GATE" ? "gate" : "compare"} runs over the same questions, or those that both have with --shared`,
    },
  ];
}

function some(ids: readonly string[], where: string): string {
  if (ids.length === 0) return "";
  return ` (${where}: ${ids.slice(0, 3).map(quoteValue).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""})`;
}
