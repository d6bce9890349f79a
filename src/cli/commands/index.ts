import type { Command } from "../command.ts";
import { ask } from "./ask.ts";
import { baseline } from "./baseline.ts";
import { cachePrune } from "./cache-prune.ts";
import { cacheShow } from "./cache-show.ts";
import { calibrate } from "./calibrate.ts";
import { compare } from "./compare.ts";
import { datasetCheck } from "./dataset-check.ts";
import { datasetChunk } from "./dataset-chunk.ts";
import { datasetDuplicates } from "./dataset-duplicates.ts";
import { datasetExport } from "./dataset-export.ts";
import { datasetImport } from "./dataset-import.ts";
import { datasetRead } from "./dataset-read.ts";
import { datasetShow } from "./dataset-show.ts";
import { diagnose } from "./diagnose.ts";
import { doctor } from "./doctor.ts";
import { embed } from "./embed.ts";
import { explain } from "./explain.ts";
import { exportRun } from "./export.ts";
import { exportMlflowRun } from "./export-mlflow.ts";
import { fit } from "./fit.ts";
import { gate } from "./gate.ts";
import { history } from "./history.ts";
import { init } from "./init.ts";
import { judgeCompare } from "./judge-compare.ts";
import { judgeCorrect } from "./judge-correct.ts";
import { judgeFit } from "./judge-fit.ts";
import { judgeInit } from "./judge-init.ts";
import { judgePairs } from "./judge-pairs.ts";
import { judgePassages } from "./judge-passages.ts";
import { judgePlan } from "./judge-plan.ts";
import { judgeProbe } from "./judge-probe.ts";
import { judgeRun } from "./judge-run.ts";
import { load } from "./load.ts";
import { logShow } from "./log-show.ts";
import { logVerify } from "./log-verify.ts";
import { metrics } from "./metrics.ts";
import { plan } from "./plan.ts";
import { probeContext } from "./probe-context.ts";
import { probeDistractors } from "./probe-distractors.ts";
import { probeParaphrase } from "./probe-paraphrase.ts";
import { refusalCheck } from "./refusal-check.ts";
import { refusalFit } from "./refusal-fit.ts";
import { report } from "./report.ts";
import { run } from "./run.ts";
import { show } from "./show.ts";
import { sweep } from "./sweep.ts";
import { systemImport } from "./system-import.ts";
import { tune } from "./tune.ts";

/** Every command with all it has, for the documentation and for tests; a command line loads those it names, from the overview. */
export const COMMANDS: readonly Command[] = [
  init,
  run,
  ask,
  show,
  diagnose,
  report,
  exportRun,
  exportMlflowRun,
  compare,
  history,
  plan,
  gate,
  baseline,
  fit,
  tune,
  sweep,
  probeContext,
  probeDistractors,
  probeParaphrase,
  load,
  embed,
  explain,
  metrics,
  datasetRead,
  datasetImport,
  datasetExport,
  datasetCheck,
  datasetShow,
  datasetChunk,
  datasetDuplicates,
  judgeInit,
  judgeFit,
  judgeRun,
  judgePairs,
  judgePassages,
  judgeProbe,
  calibrate,
  judgePlan,
  judgeCorrect,
  judgeCompare,
  cacheShow,
  cachePrune,
  systemImport,
  refusalCheck,
  refusalFit,
  logShow,
  logVerify,
  doctor,
];
