const HEIGHT = 28;
const BAR = 12;
const GAP = 2;

/**
 * Counts as small bars side by side, the tallest as high as the picture; a count of none is a line at the foot. It repeats what the
 * text beside it says, so it is hidden from screen readers. Markup without any text from outside. For the cell of a table, where
 * an axis has no room; the judge's page draws histograms with theirs.
 */
export function histogramBars(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  const width = Math.max(1, counts.length * (BAR + GAP) - GAP);
  const bars = counts.map((count, at) => {
    // Some is never drawn as none.
    const height = count === 0 ? 0 : Math.max(1.5, Math.round((count / most) * HEIGHT * 10) / 10);
    return height === 0
      ? ""
      : `<rect class="column" x="${at * (BAR + GAP)}" y="${Math.round((HEIGHT - height) * 10) / 10}" width="${BAR}" height="${height}"/>`;
  });
  return (
    `<svg class="histogram" viewBox="0 0 ${width} ${HEIGHT + 1}" width="${width}" height="${HEIGHT + 1}" aria-hidden="true" focusable="false">` +
    `${bars.join("")}<path class="track" d="M0 ${HEIGHT + 0.5}H${width}"/></svg>`
  );
}
