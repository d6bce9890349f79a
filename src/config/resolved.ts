import type { Condition } from "../core/condition.ts";
import type { SuiteConfig } from "./suite-schema.ts";
import type { SystemConfig } from "./system-schema.ts";

/** Where a resolved value came from: `benchmarks/handbook/suite.yaml:4`, `default`, `--topk`, `$RAFT_URL`. */
export type Origins = ReadonlyMap<string, string>;

/** A suite ready to run: checked, defaults filled in, command-line overrides applied. */
export interface Suite {
  readonly id: string;
  readonly file: string;
  /** Of the resolved configuration. */
  readonly sha256: string;
  readonly config: SuiteConfig;
  readonly conditions: readonly Condition[];
  readonly datasetDir: string;
  /** JSON pointer → where its value came from. */
  readonly origins: Origins;
}

/** A system ready to build: checked, defaults filled in, environment variables in addresses replaced. */
export interface System {
  readonly id: string;
  readonly file: string;
  /** The folder of the file, absolute: where the programs that it names run. @default that of `file` */
  readonly folder?: string;
  /** Of the configuration and of the files it names (prompt, replayed answers); secrets and addresses are not in it. */
  readonly sha256: string;
  readonly config: SystemConfig;
  /** The configuration as it may be written into logs and pages: `${VAR}` left unreplaced. */
  readonly publicConfig: SystemConfig;
  readonly origins: Origins;
}
