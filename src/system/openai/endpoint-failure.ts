import { APIConnectionError, APIError } from "openai";
import { printable, truncate } from "../../lib/text.ts";
import { AttemptTimeout } from "./attempt.ts";
import { BadReply } from "./chat-reply.ts";
import { BodyTooLong } from "./limit-body.ts";

/** What went wrong with one attempt at an endpoint. */
export interface EndpointFailure {
  readonly code:
    | "E_ENDPOINT_TIMEOUT"
    | "E_ENDPOINT_UNREACHABLE"
    | "E_ENDPOINT_STATUS"
    | "E_ENDPOINT_CONTEXT"
    | "E_ENDPOINT_QUOTA"
    | "E_ENDPOINT_RATE_LIMIT"
    | "E_ENDPOINT_REPLY"
    | "E_ENDPOINT_REFUSED_KEY";
  /** Free of secrets and control characters. */
  readonly message: string;
  /** Whether asking again may help. */
  readonly retryable: boolean;
  /** No connection came about: nothing was asked. */
  readonly unreached?: boolean;
  readonly status?: number;
  /** The reply's `Retry-After`, as it was sent. */
  readonly retryAfter?: string;
}

/** A server as messages may show it. */
export interface NamedServer {
  /** How messages name it: the address as the file writes it, without credentials. */
  readonly name: string;
  /** Takes keys, the address and credentials out of a text. */
  readonly redact: (text: string) => string;
}

/** Statuses under 500 that pass: request time-out, too early, conflict of a busy server. */
const PASSING = new Set([408, 409, 425]);

/** Sorts any error of an attempt. @returns undefined for an error that is no failure of the endpoint, hence a defect here */
export function endpointFailure(error: unknown, endpoint: NamedServer): EndpointFailure | undefined {
  const say = (text: string): string => printable(`${endpoint.name} ${endpoint.redact(text)}`);
  if (error instanceof AttemptTimeout) {
    return { code: "E_ENDPOINT_TIMEOUT", message: say(`gave ${error.message}`), retryable: true };
  }
  if (error instanceof APIConnectionError) return unreachable(error, say);
  if (error instanceof APIError && error.status !== undefined) {
    // Servers that refuse a key like to quote its beginning and end, which no search for the key finds.
    const said = error.status === 401 ? "401: it does not take the key" : quoted(endpoint.redact(error.message));
    return statusFailure(error as StatusError, say(`answered ${said}`));
  }
  if (error instanceof BodyTooLong) return reply(say(`sent ${error.message}`), false);
  if (error instanceof BadReply) return reply(say(`sent no usable reply: ${error.message}`), error.cutOff);
  if (error instanceof APIError)
    return reply(say(`sent an error in its stream: ${quoted(endpoint.redact(error.message))}`), true);
  if (error instanceof SyntaxError) return reply(say("sent a stream that is cut off or not JSON"), true);
  // The body broke off: fetch says "terminated".
  if (error instanceof TypeError && error.cause !== undefined) {
    return reply(say(`closed the connection in the middle of its reply: ${reason(error)}`), true);
  }
  if (error instanceof TypeError && error.message === "terminated") {
    return reply(say("closed the connection in the middle of its reply"), true);
  }
  return undefined;
}

/** How servers say that prompt and answer do not fit the model's window: a code, or words of vLLM, llama.cpp and SGLang. */
const TOO_LONG =
  /context_length_exceeded|exceed_context_size|context (?:length|size|window)|longer than the (?:model|maximum)/i;

/** Codes of a connection that was never made; others break off while something is being asked. */
const NEVER_MADE: ReadonlySet<string> = new Set(
  "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH EHOSTDOWN ETIMEDOUT UND_ERR_CONNECT_TIMEOUT".split(" "),
);

/** A request for which no reply began. */
export function unreachable(error: Error, say: (text: string) => string): EndpointFailure {
  const why = reason(error);
  const message = say(`cannot be reached: ${why}`);
  return { code: "E_ENDPOINT_UNREACHABLE", message, retryable: true, unreached: NEVER_MADE.has(why) };
}

type StatusError = APIError & { readonly status: number };

function statusFailure(error: StatusError, message: string): EndpointFailure {
  const failure = failureOfStatus(error.status, error.headers?.get("retry-after"), message);
  // A used-up quota does not come back by waiting, and a prompt does not get shorter.
  if (error.code === "insufficient_quota") return { ...failure, code: "E_ENDPOINT_QUOTA", retryable: false };
  if (TOO_LONG.test(`${error.code} ${error.message}`) && !failure.retryable) {
    return { ...failure, code: "E_ENDPOINT_CONTEXT" };
  }
  return failure;
}

/** What a status other than 2xx means: which failure it is, and whether asking again may help. */
export function failureOfStatus(
  status: number,
  retryAfter: string | null | undefined,
  message: string,
): EndpointFailure {
  const common = { message, status, ...(retryAfter ? { retryAfter } : {}) };
  if (status === 401 || status === 403) return { code: "E_ENDPOINT_REFUSED_KEY", retryable: false, ...common };
  if (status === 429) return { code: "E_ENDPOINT_RATE_LIMIT", retryable: true, ...common };
  const retryable = PASSING.has(status) || (status >= 500 && status !== 501 && status !== 505);
  return { code: "E_ENDPOINT_STATUS", retryable, ...common };
}

function reply(message: string, retryable: boolean): EndpointFailure {
  return { code: "E_ENDPOINT_REPLY", message, retryable };
}

/** A short quotation of redacted text only: half a key at the cut would be found by no search. */
export function quoted(text: string): string {
  return truncate(text.replace(/\s+/g, " ").trim(), 200);
}

/** The system's word for why a connection failed, such as ECONNREFUSED; its message would hold the address. */
export function reason(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === "string") return code;
    const first =
      cause instanceof AggregateError ? (cause.errors[0] as NodeJS.ErrnoException | undefined)?.code : undefined;
    if (first) return first;
  }
  return "connection failed";
}
