import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { isObject, type JsonObject } from "../../embed/json-file.ts";
import { printable, quoteValue, truncate } from "../../lib/text.ts";

/** What can go wrong with a process; scripts may match on these. */
export type ProcessCode = "E_PROCESS_START" | "E_PROCESS_CRASH" | "E_PROCESS_TIMEOUT" | "E_PROCESS_REPLY";

export class ProcessFault extends Error {
  override readonly name = "ProcessFault";
  readonly code: ProcessCode;
  constructor(code: ProcessCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface LineChildOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startTimeoutMs: number;
  readonly timeoutMs: number;
  /** Takes secrets out of what the process says. */
  readonly redact: (text: string) => string;
}

/** Longest line that is taken, in UTF-16 units. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** What is kept of what the process wrote last to stderr. */
const STDERR_KEPT = 4096;
const STDERR_SHOWN = 500;
/** How long a process may take to end once its input is closed before it is told to, and before it is killed. */
const PATIENCE_MS = 300;
const GRACE_MS = 2000;
/** How long its last words are waited for. */
const LAST_WORDS_MS = 200;

/**
 * A process that answers lines of JSON on stdin with lines of JSON on stdout. It writes `{"ready": true}` once it can. A fault
 * ends it: a crash, a line that is no answer, an answer that does not come in time.
 */
export class LineChild {
  readonly #options: LineChildOptions;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve(reply: JsonObject): void; reject(fault: unknown): void }>();
  /** Questions that nobody waits for any more; their answers are let pass. */
  readonly #abandoned = new Set<number>();
  readonly #ready: Promise<void>;
  #setReady: () => void = () => undefined;
  #setFailed: (fault: unknown) => void = () => undefined;
  #isReady = false;
  #fault: ProcessFault | undefined;
  #asked = 0;
  #line = "";
  #stderr = "";

  constructor(options: LineChildOptions) {
    this.#options = options;
    const [program, ...args] = options.command as [string, ...string[]];
    // In a group of its own: Ctrl-C in a terminal is for whoever started it, who then closes it.
    this.#child = spawn(program, args, { cwd: options.cwd, env: options.env, detached: true, windowsHide: true });
    this.#ready = new Promise((resolve, reject) => {
      this.#setReady = resolve;
      this.#setFailed = reject;
    });
    this.#ready.catch(() => undefined);
    this.#listen();
  }

  /** Set once the process is of no more use. */
  get fault(): ProcessFault | undefined {
    return this.#fault;
  }

  /** @throws ProcessFault when it does not get ready in time */
  ready(signal: AbortSignal): Promise<void> {
    const late = (): void =>
      this.#fail("E_PROCESS_START", `did not write {"ready": true} within ${this.#options.startTimeoutMs / 1000} s`);
    return within(this.#ready, this.#options.startTimeoutMs, late, signal);
  }

  /** @throws ProcessFault when it ends, writes something else or takes too long; the signal's reason when it is aborted */
  async ask(request: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (this.#fault) throw this.#fault;
    signal.throwIfAborted();
    const id = ++this.#asked;
    const reply = new Promise<JsonObject>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    const { timeoutMs } = this.#options;
    const late = (): void => this.#fail("E_PROCESS_TIMEOUT", `did not answer within ${timeoutMs / 1000} s`);
    try {
      return await within(reply, timeoutMs, late, signal);
    } finally {
      if (this.#waiting.delete(id)) this.#abandoned.add(id);
    }
  }

  /** Closes its input, which tells it to end, and kills it when it does not. */
  async close(): Promise<void> {
    this.#fault ??= new ProcessFault("E_PROCESS_CRASH", `${this.#name} was ended`);
    this.#rejectAll(this.#fault);
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.stdin.end();
    const timers = [
      setTimeout(() => this.#child.kill("SIGTERM"), PATIENCE_MS),
      setTimeout(() => this.#child.kill("SIGKILL"), GRACE_MS),
    ];
    await ended;
    for (const timer of timers) clearTimeout(timer);
  }

  get #name(): string {
    return truncate(printable(this.#options.command.join(" ")), 80);
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    // A process that is gone does not read: its end says so better than the broken pipe.
    stdin.on("error", () => undefined);
    const words = new StringDecoder("utf8");
    stderr.on("data", (bytes: Buffer) => {
      this.#stderr = (this.#stderr + words.write(bytes)).slice(-STDERR_KEPT);
    });
    const text = new StringDecoder("utf8");
    stdout.on("data", (bytes: Buffer) => this.#take(text.write(bytes)));
    this.#child.on("error", (error: NodeJS.ErrnoException) => {
      this.#fail("E_PROCESS_START", `cannot be started: ${error.code ?? "an unknown error"}`);
    });
    this.#child.on("exit", (code, signal) => {
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      const fail = (): void => this.#fail(this.#isReady ? "E_PROCESS_CRASH" : "E_PROCESS_START", how);
      const timer = setTimeout(fail, LAST_WORDS_MS);
      this.#child.once("close", () => {
        clearTimeout(timer);
        fail();
      });
    });
  }

  #take(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", from)) {
      const line = this.#line + text.slice(from, at);
      this.#line = "";
      from = at + 1;
      if (this.#fault) return;
      if (line.trim() !== "") this.#answer(line);
    }
    this.#line += text.slice(from);
    if (this.#line.length <= LONGEST_LINE) return;
    this.#line = "";
    this.#fail("E_PROCESS_REPLY", `wrote a line of more than ${LONGEST_LINE} characters`);
  }

  #answer(line: string): void {
    let reply: unknown;
    try {
      reply = JSON.parse(line) as unknown;
    } catch {
      reply = undefined;
    }
    if (isObject(reply)) {
      if (!this.#isReady && reply.ready === true) {
        this.#isReady = true;
        this.#setReady();
        return;
      }
      const { id } = reply;
      const waiting = typeof id === "number" ? this.#waiting.get(id) : undefined;
      if (waiting) {
        this.#waiting.delete(id as number);
        waiting.resolve(reply);
        return;
      }
      if (typeof id === "number" && this.#abandoned.delete(id)) return;
    }
    const said = quoteValue(this.#options.redact(truncate(line, 10_000)));
    this.#fail("E_PROCESS_REPLY", `wrote to stdout what is no answer to a question: ${said}`);
  }

  /** Ends the process and everything that waits for it. */
  #fail(code: ProcessCode, how: string): void {
    if (this.#fault) return;
    const last = truncateStart(printable(this.#options.redact(this.#stderr).trim()), STDERR_SHOWN);
    this.#fault = new ProcessFault(code, `${this.#name} ${how}${last === "" ? "" : `; stderr ends in: ${last}`}`);
    this.#child.kill("SIGKILL");
    this.#rejectAll(this.#fault);
  }

  #rejectAll(fault: ProcessFault): void {
    this.#setFailed(fault);
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }
}

/** Waits for a promise; `late` has to make it fail when the time is up. @throws the signal's reason when it is aborted */
async function within<T>(promise: Promise<T>, ms: number, late: () => void, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  const timer = setTimeout(late, ms);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function truncateStart(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - length + 1)}`;
}
