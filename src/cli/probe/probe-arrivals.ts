import { resolve } from "node:path";
import type { Passage } from "../../core/passage.ts";
import { TextTokenizer } from "../../embed/text-tokenizer.ts";
import { byteLength, ROUGH } from "../../run/estimate/token-measure.ts";
import type { Arrival, Arrived } from "../../run/probe/truncation.ts";
import { readRun, type Scores } from "../../runlog/index.ts";
import { inspectEndpoint } from "../../system/index.ts";
import type { Deps } from "../deps.ts";
import { type OpenedProbe, TOO_LONG } from "./probe-run.ts";

/** How the tokens of a passage are counted. */
export interface TokenCount {
  tokensOf(passage: Passage): number;
  readonly how: string;
  /** Whether it is the model's own tokenizer. */
  readonly ofModel: boolean;
}

/** By the encoder that is named, else by the tokenizer that the system names, else by an estimate; each passage is counted once. */
export async function tokenCount(
  { system }: OpenedProbe,
  encoder: string | undefined,
  deps: Deps,
): Promise<TokenCount> {
  const ofModel = encoder === undefined ? (await inspectEndpoint(system, deps))?.tokenizer : undefined;
  const folder = encoder === undefined ? ofModel : resolve(deps.cwd, encoder);
  const tokenizer = folder === undefined ? undefined : await TextTokenizer.open(folder);
  const count = (text: string): number =>
    text === "" ? 0 : tokenizer ? tokenizer.encodeBare(text).length : ROUGH.tokens(byteLength(text));
  const known = new Map<string, number>();
  return {
    tokensOf({ id, title = "", text }) {
      const tokens = known.get(id) ?? Math.max(1, count(title) + count(text));
      known.set(id, tokens);
      return tokens;
    },
    how:
      tokenizer === undefined ? ROUGH.how : ofModel === undefined ? "--encoder" : "the tokenizer of the system's file",
    ofModel: ofModel !== undefined,
  };
}

/** What was sent and what the server says that it read, of every answer of the log. */
export async function arrivalsOf(dir: string, { passages }: OpenedProbe, { tokensOf }: TokenCount): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const line of readRun(dir)) {
    if (line.kind !== "answer") continue;
    const context = (await passages.get(line.context)).flatMap((passage) => passage ?? []);
    arrivals.push({
      question: line.query,
      condition: line.condition,
      sent: context.reduce((total, passage) => total + tokensOf(passage), 0),
      counted: line.usage?.promptTokens,
    });
  }
  return arrivals;
}

/**
 * Why a condition has no score: it has one only where every prompt reached the model whole.
 * @returns undefined where it has
 */
export function blockedText({ groups, queries }: Scores, condition: string, arrived: Arrived | undefined) {
  const refused = groups.get(condition)?.failures.get(TOO_LONG) ?? 0;
  const questions = queries.length;
  const parts = [
    ...(refused > 0 ? [`over the window: ${refused} of ${questions} refused`] : []),
    ...(arrived && arrived.truncated > 0 ? [`truncated: ${arrived.truncated} of ${questions} prompts cut`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** Of the passages by our count, and of whole prompts by the server's. */
export function meansOf(arrivals: readonly Arrival[]): (number | undefined)[] {
  const mean = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
  return [mean(arrivals.map(({ sent }) => sent)), mean(arrivals.flatMap(({ counted }) => counted ?? []))];
}
