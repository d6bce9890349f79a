import { quoteValue } from "../lib/text.ts";
import type { NameProblem } from "./parse.ts";

/** How many characters of an answer patterns look at: a refusal says so at once. */
export const PATTERN_WINDOW = 300;
const MAX_LENGTH = 500;
const MAX_CHOICES = 100_000;

export type CompiledPattern =
  | { readonly ok: true; readonly regexp: RegExp }
  | { readonly ok: false; readonly problem: NameProblem };

/**
 * Compiles a user's pattern, unless it could keep the engine busy. JavaScript's engine backtracks: it may try every
 * combination of the choices a pattern leaves open, so their product is bounded: 2 for `?`, m − n + 1 for `{n,m}`,
 * the window's length for `*`, `+` and `{n,}`, the number of branches for `a|b`. A repeated group or a back-reference
 * has no such bound and is refused. Matching ignores case.
 */
export function compilePattern(source: string): CompiledPattern {
  const expected = "a regular expression that cannot take long";
  const refuse = (fix: string): CompiledPattern => ({
    ok: false,
    problem: { expected, got: quoteValue(source), fix },
  });
  if (source.length > MAX_LENGTH) return refuse(`shorten it to ${MAX_LENGTH} characters, or split it`);
  let regexp: RegExp;
  try {
    regexp = new RegExp(source, "iu");
  } catch (error) {
    return {
      ok: false,
      problem: {
        expected: "a JavaScript regular expression",
        got: quoteValue(source),
        fix: `correct it: ${error instanceof Error ? error.message : "it does not compile"}`,
      },
    };
  }
  const choices = openChoices(source);
  if (choices === undefined) return refuse("do not repeat groups or use back-references; write the repetitions out");
  if (choices > MAX_CHOICES) return refuse("use fewer of * + {n,m} and |, or bound them: .{0,40} for .*");
  return { ok: true, regexp };
}

/** @returns undefined where a group is repeated or referred back to. The source is known to compile. */
function openChoices(source: string): number | undefined {
  // Escapes and classes are units; what is left is groups, branches, quantifiers and plain characters.
  const units =
    source.match(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|<\w+>)|\{\d*,?\d*\}|[\s\S]/gu) ?? [];
  const branches = [1];
  let choices = 1;
  let before = "";
  for (const unit of units) {
    if (/^\\[1-9k]/.test(unit)) return undefined;
    const factor = quantifierChoices(unit);
    if (unit.startsWith("(")) branches.push(1);
    else if (unit === ")") choices *= branches.pop() ?? 1;
    else if (unit === "|") branches[branches.length - 1]! += 1;
    else if (factor !== undefined) {
      const lazy = unit === "?" && quantifierChoices(before) !== undefined;
      if (before === ")" && unit !== "?") return undefined;
      if (!lazy) choices *= factor;
    }
    before = unit;
  }
  return choices * (branches[0] ?? 1);
}

function quantifierChoices(unit: string): number | undefined {
  if (unit === "*" || unit === "+") return PATTERN_WINDOW;
  if (unit === "?") return 2;
  const bounds = /^\{(\d+)(,?)(\d*)\}$/.exec(unit);
  if (bounds === null) return undefined;
  const [, low = "0", comma, high] = bounds;
  if (comma === "") return 1;
  return high === "" ? PATTERN_WINDOW : Number(high) - Number(low) + 1;
}
