/** What a release may not bring along. */
export interface LintFinding {
  readonly rule: string;
  /** Name of the migration. */
  readonly migration: string;
  /** Line in its file, from 1 on. */
  readonly line: number;
  readonly why: string;
}
