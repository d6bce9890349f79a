import type { Problem } from "../core/problem.ts";
import { canonicalJson } from "../lib/hash.ts";
import { quoteValue } from "../lib/text.ts";
import type { Scores } from "../runlog/index.ts";

/**
 * Why two runs may not be compared: every field of the protocol, the dataset or the questions that differs, with its two
 * values, and runs that have not ended. Empty when they may. The systems are what is compared, so they may differ.
 */
export function incomparable(baseline: Scores, candidate: Scores): Problem[] {
  const problems = [...unfinished("baseline", baseline), ...unfinished("candidate", candidate)];
  const [a, b] = [baseline.manifest, candidate.manifest];
  const before = problems.length;
  const differ = (code: string, field: string, x: unknown, y: unknown, fix: string) => {
    if (canonicalJson(x ?? null) !== canonicalJson(y ?? null)) problems.push(difference(code, field, x, y, fix));
  };
  const again = `run the baseline again as the candidate was run: ${b.command}`;
  differ("E_GATE_DATASET", "dataset.id", a.dataset.id, b.dataset.id, "gate runs of one dataset");
  differ("E_GATE_DATASET", "dataset.split", a.dataset.split, b.dataset.split, "gate runs of one split");
  differ("E_GATE_DATASET", "dataset.sha256", a.dataset.sha256, b.dataset.sha256, `the dataset changed; ${again}`);
  problems.push(...otherQuestions(baseline, candidate));
  // The protocol covers datasets and questions too, by their hashes: where those differ they have been named already.
  if (problems.length > before) return problems;
  for (const [field, x, y] of differingFields(a.protocolFields, b.protocolFields)) {
    differ("E_GATE_PROTOCOL", `protocol ${field}`, x, y, again);
  }
  if (problems.length === before) differ("E_GATE_PROTOCOL", "protocol", a.protocol, b.protocol, again);
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

function unfinished(side: string, { manifest, state }: Scores): Problem[] {
  if (state === "complete") return [];
  return [
    {
      code: "E_GATE_INTERRUPTED",
      where: `${side} ${manifest.run}`,
      expected: "a complete run",
      got: "a run without its end line",
      fix: `finish it with "bench run --resume", then gate again`,
    },
  ];
}

/** The leaves in which two JSON values differ, as pointers; a value missing on one side is undefined. */
function* differingFields(a: unknown, b: unknown, at = ""): Generator<[field: string, a: unknown, b: unknown]> {
  if (!isRecord(a) || !isRecord(b)) {
    if (canonicalJson(a ?? null) !== canonicalJson(b ?? null)) yield [at === "" ? "fields" : at, a, b];
    return;
  }
  const [x, y] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const key of new Set([...x.keys(), ...y.keys()])) {
    yield* differingFields(x.get(key), y.get(key), `${at}/${key}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function otherQuestions(baseline: Scores, candidate: Scores): Problem[] {
  const [inBaseline, inCandidate] = [new Set(baseline.queries), new Set(candidate.queries)];
  const onlyBaseline = baseline.queries.filter((id) => !inCandidate.has(id));
  const onlyCandidate = candidate.queries.filter((id) => !inBaseline.has(id));
  if (onlyBaseline.length === 0 && onlyCandidate.length === 0) return [];
  return [
    {
      code: "E_GATE_QUERIES",
      where: "queries",
      expected: `the baseline's ${inBaseline.size} questions${some(onlyBaseline, "only there")}`,
      got: `the candidate's ${inCandidate.size}${some(onlyCandidate, "only there")}`,
      fix: "gate runs over the same questions",
    },
  ];
}

function some(ids: readonly string[], where: string): string {
  if (ids.length === 0) return "";
  return ` (${where}: ${ids.slice(0, 3).map(quoteValue).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} more` : ""})`;
}
