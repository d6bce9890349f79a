import type { Problem } from "../../core/problem.ts";
import { backoffMs, retry, retryAfterMs } from "../../lib/retry.ts";
import { printable } from "../../lib/text.ts";
import { unreadable } from "./read-document.ts";

/** How pages are asked for. */
export interface FetchPageOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1), for the waits between attempts. */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Hosts (with port where it is not the usual one) that may be asked, redirections included. */
  readonly hosts: ReadonlySet<string>;
  /** Largest page, unpacked, in bytes. */
  readonly maxBytes: number;
  /** For one attempt, the whole body included, in milliseconds. */
  readonly timeoutMs: number;
  /** Attempts in all, the first included, >= 1. */
  readonly maxAttempts: number;
}

export interface FetchedPage {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

const MOST_REDIRECTIONS = 5;

/** A reply that asking again may change. */
class Temporary extends Error {
  readonly afterMs: number | undefined;
  constructor(message: string, afterMs?: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/** A reply that stays as it is. */
class Final extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.got);
    this.problem = problem;
  }
}

/**
 * Gets a page. 408, 425, 429, 5xx, broken connections and time-outs are tried again, with growing waits or as long as the
 * server asks; redirections are followed to allowed hosts only; the body is read no further than its limit, counted after
 * unpacking.
 * @returns the problem when there is no page to have
 * @throws the signal's reason when it is aborted
 */
export async function fetchPage(address: string, options: FetchPageOptions): Promise<FetchedPage | Problem> {
  try {
    return await retry(() => attempt(address, options), {
      maxAttempts: options.maxAttempts,
      waitMs: (error, n) =>
        error instanceof Temporary ? (error.afterMs ?? backoffMs(n, options.random())) : undefined,
      sleep: options.sleep,
      signal: options.signal,
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Final) return error.problem;
    if (!(error instanceof Temporary)) throw error;
    const fix = "try again later, or give it more time";
    return unreadable(address, "a reply", printable(error.message), fix, "E_READ_FETCH");
  }
}

async function attempt(address: string, options: FetchPageOptions): Promise<FetchedPage> {
  const late = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, late]);
  try {
    const response = await follow(address, options, signal);
    const contentType = response.headers.get("content-type") ?? undefined;
    return { bytes: await readBody(address, response, options.maxBytes), contentType };
  } catch (error) {
    if (error instanceof Temporary || error instanceof Final) throw error;
    if (late.aborted) throw new Temporary(`none within ${options.timeoutMs / 1000} s`);
    const cause = (error as Error).cause as (Error & { code?: string }) | undefined;
    throw new Temporary(cause?.code ?? cause?.message ?? (error as Error).message);
  }
}

async function follow(address: string, options: FetchPageOptions, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let hop = 0; hop <= MOST_REDIRECTIONS; hop += 1) {
    refuseAddress(address, url, options.hosts);
    const headers = { "user-agent": "plumbline", accept: "text/html, text/plain, application/pdf, */*;q=0.1" };
    const response = await options.fetch(url.href, { redirect: "manual", signal, headers });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null && URL.canParse(location, url.href)) {
      await response.body?.cancel();
      url = new URL(location, url);
      continue;
    }
    if (response.ok) return response;
    await response.body?.cancel();
    const got = `status ${response.status}`;
    if ([408, 425, 429].includes(response.status) || response.status >= 500) {
      throw new Temporary(got, retryAfterMs(response.headers.get("retry-after"), options.now()));
    }
    throw new Final(unreadable(address, "status 200", got, "remove the page from the list", "E_READ_STATUS"));
  }
  const got = `more than ${MOST_REDIRECTIONS} redirections`;
  throw new Final(unreadable(address, "a page", got, "list the address it should lead to", "E_READ_STATUS"));
}

/** @throws Final when the address is not one to ask */
function refuseAddress(asked: string, url: URL, hosts: ReadonlySet<string>): void {
  if ((url.protocol === "http:" || url.protocol === "https:") && hosts.has(url.host) && url.username === "") return;
  const got = url.username === "" ? `${url.protocol}//${url.host}` : "an address with a user name";
  const expected = `an address of ${[...hosts].join(", ")}`;
  const fix =
    url.host === "" || url.username !== "" ? "leave it out" : `allow the host if you trust it: --host ${url.host}`;
  throw new Final(unreadable(asked, expected, got, fix, "E_READ_HOST"));
}

async function readBody(address: string, response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      const fix = "leave it out, or raise the limit";
      throw new Final(unreadable(address, `at most ${maxBytes} bytes`, "more", fix, "E_READ_SIZE"));
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
