import { judge } from '../../../posture/judge.ts';
import { controls } from '../../../posture/controls/index.ts';
import { modesTables, type Judged } from '../../../posture/report/modes.ts';
import { factsOf } from '../../support/assembly.ts';
import { add, healthy, set, type Edit } from '../../support/fixtures.ts';

function judged(...edits: readonly Edit[]): Judged {
  const facts = factsOf(healthy(...edits));
  return { results: judge(controls, facts, []), suppressed: ['RuleA', 'RuleA', 'RuleB'], types: facts.resources.map(({ type }) => type) };
}

const plain = judged();
const means = 'It means this.';
const rows = (table: string) => table.split('\n').slice(2);

test('an option is shown with what the file writes, each verdict that changes and what it means', () => {
  const mode = { ...judged(set('Database', 'Properties.BackupRetentionPeriod', 8)), option: 'More backups', written: ['a.b: 8', 'c'], means };
  const [row = '', ...others] = rows(modesTables(plain, [mode]).posture);
  expect(others).toEqual([]);
  expect(row).toMatch(/^\| More backups \| `a\.b: 8`, `c` \| .+ \| It means this\. \|$/);
  expect(row).toContain('`backup-retention` (HM-BAK-1): pass → **fail**');
});

test('a verdict that is none says why', () => {
  const open = judged(set('Database', 'Properties.BackupRetentionPeriod', { 'Fn::ImportValue': 'elsewhere' }));
  expect(modesTables(plain, [{ ...open, option: 'Open', written: [], means }]).posture).toMatch(/`backup-retention` \(HM-BAK-1\): pass → \*\*not-verified: /);
});

test('a control that judges one of the two alone is shown', () => {
  const { results } = plain;
  const fewer: Judged = { ...plain, results: { ...results, controls: results.controls.filter(({ id }) => id !== 'backup-retention') } };
  expect(modesTables(plain, [{ ...fewer, option: 'Fewer', written: [], means }]).posture).toContain('`backup-retention` (HM-BAK-1): pass → **not judged**');
});

test('an option that changes nothing says so, and is left out where findings and resources are listed', () => {
  const { posture, rules, resources } = modesTables(plain, [{ ...plain, option: 'The same', written: [], means }]);
  expect(rows(posture)).toEqual(['| The same |  | none | It means this. |']);
  expect(rows(rules)).toEqual([]);
  expect(rows(resources)).toEqual([]);
});

test('findings that stand are counted by rule, those that no longer do and those that do as well', () => {
  const mode = { ...plain, suppressed: ['RuleA', 'RuleC', 'RuleC'], option: 'Other', written: [], means };
  expect(rows(modesTables(plain, [mode]).rules)).toEqual(['| Other | 1 RuleA<br/>1 RuleB | 2 RuleC |']);
});

test('resources are counted by type, those not made and those made as well', () => {
  const more = judged(add('Topic', 'AWS::SNS::Topic', {}), add('Another', 'AWS::SNS::Topic', {}));
  const { resources } = modesTables(plain, [{ ...more, option: 'More', written: [], means }, { ...plain, types: plain.types.slice(1), option: 'Less', written: [], means }]);
  expect(rows(resources)).toEqual(['| More | none | 2 AWS::SNS::Topic |', `| Less | 1 ${plain.types[0]} | none |`]);
});
