export { type Claim, type Decision, decide } from "./decide.ts";
export { formatGate } from "./format-gate.ts";
export { gate } from "./gate.ts";
export { GATE_FORMATS, type GateFormat } from "./gate-formats.ts";
export { type GateLimits, limitsOf } from "./limits.ts";
export {
  type CheckKind,
  type FailureCheck,
  type GateCheck,
  type GateVerdict,
  type GateWord,
  gateExitCode,
  type Paired,
  type RunName,
  type Side,
} from "./verdict.ts";
