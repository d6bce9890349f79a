/** Figures of agreement that judges are ranked by: the higher the better, of any two columns of grades. */
export const RANKING_FIGURES = [
  "exact",
  "within_one",
  "kappa",
  "linear_kappa",
  "quadratic_kappa",
  "alpha_nominal",
  "alpha",
  "ac1",
  "ac2",
  "spearman",
  "kendall",
] as const;
export type RankingFigure = (typeof RANKING_FIGURES)[number];
