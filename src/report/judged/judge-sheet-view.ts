import type { Figure } from "../../runlog/index.ts";
import { gradesHref } from "../address/grades-address.ts";
import { judgeHref } from "../address/judge-address.ts";
import { runHref } from "../address/run-address.ts";
import { formatFigure } from "../calibration/calibration-text.ts";
import { calibrationView } from "../calibration/calibration-view.ts";
import { plainWords } from "../calibration/plain-words.ts";
import { probesView } from "../calibration/probes-view.ts";
import { pairRows } from "../pairs/pairs-view.ts";
import { formatCount, MISSING } from "../text/format-number.ts";
import type { JudgeSheet, RunOfJudge } from "./judge-sheets.ts";
import { sheetAgreement, sheetBadge } from "./sheet-badge.ts";

/** The data sheet of a judge as its template takes it. */
export function judgeSheetView(sheet: JudgeSheet) {
  const { id, title, kind, calibration, probes, runs, pairs } = sheet;
  const members = runs.find(({ head }) => head.panel)?.head.panel?.members ?? [];
  const people = peopleView(sheet);
  const shown = title ?? id;
  return {
    title: people ? shown : `Judge ${shown}`,
    ...{ judge: shown, id },
    badge: badgeOf(sheet),
    measured: people === undefined && sheetAgreement(calibration),
    isPanel: kind === "panel" || members.length > 0,
    people,
    isPairwise: kind === "pairwise" || pairs.length > 0,
    calibration: calibration && { ...calibrationView(calibration), stale: staleness(sheet, calibration.judge.sha256) },
    probes: probes && { ...probesView(probes), stale: staleness(sheet, probes.judge.sha256) },
    runs: runs.map(runRow),
    members: members.map(({ id: member }) => ({ id: member, href: judgeHref(member) })),
    panel: runs.flatMap((run) => agreementRows(run, run.head.panel?.agreement)),
    pairs: pairs.flatMap((found) => pairRows(found)),
  };
}

/** Why figures of one version of a judge are not about the grades that the site shows, or about the judge as it is; undefined where they are. */
function staleness({ now, runs, pairs }: JudgeSheet, sha256: string): string | undefined {
  const heads = [...runs.map(({ head }) => head), ...pairs.map(({ head }) => head)];
  const graded = heads.some(({ judge }) => judge.sha256 !== sha256);
  const edited = now !== undefined && now !== sha256;
  if (graded) return "grades on this site were given by another version of this judge than the one measured here";
  return edited ? "the files of this judge are no longer those that were measured here" : undefined;
}

function badgeOf(sheet: JudgeSheet) {
  const { calibration } = sheet;
  const stale = calibration !== undefined && staleness(sheet, calibration.judge.sha256) !== undefined;
  return sheetBadge(calibration, { people: peopleView(sheet) !== undefined, stale });
}

function runRow({ run: { manifest }, head, counts }: RunOfJudge) {
  const { run, suite, system } = manifest;
  return {
    system: system.title ?? system.id,
    suite: suite.title ?? suite.id,
    run,
    href: runHref(run),
    grades: gradesHref(run, head.judge.id),
    graded: counts ? formatCount(counts.grades) : "unfinished",
    failed: counts ? formatCount(counts.failures) : MISSING,
    alarm: (counts?.failures ?? 0) > 0,
    at: head.startedAt.slice(0, 10),
    version: head.judge.sha256.slice(0, 8),
  };
}

/** Of people who labelled: how many, and how far they agree; undefined for a judge that is no people. */
function peopleView({ kind, runs }: JudgeSheet) {
  const heads = runs.flatMap(({ head }) => head.people ?? []);
  if (kind !== "people" && heads.length === 0) return undefined;
  return {
    raters: formatCount(Math.max(0, ...heads.map(({ raters }) => raters))),
    rows: runs.flatMap((run) => agreementRows(run, run.head.people?.agreement)),
  };
}

/** How far those who graded agree among themselves on the answers of a run. */
function agreementRows(
  { run: { manifest } }: RunOfJudge,
  agreement: readonly { readonly criterion: string; readonly alpha: Figure }[] = [],
) {
  const { system, run } = manifest;
  return agreement.map(({ criterion, alpha }) => ({
    system: system.title ?? system.id,
    href: runHref(run),
    criterion,
    alpha: formatFigure(alpha),
    n: formatCount(alpha.n),
    words: plainWords("alpha", alpha),
  }));
}

/** The list of all judges. */
export function judgesView(sheets: readonly JudgeSheet[]) {
  return {
    title: "Judges",
    judges: sheets.map((sheet) => {
      const { id, title, calibration, probes, runs, pairs } = sheet;
      const people = peopleView(sheet);
      const asked = probes?.probes.filter(({ n }) => n > 0) ?? [];
      return {
        ...{ id, href: judgeHref(id), title: title === undefined || title === id ? undefined : title },
        ...badgeOf(sheet),
        people,
        agreement: sheetAgreement(calibration),
        probed: probes && `${asked.filter(({ passed, n }) => passed === n).length} of ${asked.length}`,
        probedStale: probes !== undefined && staleness(sheet, probes.judge.sha256) !== undefined,
        graded: formatCount(runs.length),
        compared: formatCount(pairs.length),
      };
    }),
  };
}
