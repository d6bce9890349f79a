// A vitest reporter that counts. The totals go to the process that started vitest, which prints them as its last line
// after everything else has been said; with no such process the reporter prints the line itself.

/**
 * @typedef {object} Totals
 * @property {number} passed
 * @property {number} failed  failed tests, files that could not be run, and errors outside any test
 * @property {string[]} skipped  full names of the skipped tests
 */

/** The one line by which a person or a script reads the result. @param {Totals} totals */
export function totalsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`;
}

/**
 * @param {readonly import("vitest/node").TestModule[]} modules
 * @param {readonly unknown[]} errors  errors that belong to no test
 * @returns {Totals}
 */
export function countTests(modules, errors) {
  const totals = { passed: 0, failed: errors.length, skipped: [] };
  for (const module of modules) {
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") totals.passed += 1;
      else if (state === "failed") failedTests += 1;
      else totals.skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
    }
    // A file that cannot be loaded, or whose hooks failed, is a failure even where no test of it failed.
    totals.failed += failedTests > 0 || module.state() !== "failed" ? failedTests : 1;
  }
  return totals;
}

export default class TotalsReporter {
  /** Called by vitest when all tests have ended. */
  onTestRunEnd(modules, errors) {
    const totals = countTests(modules, errors);
    if (process.send) process.send({ plumblineTotals: totals });
    else console.log(totalsLine(totals));
  }
}
