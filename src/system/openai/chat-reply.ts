import type OpenAI from "openai";
import { Stream } from "openai/core/streaming";
import type { Usage } from "../../core/contracts.ts";
import { quoteValue } from "../../lib/text.ts";
import type { Endpoint } from "./endpoint.ts";
import { LogProbabilities } from "./log-probabilities.ts";

/** What a server said to one question. */
export interface ChatReply {
  readonly text: string;
  /** Set when the server marks its answer as a refusal. */
  readonly refused?: true;
  readonly finish: string;
  readonly usage?: Usage;
  /** The mean log probability of the tokens, where the server gives any. */
  readonly confidence?: number;
  /** When the first token came, on the caller's clock; only of a stream. */
  readonly firstTokenAt?: number;
}

/** The server said something that is no completion. */
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
 * Reads a completion, chat or plain, streamed or whole: the reply's content type decides, because some servers do not stream though
 * asked to, or stream though not.
 * @param onToken called as each piece of a stream comes
 * @throws BadReply when it is neither
 */
export async function readChatReply(
  response: Response,
  { client, redact }: Endpoint,
  monotonic: () => number,
  onToken?: () => void,
): Promise<ChatReply> {
  const type = response.headers.get("content-type") ?? "";
  if (/text\/event-stream/i.test(type)) return readStream(response, client, monotonic, onToken);
  return parseWhole(await response.text(), type, redact);
}

async function readStream(
  response: Response,
  client: OpenAI,
  monotonic: () => number,
  onToken: (() => void) | undefined,
): Promise<ChatReply> {
  let text = "";
  let refusal = "";
  let finish: string | undefined;
  let usage: Usage | undefined;
  let firstTokenAt: number | undefined;
  const logprobs = new LogProbabilities();
  const chunks = Stream.fromSSEResponse<unknown>(response, new AbortController(), client);
  for await (const chunk of chunks) {
    const { choice, usage: counted } = partsOf(chunk);
    usage = counted ?? usage;
    if (!choice) continue;
    const delta = record(choice.delta);
    // A plain completion has its text beside the choice's other keys.
    const content = textOf(delta.content) || textOf(choice.text);
    const declined = textOf(delta.refusal);
    // A model that reasons first has begun to answer when its reasoning begins.
    if (content || declined || textOf(delta.reasoning_content)) {
      firstTokenAt ??= monotonic();
      onToken?.();
    }
    logprobs.add(choice.logprobs);
    text += content;
    refusal += declined;
    finish = textOf(choice.finish_reason) || finish;
  }
  if (finish === undefined) {
    throw new BadReply(`the stream ended before the answer did, after ${text.length} characters`, { cutOff: true });
  }
  return assemble({ text, refusal, finish, usage, confidence: logprobs.mean, firstTokenAt });
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
    throw new BadReply(`expected a completion in JSON, got ${kind} (${quoteValue(redact(type))})`, {
      cause: error,
      cutOff: false,
    });
  }
  const { choice, usage } = partsOf(value);
  const message = record(choice?.message);
  // What a model hands to a tool is what it has to say.
  const content = message.content ?? choice?.text ?? argumentsOf(message);
  if (!choice || (typeof content !== "string" && typeof message.refusal !== "string")) {
    throw new BadReply(`expected choices with a message, got ${quoteValue(redact(body))}`, { cutOff: false });
  }
  const finish = textOf(choice.finish_reason) || "stop";
  const logprobs = new LogProbabilities();
  logprobs.add(choice.logprobs);
  return assemble({
    text: textOf(content),
    refusal: textOf(message.refusal),
    finish,
    usage,
    confidence: logprobs.mean,
  });
}

function argumentsOf({ tool_calls }: Record<string, unknown>): unknown {
  const [call] = Array.isArray(tool_calls) ? (tool_calls as unknown[]) : [];
  return record(record(call).function).arguments;
}

interface Parts {
  readonly text: string;
  readonly refusal: string;
  readonly finish: string;
  readonly usage: Usage | undefined;
  readonly confidence: number | undefined;
  readonly firstTokenAt?: number | undefined;
}

function assemble({ text, refusal, finish, usage, confidence, firstTokenAt }: Parts): ChatReply {
  return {
    text: text === "" ? refusal : text,
    ...(refusal === "" || text !== "" ? {} : { refused: true }),
    finish,
    ...(usage && { usage }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(firstTokenAt === undefined ? {} : { firstTokenAt }),
  };
}

/** What a server sends is looked at, never trusted: no type of the client holds for servers of another make. */
function partsOf(value: unknown): { choice?: Record<string, unknown>; usage?: Usage } {
  const { choices, usage } = record(value);
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens, prompt_tokens_details } = record(usage);
  const counted = isCount(promptTokens) && isCount(completionTokens);
  const { cached_tokens: cached } = record(prompt_tokens_details);
  return {
    ...(choice !== null && typeof choice === "object" ? { choice: record(choice) } : {}),
    ...(counted
      ? { usage: { promptTokens, completionTokens, ...(isCount(cached) && { cachedPromptTokens: cached }) } }
      : {}),
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
