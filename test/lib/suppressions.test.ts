import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { acknowledgeFindings, suppressions } from '../../lib/suppressions/suppressions.ts';
import { packs } from '../../posture/packs.ts';
import { readPacks } from '../../posture/pack-summary.ts';
import { appOf, hosted } from '../support/deployments.ts';

interface Violation {
  readonly ruleName: string;
  readonly reason?: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

interface Report {
  readonly pluginReports: readonly { readonly pluginName: string; readonly violations: readonly Violation[]; readonly suppressedViolations?: readonly Violation[] }[];
}

/** Runs the packs on a deployment with its suppressions. */
function judgedByPacks(deployment = hosted): { readonly outdir: string; readonly report: Report } {
  const outdir = mkdtempSync(join(tmpdir(), 'halton-packs-'));
  const app = appOf(deployment, { outdir });
  acknowledgeFindings(app, deployment);
  Validations.of(app).addPlugins(...packs(app));
  app.synth();
  return { outdir, report: JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) };
}

const withReplica = { ...hosted, database: { ...hosted.database, readReplica: true } };

describe.each([
  ['the hosted deployment', hosted],
  ['a deployment with a replica', withReplica],
])('the findings of the packs on %s', (_, deployment) => {
  const { outdir, report } = judgedByPacks(deployment);

  test('are all mended or suppressed', () => {
    const left = report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
    expect(left).toEqual([]);
    const expected = suppressions(deployment).map(({ rule, resource }) => ({ rule, constructPath: `halton-hosted-${resource}` }));
    expect(readPacks(outdir, expected).map(({ pack, verdict }) => `${pack} ${verdict}`)).toEqual(['AwsSolutions pass', 'NIST.800.53.R5 pass', 'CloudFormation Validate pass']);
  });

  test('are each suppressed by one entry of the table, and each entry suppresses one', () => {
    const suppressed = report.pluginReports.flatMap(({ pluginName, suppressedViolations = [] }) =>
      suppressedViolations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${pluginName.replaceAll(' ', '-')}::${ruleName} ${constructPath}`),
      ),
    );
    const table = suppressions(deployment).map(({ rule, resource }) => `${rule} halton-hosted-${resource}`);
    expect(suppressed.toSorted()).toEqual(table.toSorted());
    expect(new Set(table).size).toBe(table.length);
  });
});

test('every suppression gives a reason and the decision behind it', () => {
  for (const { reason, decision } of suppressions(withReplica)) {
    expect(reason).toMatch(/^[A-Z].{20,}\.$/);
    expect(readFileSync(`docs/adr/${decision}.md`, 'utf8')).toMatch(/^# \d{4}\. /);
  }
});

test('an entry for a resource that is not there is refused by its path', () => {
  const app = new App();
  new Stack(app, 'halton-hosted-network');
  expect(() => acknowledgeFindings(app, hosted)).toThrow(/halton-hosted-network\/SecurityGroups.*expected a construct of this app/);
});
