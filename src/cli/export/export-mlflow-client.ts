import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { UnavailableError } from "../../core/errors.ts";
import { printable, truncate } from "../../lib/text.ts";

/** What MLflow keeps of one run, as its REST interface takes it. */
export interface MlflowBatch {
  readonly params: readonly KeyValue[];
  readonly metrics: readonly {
    readonly key: string;
    readonly value: number;
    readonly timestamp: number;
    readonly step: number;
  }[];
}
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface MlflowRun {
  readonly id: string;
  readonly status: string;
  /** Where the server keeps the run's files: `mlflow-artifacts:/…` when it takes them itself. */
  readonly artifacts: string;
}

export interface MlflowClientOptions {
  /** The server's address, such as http://localhost:5000; a user name and password in it are sent, never shown. */
  readonly trackingUri: string;
  /** Of MLflow's own variables: a bearer token, or a user name and password. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

/** Longest wait for one reply, in milliseconds; files have no limit of their own. */
const TIMEOUT_MS = 60_000;
/** What MLflow takes in one batch. */
const BATCH = { metrics: 1000, params: 100 } as const;
const ARTIFACTS = "mlflow-artifacts:";

/** A part of MLflow's tracking interface: https://mlflow.org/docs/latest/rest-api.html */
export class MlflowClient {
  /** The address without credentials, for messages. */
  readonly name: string;
  readonly #base: string;
  readonly #authorization: string | undefined;
  readonly #options: MlflowClientOptions;

  constructor(options: MlflowClientOptions) {
    const url = new URL(options.trackingUri);
    const {
      MLFLOW_TRACKING_TOKEN: token,
      MLFLOW_TRACKING_USERNAME: user,
      MLFLOW_TRACKING_PASSWORD: password,
    } = options.env;
    const pair = url.username
      ? [decodeURIComponent(url.username), decodeURIComponent(url.password)]
      : user
        ? [user, password ?? ""]
        : undefined;
    this.#authorization = token ? `Bearer ${token}` : pair && `Basic ${Buffer.from(pair.join(":")).toString("base64")}`;
    url.username = "";
    url.password = "";
    url.search = "";
    url.hash = "";
    this.#base = url.href.replace(/\/+$/, "");
    this.name = this.#base;
    this.#options = options;
  }

  /** The id of an experiment; it is made where there is none of the name. */
  async experiment(name: string): Promise<string> {
    const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const found = await this.#call("GET", path, undefined, "RESOURCE_DOES_NOT_EXIST");
    if (found) return textAt(found, "experiment", "experiment_id") ?? this.#odd(path);
    const made = await this.#call("POST", "experiments/create", { name });
    return textAt(made, "experiment_id") ?? this.#odd("experiments/create");
  }

