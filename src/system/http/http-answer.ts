import type { HttpGeneratorConfig } from "../../config/http-generator-schema.ts";
import type { Answer } from "../../core/contracts.ts";
import { quoteValue } from "../../lib/text.ts";
import { saidAnswer } from "../said-answer.ts";
import { BadHttpReply } from "./ask-http.ts";
import { valueAt } from "./pick.ts";

type Pointers = Pick<
  HttpGeneratorConfig,
  "answer" | "refused" | "finish" | "confidence" | "prompt_tokens" | "completion_tokens" | "pieces"
>;

/** What may stand beside an answer's text. */
export const EXTRAS = ["refused", "finish", "confidence", "prompt_tokens", "completion_tokens"] as const;
export type Extra = (typeof EXTRAS)[number];

const FITS: Readonly<Record<Extra, (value: unknown) => boolean>> = {
  refused: (value) => typeof value === "boolean",
  finish: (value) => typeof value === "string",
  confidence: (value) => Number.isFinite(value),
  prompt_tokens: isCount,
  completion_tokens: isCount,
};

/** Puts an answer together from one JSON value or from those of a stream. */
export class HttpAnswer {
  readonly #pointers: Pointers;
  readonly #extras = new Map<Extra, unknown>();
  #text: string | undefined;
  #seen = 0;

  constructor(pointers: Pointers) {
    this.#pointers = pointers;
  }

  /**
   * Takes one value. Of a stream, each may hold a piece of the text, or something that stands beside it.
   * @returns whether it held text that is not empty
   * @throws BadHttpReply when there is something else than text, a number … where a pointer leads
   */
  take(value: unknown): boolean {
    this.#seen += 1;
    for (const name of EXTRAS) {
      const pointer = this.#pointers[name];
      const found = pointer === undefined ? undefined : (valueAt(value, pointer) ?? undefined);
      if (found === undefined) continue;
      if (!FITS[name](found)) throw new BadHttpReply(`${quoteValue(found)} at ${name}: ${pointer}`);
      this.#extras.set(name, found);
    }
    const { answer, pieces } = this.#pointers;
    const text = valueAt(value, answer) ?? undefined;
    if (text === undefined) return false;
    if (typeof text !== "string") throw new BadHttpReply(`${quoteValue(text)} at answer: ${answer}`);
    this.#text = pieces === "whole" ? text : (this.#text ?? "") + text;
    return text !== "";
  }

  /** Whether a pointer led to something. */
  has(name: Extra): boolean {
    return this.#extras.has(name);
  }

  /** @throws BadHttpReply when no value held the answer's text */
  whole(marker: string | undefined, redact: (text: string) => string): Omit<Answer, "timing"> {
    if (this.#text === undefined) {
      const where = this.#seen > 1 ? ` in ${this.#seen} pieces` : "";
      throw new BadHttpReply(`nothing at answer: ${this.#pointers.answer}${where}`);
    }
    const [promptTokens, completionTokens] = [this.#extra("prompt_tokens"), this.#extra("completion_tokens")];
    const refused = this.#extra("refused");
    const confidence = this.#extra("confidence");
    return {
      ...saidAnswer(redact(this.#text), marker),
      ...(typeof refused === "boolean" && { refused }),
      finish: redact(String(this.#extra("finish") || "stop")),
      ...(typeof promptTokens === "number" &&
        typeof completionTokens === "number" && { usage: { promptTokens, completionTokens } }),
      ...(typeof confidence === "number" && { confidence }),
    };
  }

  #extra(name: Extra): unknown {
    return this.#extras.get(name);
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
