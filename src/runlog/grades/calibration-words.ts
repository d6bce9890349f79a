import type { CalibrationNote } from "./calibration-note.ts";

/** How far people agree with a judge, in the words that the gate and the pages share: `exact .810`, `quadratic κ .620`. */
export function agreementWords({ exact, kappa, weights }: Extract<CalibrationNote, { state: "calibrated" }>): string[] {
  return [
    ...(exact === undefined ? [] : [`exact ${share(exact)}`]),
    ...(kappa === undefined ? [] : [`${weights === "none" ? "κ" : "quadratic κ"} ${share(kappa)}`]),
  ];
}

/** Who labelled: `labels of 3 people, who agree at Krippendorff's α .750`. */
export function peopleWords({ raters, alpha }: Extract<CalibrationNote, { state: "people" }>): string {
  const agree = alpha === undefined ? "" : `, who agree at Krippendorff's α ${share(alpha)}`;
  return `labels of ${raters === 1 ? "one person" : `${raters} people`}${agree}`;
}

/** Three decimals of a figure in [-1, 1], without the zero before the point. */
function share(value: number): string {
  const text = Math.abs(value).toFixed(3).replace(/^0/, "");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}
