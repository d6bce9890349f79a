import type OpenAI from "openai";
import { Stream } from "openai/core/streaming";
import type { Usage } from "../../core/contracts.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Endpoint } from "./endpoint.ts";

/** What a server said to one question. */
export interface ChatReply {
  readonly text: string;
  /** Set when the server marks its answer as a refusal. */
  readonly refused?: true;
  readonly finish: string;
  readonly usage?: Usage;
  /** When the first token came, on the caller's clock; only of a stream. */
  readonly firstTokenAt?: number;
}

/** The server said something that is no chat completion. */
export class BadReply extends Error {
  override readonly name = "BadReply";
  /** Whether it looks cut off, so that asking again may give the rest. */
  readonly cutOff: boolean;
  constructor(message: string, options: ErrorOptions & { cutOff: boolean }) {
    super(message, options);
    this.cutOff = options.cutOff;
  }
}

/**
 * Reads a chat completion, streamed or whole: the reply's content type decides, because some servers do not stream though
 * asked to, or stream though not.
 * @throws BadReply when it is neither
 */
export async function readChatReply(
  response: Response,
  { client, redact }: Endpoint,
  monotonic: () => number,
): Promise<ChatReply> {
  const type = response.headers.get("content-type") ?? "";
  if (/text\/event-stream/i.test(type)) return readStream(response, client, monotonic);
  return parseWhole(await response.text(), type, redact);
}

async function readStream(response: Response, client: OpenAI, monotonic: () => number): Promise<ChatReply> {
  let text = "";
  let refusal = "";
  let finish: string | undefined;
  let usage: Usage | undefined;
  let firstTokenAt: number | undefined;
  const chunks = Stream.fromSSEResponse<unknown>(response, new AbortController(), client);
  for await (const chunk of chunks) {
    const { choice, usage: counted } = partsOf(chunk);
    usage = counted ?? usage;
    if (!choice) continue;
    const delta = record(choice.delta);
    const content = textOf(delta.content);
    const declined = textOf(delta.refusal);
    // A model that reasons first has begun to answer when its reasoning begins.
    if (firstTokenAt === undefined && (content || declined || textOf(delta.reasoning_content)))
      firstTokenAt = monotonic();
    text += content;
    refusal += declined;
    finish = textOf(choice.finish_reason) || finish;
  }
  if (finish === undefined) {
    throw new BadReply(`the stream ended before the answer did, after ${text.length} characters`, { cutOff: true });
  }
  return assemble(text, refusal, finish, usage, firstTokenAt);
}

/** What is quoted is redacted before it is cut short: half a key would be found by no search. */
function parseWhole(body: string, type: string, redact: (text: string) => string): ChatReply {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (/^\s*[{[]/.test(body)) {
      throw new BadReply(`the JSON is cut off or broken after ${body.length} characters`, {
        cause: error,
        cutOff: true,
      });
    }
    const kind = /^\s*</.test(body)
      ? "a page of HTML or XML"
      : body.trim() === ""
        ? "an empty body"
        : quoteValue(redact(body));
    throw new BadReply(`expected a chat completion in JSON, got ${kind} (${quoteValue(redact(type))})`, {
      cause: error,
      cutOff: false,
    });
  }
  const { choice, usage } = partsOf(value);
  const message = record(choice?.message);
  if (!choice || (typeof message.content !== "string" && typeof message.refusal !== "string")) {
    throw new BadReply(`expected choices with a message, got ${quoteValue(redact(body))}`, { cutOff: false });
  }
  const finish = textOf(choice.finish_reason) || "stop";
  return assemble(textOf(message.content), textOf(message.refusal), finish, usage, undefined);
}

function assemble(
  text: string,
  refusal: string,
  finish: string,
  usage: Usage | undefined,
  firstTokenAt: number | undefined,
): ChatReply {
  return {
    text: text === "" ? refusal : text,
    ...(refusal === "" || text !== "" ? {} : { refused: true }),
    finish,
    ...(usage && { usage }),
    ...(firstTokenAt === undefined ? {} : { firstTokenAt }),
  };
}

/** What a server sends is looked at, never trusted: no type of the client holds for servers of another make. */
function partsOf(value: unknown): { choice?: Record<string, unknown>; usage?: Usage } {
  const { choices, usage } = record(value);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = record(usage);
  const counted = isCount(promptTokens) && isCount(completionTokens);
  return {
    ...(choice !== null && typeof choice === "object" ? { choice: record(choice) } : {}),
    ...(counted ? { usage: { promptTokens, completionTokens } } : {}),
  };
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
