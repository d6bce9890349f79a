import { UsageError } from "../../core/errors.ts";

/** Plans of work are made for people to read. @throws UsageError when `--format` asks for another form of what the work would give */
export function requireTextPlan(format: string): void {
  if (format === "text") return;
  throw new UsageError({
    code: "E_OPTION",
    where: "--format",
    expected: "text with --dry-run: it prints a plan, and there is no result yet that has another form",
    got: format,
    fix: "leave one of the two out",
  });
}
