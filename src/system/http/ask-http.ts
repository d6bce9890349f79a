import { printable } from "../../lib/text.ts";
import { askEndpoint, type CallOptions, type Patience, type Sent } from "../openai/ask-endpoint.ts";
import { AttemptTimeout } from "../openai/attempt.ts";
import {
  type EndpointFailure,
  failureOfStatus,
  type NamedServer,
  quoted,
  unreachable,
} from "../openai/endpoint-failure.ts";
import { BodyTooLong } from "../openai/limit-body.ts";
import type { HttpEndpoint, HttpRequest } from "./http-endpoint.ts";

/** A reply that is JSON but not what was asked for. */
export class BadHttpReply extends Error {
  override readonly name = "BadHttpReply";
}

/** A status other than 2xx. */
class BadStatus extends Error {
  readonly status: number;
  readonly retryAfter: string | null;
  constructor(status: number, retryAfter: string | null, body: string) {
    super(body);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

class Unreachable extends Error {}
class NoJson extends Error {}
class NoUtf8 extends Error {}

/**
 * Asks a server for JSON, again where that may help.
 * @param read makes something of the parsed reply; throws BadHttpReply for one it cannot use, which is not asked for again
 * @param tokensOf what the call took of a budget of tokens; undefined where the server does not say
 * @throws SystemFailure with an E_ENDPOINT_ code and the number of attempts
 * @throws the signal's reason when it is aborted
 */
export function askHttp<T>(
  endpoint: HttpEndpoint,
  request: HttpRequest,
  patience: Patience,
  signal: AbortSignal,
  read: (reply: unknown) => T,
  tokensOf?: (value: T) => number | undefined,
): Promise<T> {
  const attempt = async (own: AbortSignal): Promise<T> => read(await jsonOf(await send(endpoint, request, own)));
  const tokens = likelyTokens(request);
  return askServer(endpoint, patience, signal, attempt, { tokens, ...(tokensOf && { tokensOf }) });
}

/** Four characters of a request are about one token. How long a reply may get, the request does not say in a way we know. */
export function likelyTokens({ body = "" }: HttpRequest): number {
  return body.length / 4;
}

/** As {@link askHttp}, for replies that are read otherwise: an attempt uses {@link send} and {@link parsedJson}. */
export function askServer<T>(
  endpoint: HttpEndpoint,
  patience: Patience,
  signal: AbortSignal,
  attempt: (signal: AbortSignal, sent: Sent) => Promise<T>,
  options: Omit<CallOptions<T>, "failureOf"> = {},
): Promise<T> {
  return askEndpoint(endpoint, patience, signal, attempt, { ...options, failureOf: httpFailure });
}

/** One attempt. @returns a response of status 2xx, its body not yet read */
export async function send(endpoint: HttpEndpoint, request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const response = await endpoint.send(request, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof TypeError ? new Unreachable("", { cause: error }) : error;
  });
  if (response.ok) return response;
  throw new BadStatus(response.status, response.headers.get("retry-after"), await response.text());
}

/** The JSON that is the whole body. */
export async function jsonOf(response: Response): Promise<unknown> {
  const bytes = await response.arrayBuffer();
  return parsedJson(new Utf8().read(new Uint8Array(bytes), true));
}

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NoJson(text);
  }
}

/** Decodes a body that comes in pieces; bytes that are no UTF-8 are an error, not a replacement character. */
export class Utf8 {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  read(bytes: Uint8Array, last: boolean): string {
    try {
      return this.#decoder.decode(bytes, { stream: !last });
    } catch {
      throw new NoUtf8();
    }
  }
}

function httpFailure(error: unknown, { name, redact }: NamedServer): EndpointFailure | undefined {
  const say = (text: string): string => printable(`${name} ${redact(text)}`);
  const said = (text: string): string => quoted(redact(text));
  if (error instanceof AttemptTimeout) {
    return { code: "E_ENDPOINT_TIMEOUT", message: say(`gave ${error.message}`), retryable: true };
  }
  if (error instanceof Unreachable) return unreachable(error, say);
  if (error instanceof BadStatus) {
    const { status, retryAfter, message } = error;
    // Servers that refuse a key like to quote parts of it, which no search for the key finds.
    const refused = status === 401 || status === 403;
    const words = refused ? `${status}: it does not take the key` : `${status} ${said(message)}`;
    return failureOfStatus(status, retryAfter, say(`answered ${words.trim()}`));
  }
  const reply = (message: string, retryable: boolean): EndpointFailure => ({
    code: "E_ENDPOINT_REPLY",
    message: say(message),
    retryable,
  });
  if (error instanceof BodyTooLong) return reply(`sent ${error.message}`, false);
  if (error instanceof NoUtf8) return reply("sent bytes that are no UTF-8", false);
  if (error instanceof NoJson) {
    // What begins as JSON was cut off, and asking again may give the rest.
    const broken = /^\s*[{[]/.test(error.message);
    const what = broken ? "JSON that is cut off or broken" : "no JSON";
    return reply(`sent ${what}: ${said(error.message) || "an empty body"}`, broken);
  }
  if (error instanceof BadHttpReply) return reply(`sent no usable reply: ${error.message}`, false);
  // The body broke off: fetch says "terminated".
  if (error instanceof TypeError) return reply("closed the connection in the middle of its reply", true);
  return undefined;
}
