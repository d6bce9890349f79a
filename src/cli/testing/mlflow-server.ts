import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A run as the server has it. */
export interface StoredRun {
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  status: string;
  deleted: boolean;
  readonly tags: Map<string, string>;
  readonly params: Map<string, string>;
  readonly metrics: Map<string, number>;
  readonly files: Map<string, string>;
}

export interface MlflowServer extends AsyncDisposable {
  readonly url: string;
  readonly runs: readonly StoredRun[];
  readonly experiments: ReadonlyMap<string, string>;
  readonly authorizations: readonly (string | undefined)[];
  /** The next calls to this path fail with 500, so many times. */
  fail(path: string, times: number): void;
}

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const KEY = /^[\w\-. /]{1,250}$/;
type Body = Readonly<Record<string, unknown>>;

/**
 * A real HTTP server that keeps to MLflow's REST interface as its documentation has it: names of fields and their types,
 * characters and lengths of keys, sizes of batches, params that cannot change, and a run that must exist.
 * @param options where files go; whether a token is needed
 */
export async function mlflowServer(options: { artifacts?: string; token?: string } = {}): Promise<MlflowServer> {
  const { artifacts = "mlflow-artifacts:/", token } = options;
  const experiments = new Map<string, string>();
  const runs: StoredRun[] = [];
  const authorizations: (string | undefined)[] = [];
  const failures = new Map<string, number>();

  const runOf = (id: unknown): StoredRun => {
    const run = runs.find((r) => r.id === id && !r.deleted);
    if (!run) throw new Refused(404, "RESOURCE_DOES_NOT_EXIST", `Run with id=${String(id)} not found`);
    return run;
  };
  const infoOf = ({ id, experiment, name, status }: StoredRun) => ({
    info: {
      run_id: id,
      experiment_id: experiment,
      run_name: name,
      status,
      artifact_uri: `${artifacts}${experiment}/${id}/artifacts`,
    },
  });
  const calls: Readonly<Record<string, (body: Body, query: URLSearchParams) => object>> = {
    "GET experiments/get-by-name": (_, query) => {
      const name = query.get("experiment_name") ?? "";
      const id = experiments.get(name);
      if (id === undefined) throw new Refused(404, "RESOURCE_DOES_NOT_EXIST", `Could not find experiment '${name}'`);
      return { experiment: { experiment_id: id, name, lifecycle_stage: "active" } };
    },
    "POST experiments/create": ({ name }) => {
      if (experiments.has(text(name))) throw new Refused(400, "RESOURCE_ALREADY_EXISTS", "exists");
      experiments.set(text(name), String(experiments.size + 1));
      return { experiment_id: experiments.get(text(name)) };
    },
    "POST runs/search": ({ experiment_ids, filter }) => {
      const [, key, value] = /^tags\.`([^`]+)` = '([^']*)'$/.exec(text(filter)) ?? [];
      if (key === undefined || !Array.isArray(experiment_ids)) throw invalid("filter");
      const found = runs.filter(
        (r) => !r.deleted && experiment_ids.includes(r.experiment) && r.tags.get(key) === value,
      );
      return found.length === 0 ? {} : { runs: found.map(infoOf) };
    },
    "POST runs/create": ({ experiment_id, run_name, start_time, tags }) => {
      if (![...experiments.values()].includes(text(experiment_id)))
        throw new Refused(404, "RESOURCE_DOES_NOT_EXIST", "experiment");
      if (!Number.isInteger(start_time)) throw invalid("start_time");
      const run: StoredRun = {
        id: `${"0".repeat(31)}${runs.length + 1}`,
        experiment: text(experiment_id),
        name: text(run_name),
        status: "RUNNING",
        deleted: false,
        tags: new Map((tags as Body[]).map(({ key, value }) => [text(key), text(value)])),
        params: new Map(),
        metrics: new Map(),
        files: new Map(),
      };
      runs.push(run);
      return { run: infoOf(run) };
    },
    "POST runs/log-batch": ({ run_id, params = [], metrics = [] }) => {
      const run = runOf(run_id);
      const [given, values] = [params as Body[], metrics as Body[]];
      if (given.length > 100 || values.length > 1000) throw invalid("too many in a batch");
      for (const { key, value } of given) {
        if (!KEY.test(text(key)) || text(value).length > 500) throw invalid(`param ${text(key)}`);
        if (run.params.has(text(key)) && run.params.get(text(key)) !== value)
          throw invalid(`changed param ${text(key)}`);
        run.params.set(text(key), text(value));
      }
      for (const { key, value, timestamp, step } of values) {
        if (!KEY.test(text(key))) throw invalid(`metric ${text(key)}`);
        if (typeof value !== "number" || !Number.isInteger(timestamp) || !Number.isInteger(step))
          throw invalid(`value of ${text(key)}`);
        run.metrics.set(text(key), value);
      }
      return {};
    },
    "POST runs/update": ({ run_id, status, end_time }) => {
      if (!Number.isInteger(end_time)) throw invalid("end_time");
      const run = runOf(run_id);
      run.status = text(status);
      return { run_info: infoOf(run).info };
    },
    "POST runs/delete": ({ run_id }) => {
      runOf(run_id).deleted = true;
      return {};
    },
  };

  const answer = async (incoming: IncomingMessage): Promise<object> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    authorizations.push(incoming.headers.authorization);
    if (token !== undefined && incoming.headers.authorization !== `Bearer ${token}`) {
      throw new Refused(401, "UNAUTHENTICATED", "no");
    }
    const { pathname, searchParams } = new URL(incoming.url!, "http://x");
    const [, area, path] = /^\/api\/2\.0\/(mlflow|mlflow-artifacts)\/(.+)$/.exec(pathname) ?? [];
    const left = failures.get(path ?? "") ?? 0;
    if (left > 0) {
      failures.set(path!, left - 1);
      throw new Refused(500, "INTERNAL_ERROR", "disk full");
    }
    if (area === "mlflow-artifacts" && incoming.method === "PUT") {
      if (Number(incoming.headers["content-length"]) !== body.length) throw invalid("content-length");
      const [, id, name] = /^artifacts\/[^/]+\/([^/]+)\/artifacts\/(.+)$/.exec(path!) ?? [];
      runOf(id).files.set(decodeURIComponent(name!), body.toString());
      return {};
    }
    const call = calls[`${incoming.method} ${path}`];
    if (area !== "mlflow" || !call) throw new Refused(404, "ENDPOINT_NOT_FOUND", pathname);
    if (incoming.method === "POST" && incoming.headers["content-type"] !== "application/json")
      throw invalid("content type");
    return call(body.length === 0 ? {} : (JSON.parse(body.toString()) as Body), searchParams);
  };
  const server = createServer((incoming, response) => {
    answer(incoming).then(
      (reply) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply)),
      (error: Error) => {
        const { status, code } = error instanceof Refused ? error : { status: 500, code: "INTERNAL_ERROR" };
        response.writeHead(status).end(JSON.stringify({ error_code: code, message: error.message }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    runs,
    experiments,
    authorizations,
    fail: (path, times) => failures.set(path, times),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function text(value: unknown): string {
  if (typeof value !== "string") throw invalid(`${JSON.stringify(value)} is no text`);
  return value;
}

function invalid(what: string): Refused {
  return new Refused(400, "INVALID_PARAMETER_VALUE", `Invalid ${what}`);
}
