import type { Log, Proof, ProofResult } from './proof.ts';

/** A proof and how it ended, as `--json` prints it. */
export interface Report extends ProofResult {
  readonly name: string;
  readonly proves: string;
  readonly seconds: number;
}

/** Runs proofs one after the other, since each measures or loads the whole machine; one that throws has failed. */
export async function runProofs(proofs: readonly Proof[], log: Log, done: (report: Report) => void): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const proof of proofs) {
    const { name, proves } = proof;
    log(`${name}: ${proves}`);
    const begun = performance.now();
    const result = await end(proof, (line) => log(`  ${line}`));
    const report = { name, proves, seconds: Math.round((performance.now() - begun) / 100) / 10, ...result };
    reports.push(report);
    done(report);
  }
  return reports;
}

async function end({ run }: Proof, log: Log): Promise<ProofResult> {
  try {
    return await run(log);
  } catch (error) {
    return { outcome: 'failed', details: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/**
 * 1 where one failed; 3 where one was asked for by its name and could not run, since whoever asks wants to know; else 0.
 *
 * @param named whether proofs were asked for by their names
 */
export function exitCodeOf(reports: readonly Report[], named: boolean): 0 | 1 | 3 {
  if (reports.some(({ outcome }) => outcome === 'failed')) return 1;
  return named && reports.some(({ outcome }) => outcome === 'not run') ? 3 : 0;
}

/** One line of how many there are of each outcome: what was not run is not among what was proved. */
export function summary(reports: readonly Report[]): string {
  const count = (outcome: ProofResult['outcome']) => reports.filter((report) => report.outcome === outcome).length;
  const notRun = reports.filter(({ outcome }) => outcome === 'not run').map(({ name }) => name);
  const missing = notRun.length === 0 ? '' : ` (${notRun.join(', ')}: nothing is known of these)`;
  return `${count('proved')} proved, ${count('failed')} failed, ${notRun.length} not run${missing}`;
}
