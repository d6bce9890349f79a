import { defineCommand, flag, optional } from "../command.ts";
import { text } from "../terminal/parse-value.ts";

export const exportMlflowRun = defineCommand({
  details: [
    "Each run becomes a run of MLflow. Metrics are named CONDITION/METRIC (F1 under rag@5 is rag_at_5/F1), and beside the mean stand",
    "/low, /high, /n, /failed and /unscored. A run that is there already is passed over. The run's folder goes along when the",
    "server takes files (`mlflow server --serve-artifacts`, its default).",
    "",
    "MLFLOW_TRACKING_URI, and MLFLOW_TRACKING_TOKEN or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, are read as MLflow",
    "reads them.",
  ].join("\n"),
  args: [{ name: "[runs...]", summary: "runs: a folder, an id, or suite/system; all finished ones when left out" }],
  options: {
    trackingUri: optional("--tracking-uri <url>", "the server's address; MLFLOW_TRACKING_URI when left out", text),
    experiment: optional("--experiment <name>", "the experiment; the suite's name when left out", text),
    skipFiles: flag("--skip-files", "send no files"),
  },
  examples: [
    {
      command: "bench export mlflow handbook/bm25-reader --tracking-uri http://localhost:5000",
      says: "one run into the experiment handbook",
    },
    {
      command: "bench export mlflow --skip-files --tracking-uri http://localhost:5000",
      says: "the figures of all finished runs",
    },
  ],
  async run(runs, { trackingUri, experiment, skipFiles }, deps) {
    const { exportMlflow } = await import("../export/export-mlflow.ts");
    return exportMlflow({ runs, trackingUri, experiment, artifacts: !skipFiles }, deps);
  },
});