  /** The runs of an experiment that carry a tag. */
  async runsWith(experiment: string, tag: string, value: string): Promise<MlflowRun[]> {
    const filter = `tags.\`${tag}\` = '${value.replaceAll("'", "")}'`;
    const found = await this.#call("POST", "runs/search", { experiment_ids: [experiment], filter, max_results: 100 });
    const runs = (found as { runs?: unknown }).runs ?? [];
    return Array.isArray(runs) ? runs.map((run) => this.#run({ run }, "runs/search")) : this.#odd("runs/search");
  }

  async createRun(
    experiment: string,
    run: { name: string; startTime: number; tags: readonly KeyValue[] },
  ): Promise<MlflowRun> {
    const body = { experiment_id: experiment, run_name: run.name, start_time: run.startTime, tags: run.tags };
    return this.#run(await this.#call("POST", "runs/create", body), "runs/create");
  }

  async deleteRun(id: string): Promise<void> {
    await this.#call("POST", "runs/delete", { run_id: id });
  }

  /** Logs params and metrics, as many at once as the server takes. */
  async log(id: string, { params, metrics }: MlflowBatch): Promise<void> {
    for (let at = 0; at < params.length; at += BATCH.params) {
      await this.#call("POST", "runs/log-batch", { run_id: id, params: params.slice(at, at + BATCH.params) });
    }
    for (let at = 0; at < metrics.length; at += BATCH.metrics) {
      await this.#call("POST", "runs/log-batch", { run_id: id, metrics: metrics.slice(at, at + BATCH.metrics) });
    }
  }

  /** Sends a file. @returns false where the server does not take files itself but leaves them to a store of its own */
  async upload({ artifacts }: MlflowRun, name: string, file: string): Promise<boolean> {
    if (!artifacts.startsWith(ARTIFACTS)) return false;
    const folder = new URL(artifacts).pathname.split("/").filter(Boolean);
    const path = [...folder, ...name.split("/")].map(encodeURIComponent).join("/");
    const { size } = await stat(file);
    const headers = { "content-type": "application/octet-stream", "content-length": String(size) };
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
    await this.#send("PUT", `mlflow-artifacts/artifacts/${path}`, { headers, body, duplex: "half" });
    return true;
  }

  async finish(id: string, endTime: number): Promise<void> {
    await this.#call("POST", "runs/update", { run_id: id, status: "FINISHED", end_time: endTime });
  }

  /** @returns the reply; undefined where it is the error `none` */
  async #call(method: "GET", path: string, body: undefined, none: string): Promise<object | undefined>;
  async #call(method: "GET" | "POST", path: string, body: object): Promise<object>;
  async #call(method: "GET" | "POST", path: string, body?: object, none?: string): Promise<object | undefined> {
    const init = body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const text = await this.#send(method, `mlflow/${path}`, init ?? {}, none, TIMEOUT_MS);
    if (text === undefined) return undefined;
    const value = parsed(text);
    return typeof value === "object" && value !== null ? value : this.#odd(path);
  }

  async #send(method: string, path: string, init: object, none?: string, limit?: number): Promise<string | undefined> {
    const { fetch, signal } = this.#options;
    const headers = new Headers((init as RequestInit).headers);
    if (this.#authorization) headers.set("authorization", this.#authorization);
    const stop = limit === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(limit)]);
    let response: Response;
    let text: string;
    try {
      // Redirects are not followed: they would take the credentials along.
      response = await fetch(`${this.#base}/api/2.0/${path}`, {
        ...init,
        method,
        headers,
        redirect: "manual",
        signal: stop,
      });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
      throw this.#failure(
        "an answer",
        cause?.code ?? (error as Error).name,
        "start the server (`mlflow server`), or correct --tracking-uri",
      );
    }
    if (response.ok) return text;
    const { error_code, message } = (parsed(text) ?? {}) as { error_code?: unknown; message?: unknown };
    if (none !== undefined && error_code === none) return undefined;
    const said = typeof message === "string" ? message : text;
    const got = `${response.status} ${printable(truncate(`${String(error_code ?? "")} ${said}`.trim(), 300))}`;
    const refused = response.status === 401 || response.status === 403;
    const fix = refused
      ? "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
      : "see the server's own log";
    throw this.#failure(`success of ${path.replace(/\?.*/, "")}`, got, fix);
  }

  #run(reply: object, path: string): MlflowRun {
    const id = textAt(reply, "run", "info", "run_id");
    const status = textAt(reply, "run", "info", "status");
    if (id === undefined || status === undefined) return this.#odd(path);
    return { id, status, artifacts: textAt(reply, "run", "info", "artifact_uri") ?? "" };
  }

  #odd(path: string): never {
    const fix = "see that the address is that of an MLflow tracking server";
    throw this.#failure(`a reply of MLflow to ${path.replace(/\?.*/, "")}`, "something else", fix);
  }

  #failure(expected: string, got: string, fix: string): UnavailableError {
    return new UnavailableError([{ code: "E_MLFLOW", where: this.name, expected, got, fix }]);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textAt(value: object, ...keys: readonly string[]): string | undefined {
  let at: unknown = value;
  for (const key of keys) at = (at as Record<string, unknown> | undefined)?.[key];
  return typeof at === "string" ? at : undefined;
}
