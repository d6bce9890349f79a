import { type Static, Type } from "@sinclair/typebox";
import { type GateBoundsConfig, type GateLimitConfig, SuiteSchema, validate } from "../config/index.ts";
import { DataError } from "../core/errors.ts";
import { canonicalJson } from "../lib/hash.ts";
import type { Manifest } from "../runlog/index.ts";

/** What a gate decides by. A caller that overrides one of them spreads: `{ ...limitsOf(manifest), alpha: 0.01 }`. */
export interface GateLimits {
  /** Error rate of the whole gate, in (0, 0.5). */
  readonly alpha: number;
  /** The largest share of failed questions, 0 to 1. */
  readonly maxFailures: number;
  /** By canonical metric name, or the name of a judge's column. */
  readonly metrics: ReadonlyMap<string, GateLimitConfig>;
  /** What else the candidate must keep to. */
  readonly bounds?: Omit<GateBoundsConfig, "failed">;
}

const GatePart = Type.Object({
  gate: SuiteSchema.properties.gate,
  gate_limits: SuiteSchema.properties.gate_limits,
  alpha: SuiteSchema.properties.alpha,
  max_failures: SuiteSchema.properties.max_failures,
});

/**
 * The limits that a run's suite declared when it ran.
 * @throws DataError when they are damaged
 */
export function limitsOf(manifest: Manifest): GateLimits {
  const { alpha, gate, gate_limits, max_failures } = gatePart(manifest);
  const { failed = max_failures, ...bounds } = gate_limits ?? {};
  return { alpha, maxFailures: failed, metrics: new Map(Object.entries(gate ?? {})), bounds };
}

/** Whether two runs of one protocol were made under different limits, which the protocol does not cover. */
export function limitsDiffer(a: Manifest, b: Manifest): boolean {
  return canonicalJson(gatePart(a)) !== canonicalJson(gatePart(b));
}

function gatePart(manifest: Manifest): Static<typeof GatePart> {
  const where = `run ${manifest.run}: manifest /suite/config`;
  const { gate, gate_limits, alpha, max_failures } = (manifest.suite.config ?? {}) as Record<string, unknown>;
  const part = {
    ...(gate !== undefined && { gate }),
    ...(gate_limits !== undefined && { gate_limits }),
    alpha,
    max_failures,
  };
  const checked = validate(GatePart, part, "E_GATE_CONFIG", (pointer) => `${where}${pointer}`);
  if (!checked.ok) throw new DataError(checked.problems);
  return checked.value;
}
