import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPacks, summarisePacks, type PackSummary, type SuppressedFinding } from '../../posture/pack-summary.ts';
import { temporaryDirectory } from '../support/assembly-directory.ts';
import { runNode } from '../support/run-app.ts';

function synth(scenario: string) {
  const outdir = temporaryDirectory();
  const { status, stderr } = runNode('test/support/apps/posture-app.ts', [scenario, outdir]);
  return { status, stderr, outdir, summaries: readPacks(outdir) };
}

test('packs leave evidence of the rules that they ran and the resources that they looked at', () => {
  const { status, summaries } = synth('packs');
  expect(status).not.toBe(0);
  expect(summaries).toEqual([
    { pack: 'AwsSolutions', verdict: 'fail', rules: 131, resources: 2, violations: 2, suppressed: 0 },
    { pack: 'NIST.800.53.R5', verdict: 'fail', rules: 85, resources: 2, violations: 7, suppressed: 0 },
    { pack: 'CloudFormation Validate', verdict: 'pass', rules: 0, resources: 2, violations: 0, suppressed: 0 },
  ]);
  expect(summarisePacks(summaries).exitCode).toBe(1);
});

test('findings that are acknowledged under their pack\'s name are counted as suppressed', () => {
  const { status, summaries } = synth('packs-acknowledged');
  expect(status).toBe(0);
  expect(summaries).toMatchObject([
    { verdict: 'pass', violations: 0, suppressed: 2 },
    { verdict: 'pass', violations: 0, suppressed: 7 },
    { verdict: 'pass', violations: 0, suppressed: 0 },
  ]);
  expect(summarisePacks(summaries)).toEqual({
    text:
      'pass          AwsSolutions             131 rules on 2 resources: 0 violations, 2 suppressed\n' +
      'pass          NIST.800.53.R5           85 rules on 2 resources: 0 violations, 7 suppressed\n' +
      'pass          CloudFormation Validate  2 resources: 0 violations, 0 suppressed\n',
    exitCode: 0,
  });
});

test('findings that are acknowledged by a bare id vanish from the report, and fail', () => {
  const { status, summaries } = synth('packs-bare');
  expect(status).toBe(0);
  expect(summaries).toMatchObject([
    { verdict: 'fail', why: '2 findings are acknowledged without their pack\'s name (Pack::Rule)' },
    { verdict: 'fail', why: '7 findings are acknowledged without their pack\'s name (Pack::Rule)' },
    { verdict: 'pass' },
  ]);
  expect(summarisePacks(summaries).exitCode).toBe(1);
});

describe('suppressed findings', () => {
  const { outdir } = synth('packs-acknowledged');
  const table = readTable(outdir);
  const whys = (expected: readonly SuppressedFinding[]) => readPacks(outdir, expected).map(({ verdict, why }) => (verdict === 'pass' ? verdict : why));
  const [first, ...rest] = table;

  test('pass where they are exactly those of the table', () => {
    expect(table).toHaveLength(9);
    expect(whys(table)).toEqual(['pass', 'pass', 'pass']);
  });

  test('fail where one is not in the table', () => {
    expect(whys(rest)).toEqual(['AwsSolutions::AwsSolutions-S1 on data/Bucket is suppressed and not in the table of suppressions', 'pass', 'pass']);
    expect(whys([...rest, { rule: first?.rule ?? '', constructPath: 'data/Topic' }])[0]).toContain('on data/Bucket is suppressed and not in');
  });

  test.each(['NIST.800.53.R5::NIST.800.53.R5-None', 'CloudFormation-Validate::W3010'])('fail where the table has one more: %s', (rule) => {
    const more = `${rule} on data/Bucket is in the table of suppressions and suppresses nothing`;
    expect(whys([...table, { rule, constructPath: 'data/Bucket' }]).filter((why) => why !== 'pass')).toEqual([more]);
  });
});

function readTable(outdir: string): readonly SuppressedFinding[] {
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    readonly pluginReports: readonly { readonly pluginName: string; readonly suppressedViolations?: readonly { readonly ruleName: string; readonly violatingConstructs: readonly { readonly constructPath: string }[] }[] }[];
  };
  return report.pluginReports
    .flatMap(({ pluginName, suppressedViolations = [] }) =>
      suppressedViolations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => ({ rule: `${pluginName}::${ruleName}`, constructPath }))),
    );
}

describe('without evidence a pack is not verified', () => {
  const passing = synth('packs-acknowledged').outdir;
  const file = join(passing, 'posture', 'packs.json');
  const report = join(passing, 'validation-report.json');
  const [evidence, reported] = [readFileSync(file, 'utf8'), readFileSync(report, 'utf8')];
  afterEach(() => {
    writeFileSync(file, evidence);
    writeFileSync(report, reported);
  });

  test.each<[string, () => void]>([
    ['where the file is missing', () => rmSync(file)],
    ['where the file is no JSON', () => writeFileSync(file, '[')],
    ['where the file is in another shape', () => writeFileSync(file, '{"AwsSolutions": true}')],
    ['where the file names no pack', () => writeFileSync(file, '[]')],
    ['where the pack looked at nothing', () => writeFileSync(file, evidence.replaceAll('"resources": 2', '"resources": 0'))],
    ['where the CDK left no report', () => rmSync(report)],
    ['where the CDK\'s report is in another shape', () => writeFileSync(report, '{}')],
  ])('%s', (_, spoil) => {
    spoil();
    const summaries: readonly PackSummary[] = readPacks(passing);
    expect(summaries.map(({ verdict }) => verdict)).toEqual(['not-verified', 'not-verified', 'not-verified']);
    expect(summarisePacks(summaries).exitCode).toBe(1);
  });
});

test('no packs at all are no success', () => {
  expect(summarisePacks([]).exitCode).toBe(1);
});
