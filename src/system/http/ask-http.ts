import { printable } from "../../lib/text.ts";
import { askEndpoint, type Patience } from "../openai/ask-endpoint.ts";
import { AttemptTimeout } from "../openai/attempt.ts";
import { type EndpointFailure, failureOfStatus, type NamedServer, quoted, reason } from "../openai/endpoint-failure.ts";
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

/**
 * Asks a server for JSON, again where that may help.
 * @param read makes something of the parsed reply; throws BadHttpReply for one it cannot use, which is not asked for again
 * @throws SystemFailure with an E_ENDPOINT_ code and the number of attempts
 * @throws the signal's reason when it is aborted
 */
export function askHttp<T>(
  endpoint: HttpEndpoint,
  request: HttpRequest,
  patience: Patience,
  signal: AbortSignal,
  read: (reply: unknown) => T,
): Promise<T> {
  const attempt = async (own: AbortSignal): Promise<T> => {
    const response = await endpoint.send(request, own).catch((error: unknown) => {
      own.throwIfAborted();
      throw error instanceof TypeError ? new Unreachable("", { cause: error }) : error;
    });
    const text = await response.text();
    if (!response.ok) throw new BadStatus(response.status, response.headers.get("retry-after"), text);
    return read(parsed(text));
  };
  return askEndpoint(endpoint, patience, signal, attempt, httpFailure);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NoJson(text);
  }
}

function httpFailure(error: unknown, { name, redact }: NamedServer): EndpointFailure | undefined {
  const say = (text: string): string => printable(`${name} ${redact(text)}`);
  const said = (text: string): string => quoted(redact(text));
  if (error instanceof AttemptTimeout) {
    return { code: "E_ENDPOINT_TIMEOUT", message: say(`gave ${error.message}`), retryable: true };
  }
  if (error instanceof Unreachable) {
    return { code: "E_ENDPOINT_UNREACHABLE", message: say(`cannot be reached: ${reason(error)}`), retryable: true };
  }
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
  if (error instanceof NoJson) return reply(`sent no JSON: ${said(error.message) || "an empty body"}`, false);
  if (error instanceof BadHttpReply) return reply(`sent no usable reply: ${error.message}`, false);
  // The body broke off: fetch says "terminated".
  if (error instanceof TypeError) return reply("closed the connection in the middle of its reply", true);
  return undefined;
}
