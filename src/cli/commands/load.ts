import { UsageError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";
import { ARRIVALS } from "../../runlog/load-record.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { milliseconds } from "../terminal/parse-amount.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";

const FASTEST = 10_000;

/** Requests per second. */
function rate(written: string, name: string): number {
  const x = Number(written);
  if (written.trim() !== "" && x > 0 && x <= FASTEST) return x;
  const expected = `requests per second, above 0 and at most ${FASTEST}`;
  throw new UsageError({
    ...{ code: "E_USAGE", where: name, expected, got: quoteValue(written) },
    fix: `write for example ${name} 0.5`,
  });
}

export const load = defineCommand({
  details: [
    "Requests are sent at their times, whether or not earlier ones are answered, and latency counts from the moment a request was",
    "due: a server that stalls is not flattered. Nothing is retried, paced or cached. Prompts are made up, no two alike, unless",
    "--suite names questions, which are then sent with the passages retrieved for them before the test begins.",
    "",
    "The knee is the last of the rates, from the lowest up, of which each has --share of its requests answered within the limits.",
    "One request goes before all others: it shows that the system answers, and its tokens correct the length of the prompts.",
    "Ctrl-C keeps what was measured. Only the generator's own endpoint is contacted, besides what --suite retrieves with.",
  ].join("\n"),
  options: {
    system: optional("-s, --system <id>", "the system (required)", text),
    rate: value("--rate <r>", "requests per second", rate, 1),
    ramp: list(
      "--ramp <rates>",
      "rates to measure one after the other, or auto: looks for the knee from --rate on",
      ramp,
    ),
    arrivals: value(
      "--arrivals <kind>",
      `${ARRIVALS.join(" or ")}: at random, or evenly`,
      choice(...ARRIVALS),
      "poisson",
    ),
    duration: optional("--duration <span>", "how long each rate is measured (60s)", milliseconds),
    warmup: optional("--warmup <span>", "how long each rate is sent before it is measured; 0 for none (5s)", warmup),
    promptTokens: optional("--prompt-tokens <n>", "length of the made-up prompts (2000)", integer(1, 10_000_000)),
    outputTokens: optional(
      "--output-tokens <n>",
      "most tokens of an answer (256; with --suite what the system's file says)",
      integer(1, 1_000_000),
    ),
    suite: optional("-b, --suite <id>", "ask the questions of this suite's split", text),
    topk: optional("-k, --topk <k>", "passages with each question; the suite's most when left out", integer(1, 1000)),
    ttftLimit: optional(
      "--ttft-limit <span>",
      "an answer is good if its first token comes within this: 500ms",
      milliseconds,
    ),
    e2eLimit: optional("--e2e-limit <span>", "an answer is good if it is whole within this: 5s", milliseconds),
    share: value("--share <fraction>", "of good answers that a rate has to have to be borne", openFraction, 0.95),
    maxInFlight: value(
      "--max-in-flight <n>",
      "requests under way at most; further ones are not sent",
      integer(1, 100_000),
      256,
    ),
    seed: value("--seed <n>", "the seed of arrivals and prompts", integer(0), 0),
    out: optional("-o, --out <file>", "where the result goes, as JSON; the page beside it ends in .html", text),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
    dryRun: flag("--dry-run", "say how many requests and tokens that is and what they cost; send nothing"),
    quiet: flag("-q, --quiet", "no progress and no notes"),
  },
  examples: [
    {
      command: "bench load --system raft-8b --rate 1 --prompt-tokens 2000 --output-tokens 256",
      says: "a new user each second for a minute",
    },
    {
      command: "bench load -s raft-8b --ramp 1,2,4,8 --ttft-limit 500ms --e2e-limit 5s",
      says: "four rates, and the knee among them",
    },
    { command: "bench load -s raft-8b --ramp auto --e2e-limit 5s", says: "looks for the knee, from 1 a second on" },
    {
      command: "bench load -s raft-8b --suite handbook -k 5 --rate 2",
      says: "the suite's questions with five passages",
    },
    { command: "bench load -s raft-8b --ramp 1,2,4,8 --dry-run", says: "what that would send and cost" },
  ],
  async run(_, options, deps) {
    const { system } = options;
    if (system === undefined) {
      throw new UsageError({
        ...{ code: "E_USAGE", where: "--system", expected: "a value", got: "nothing" },
        fix: "name one: --system raft-8b",
      });
    }
    const { measureSystemLoad } = await import("../load/load-system.ts");
    return measureSystemLoad({ ...options, system }, deps);
  },
});

function ramp(written: string, name: string): number | "auto" {
  return written.trim() === "auto" ? "auto" : rate(written, name);
}

/** As any span, and 0. */
function warmup(written: string, name: string): number {
  return /^0[a-z]*$/.test(written.trim()) ? 0 : milliseconds(written, name);
}
