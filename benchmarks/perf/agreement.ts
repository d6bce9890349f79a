/**
 * Speed of agreement and correction on 100,000 items graded 0 to 3 by three raters, the third missing on a tenth.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/agreement.js [RATINGS.tsv] [PYTHON]
 *
 * RATINGS.tsv holds three grades a line, -1 for a missing one, as the peers' script reads them; without it, or with -, grades are made
 * up. PYTHON is an interpreter with scikit-learn, krippendorff, irrCAC, scipy and ppi_py: then the peers are timed in the
 * same run on the same grades, and the figures of both sides are compared. Prints the least and the median of 15 in
 * milliseconds (of 5 for the peers), each from plain arrays of grades to the figure.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "tinybench";
import { seeded } from "../../src/core/rng.ts";
import {
  type Coefficient,
  coefficientIntervals,
  cohenKappa,
  gwetAc,
  kappaOf,
  kendallTau,
  krippendorffAlpha,
  predictionPoweredMean,
  spearman,
  tallyGrades,
} from "../../src/stats/index.ts";

const SCALE = [0, 1, 2, 3];
const LABELLED = 10_000;
const PEERS = `
import sys, time, json, warnings
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd, krippendorff
from sklearn.metrics import cohen_kappa_score
from scipy import stats
from irrCAC.raw import CAC
from ppi_py import ppi_mean_ci
M = np.loadtxt(sys.argv[1], dtype=int); a, b = M[:, 0].copy(), M[:, 1].copy(); F = M.astype(float); F[F < 0] = np.nan
y, f, fu = F[:${LABELLED}, 0].copy(), F[:${LABELLED}, 1].copy(), F[${LABELLED}:, 1].copy()
def tau(): return stats.kendalltau(a, b).statistic
work = {
  "kappa": lambda: cohen_kappa_score(a, b), "kappa quadratic": lambda: cohen_kappa_score(a, b, weights="quadratic"),
  "alpha nominal, 2": lambda: krippendorff.alpha(reliability_data=F[:, :2].T, level_of_measurement="nominal"),
  "alpha ordinal, 2": lambda: krippendorff.alpha(reliability_data=F[:, :2].T, level_of_measurement="ordinal"),
  "alpha ordinal, 3 with gaps": lambda: krippendorff.alpha(reliability_data=F.T, level_of_measurement="ordinal"),
  "alpha interval, 3 with gaps": lambda: krippendorff.alpha(reliability_data=F.T, level_of_measurement="interval"),
  "AC2 quadratic, 3 with gaps": lambda: CAC(pd.DataFrame(F), weights="quadratic", digits=12).gwet()["est"]["coefficient_value"],
  "Spearman": lambda: stats.spearmanr(a, b).statistic, "Kendall tau-b": tau,
  "prediction-powered mean, 10% labelled": lambda: float(np.squeeze(ppi_mean_ci(y, f, fu, alpha=.05)[0])),
}
out = {}
for name, run in work.items():
    run(); times = []
    for _ in range(5):
        s = time.perf_counter(); value = run(); times.append(1000 * (time.perf_counter() - s))
    out[name] = [sorted(times)[0], sorted(times)[2], float(value)]
print(json.dumps(out))
`;

const [file, python] = process.argv.slice(2);
const rows = file === undefined || file === "-" ? madeUp() : read(file);
const columns = [0, 1, 2].map((rater) => rows.map((row) => (row[rater] === -1 ? undefined : row[rater])));
const [people, judge] = [0, 1].map((rater) => Float64Array.from(rows, (row) => row[rater]!));
const pair = () => tallyGrades([people!, judge!], SCALE);
const three = () => tallyGrades(columns, SCALE);
const sample = {
  labelled: { people: people!.subarray(0, LABELLED), judge: judge!.subarray(0, LABELLED) },
  unlabelled: { judge: judge!.subarray(LABELLED) },
};
const questions = Float64Array.from(rows, (_, i) => Math.floor(i / 10));
const value = (coefficient: Coefficient) => (coefficient.state === "estimated" ? coefficient.value : Number.NaN);
const interval = (clusters?: Float64Array) => () => {
  const statistics = [kappaOf, (t: Parameters<typeof kappaOf>[0]) => krippendorffAlpha(t, "ordinal")];
  return coefficientIntervals(pair(), statistics, { resamples: 1000, clusters, rng: seeded("perf") }).length;
};

const WORK: Record<string, () => number> = {
  kappa: () => value(cohenKappa(pair())),
  "kappa quadratic": () => value(cohenKappa(pair(), "quadratic")),
  "alpha nominal, 2": () => value(krippendorffAlpha(pair(), "nominal")),
  "alpha ordinal, 2": () => value(krippendorffAlpha(pair(), "ordinal")),
  "alpha ordinal, 3 with gaps": () => value(krippendorffAlpha(three(), "ordinal")),
  "alpha interval, 3 with gaps": () => value(krippendorffAlpha(three(), "interval")),
  "AC2 quadratic, 3 with gaps": () => value(gwetAc(three(), "quadratic")),
  Spearman: () => value(spearman(pair())),
  "Kendall tau-b": () => value(kendallTau(pair())),
  "prediction-powered mean, 10% labelled": () => {
    const { corrected } = predictionPoweredMean(sample);
    return corrected.state === "estimated" ? corrected.low : Number.NaN;
  },
  "intervals of kappa and alpha, 1,000 resamples": interval(),
  "the same, 10,000 questions of 10 items": interval(questions),
};

const bench = new Bench({ warmupIterations: 3, iterations: 15, time: 0 });
for (const [name, run] of Object.entries(WORK)) bench.add(name, () => void run());
await bench.run();
const peers = python === undefined ? {} : timePeers(python);

console.log(
  "ours: least, median ms   peer: least, median ms   peer ÷ ours (least)   largest difference of the figures",
);
for (const { name, result } of bench.tasks) {
  if (!("latency" in result)) throw new Error(`${name}: ${result.state}`);
  const peer = peers[name];
  const times = [result.latency.min, result.latency.p50, ...(peer?.slice(0, 2) ?? [])].map((ms) =>
    ms.toFixed(2).padStart(9),
  );
  const ratio = peer === undefined ? "" : `${(peer[0]! / result.latency.min).toFixed(1)} ×`.padStart(9);
  const apart = peer === undefined ? "" : Math.abs(WORK[name]!() - peer[2]!).toExponential(0);
  console.log(`${times.join(" ").padEnd(40)}${ratio.padEnd(10)} ${apart.padEnd(7)} ${name}`);
}

function read(path: string): number[][] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => line.split("\t").map(Number));
}

function madeUp(): number[][] {
  const rng = seeded("ratings");
  const near = (grade: number) => {
    const u = rng.float();
    return Math.min(3, Math.max(0, grade + (u < 0.15 ? -1 : u < 0.85 ? 0 : 1)));
  };
  return Array.from({ length: 100_000 }, () => {
    const u = rng.float();
    const grade = u < 0.45 ? 0 : u < 0.73 ? 1 : u < 0.91 ? 2 : 3;
    return [near(grade), near(grade), rng.float() < 0.1 ? -1 : near(grade)];
  });
}

function timePeers(interpreter: string): Record<string, number[]> {
  const folder = mkdtempSync(join(tmpdir(), "agreement-"));
  try {
    writeFileSync(join(folder, "ratings.tsv"), rows.map((row) => `${row.join("\t")}\n`).join(""));
    const output = execFileSync(interpreter, ["-c", PEERS, join(folder, "ratings.tsv")], { encoding: "utf8" });
    return JSON.parse(output.trim().split("\n").at(-1)!);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
