import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { hasShared } from "../lib/testing/shared.ts";
import {
  ALPHA,
  draw,
  falseAlarms,
  gateVerdict,
  quickVerdict,
  type Rates,
  type Setting,
  unitsOf,
} from "./testing/false-alarms.ts";
import { realPairs } from "./testing/real-pairs.ts";

const SLOW = process.env.PLUMBLINE_SLOW === "1";
const PAGE = new URL("../../docs/decisions/gate-false-alarms.md", import.meta.url);

/** A rate of at most `bound` shows as more than this in fewer than 1 of 10,000 simulated shares. */
const atMost = (bound: number, simulations: number) => bound + 3.72 * Math.sqrt((bound * (1 - bound)) / simulations);

function expectHeld(rates: Rates, { simulations }: Setting): void {
  expect(rates.fails).toBeLessThanOrEqual(atMost(ALPHA / 2, simulations));
  expect(rates.decides).toBeLessThanOrEqual(atMost(ALPHA, simulations));
  expect(rates.failsMargin).toBeLessThanOrEqual(rates.fails);
}

const percent = (share: number): string => (100 * share).toFixed(1);

function row({ pairs, questions, clustered }: Setting, rates: Rates): string {
  const { ties, fails, decides, failsMargin, passes, finds, fixedFails } = rates;
  const shares = [ties, fails, decides, failsMargin, passes, finds, fixedFails].map(percent);
  return `| ${[`${pairs.name}${clustered ? ", by document" : ""}`, pairs.kind, questions, ...shares].join(" | ")} |`;
}

describe.skipIf(!hasShared)("equal systems on real scores", () => {
  it("are judged as the gate judges them", () => {
    const rng = seeded("gates");
    for (const pairs of realPairs()) {
      for (const clustered of [false, true]) {
        const units = unitsOf(pairs, clustered);
        for (const worse of [0.5, 0.7, 0.9]) {
          const drawn = draw(pairs, { units, questions: 60, clustered, worse }, rng);
          expect(quickVerdict(pairs, drawn, 0.02)).toEqual(gateVerdict(pairs, drawn, 0.02));
        }
      }
    }
  });

  it("fail a gate no more often than it promises, where a fixed drop of .01 fails in every third gate", () => {
    for (const pairs of realPairs()) {
      for (const clustered of [false, true]) {
        const setting = { pairs, questions: 71, clustered, simulations: 400 };
        const rates = falseAlarms(setting);
        expectHeld(rates, setting);
        expect(rates.fixedFails).toBeGreaterThan(0.2);
      }
    }
  });

  it.skipIf(!SLOW)(
    "at every size, kind of metric and clustering: the table of the decision's page",
    { timeout: 900_000 },
    () => {
      const rows: string[] = [];
      for (const pairs of realPairs()) {
        for (const clustered of [false, true]) {
          for (const questions of [30, 71, 150, 300, 1000]) {
            const setting = { pairs, questions, clustered, simulations: 4000 };
            const rates = falseAlarms(setting);
            rows.push(row(setting, rates));
            expect.soft(() => expectHeld(rates, setting), row(setting, rates)).not.toThrow();
          }
        }
      }
      const printed = readFileSync(PAGE, "utf8")
        .split("\n")
        .filter((line) => /^\| .+ of (?:NQ|cranfield)/.test(line));
      expect(printed).toEqual(rows);
    },
  );
});
