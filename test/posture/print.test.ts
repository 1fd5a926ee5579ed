import { stripVTControlCharacters } from 'node:util';
import { unjudged } from '../../posture/judge.ts';
import { print } from '../../posture/print.ts';
import type { ControlResult, Results } from '../../posture/results.ts';

const passing: ControlResult = { id: 'short', claims: ['HM-A-1'], promise: 'All is well.', verdict: 'pass', population: 2, minimum: 1, findings: [] };
const failing: ControlResult = {
  ...passing,
  id: 'a-longer-name',
  claims: ['HM-B-1', 'HM-B-2'],
  promise: 'Nothing here is reachable from anywhere, whatever may be said of it elsewhere.',
  verdict: 'fail',
  population: 11,
  findings: [
    {
      resource: { id: 'data/Db', type: 'AWS::RDS::DBInstance', stack: 'data', logicalId: 'Db' },
      checks: [
        { property: 'StorageEncrypted', outcome: 'pass', expected: 'true', observed: 'true' },
        { property: 'PubliclyAccessible', outcome: 'fail', expected: 'false', observed: 'true', template: 'data.template.json', line: 17, source: 'lib/database/postgres.ts:41' },
      ],
    },
  ],
};
const outside: ControlResult = { ...passing, id: 'foreign-key', verdict: 'not-verified', reason: 'outside the assembly' };
const empty: ControlResult = { ...passing, id: 'nothing', verdict: 'not-verified', reason: 'empty population', detail: '0 resources to judge, expected at least 1', population: 0 };

function results(controls: ControlResult[], exitCode: Results['exitCode'] = 0): Results {
  const count = (verdict: string) => controls.filter((control) => control.verdict === verdict).length;
  return {
    version: 1,
    deployment: null,
    templates: [],
    controls,
    notYet: [{ id: 'HM-TLS-1', says: 'TLS 1.3 only.', reason: 'awaits the service stack' }],
    counts: { pass: count('pass'), fail: count('fail'), 'not-verified': count('not-verified'), 'not-applicable': count('not-applicable'), 'not yet': 1 },
    exitCode,
  };
}

test('each control is one line, its columns under each other', () => {
  const lines = print(results([passing, { ...failing, findings: [] }], 1)).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'verdict  control        claims         promise                                                                         judged',
    'pass     short          HM-A-1         All is well.                                                                         2',
    'fail     a-longer-name  HM-B-1 HM-B-2  Nothing here is reachable from anywhere, whatever may be said of it elsewhere.      11',
  ]);
});

test('beneath a failing control stand resource, property, expectation, code and template', () => {
  expect(print(results([failing], 1))).toContain(
    [
      '    data/Db  PubliclyAccessible: expected false, observed true',
      '      at lib/database/postgres.ts:41',
      '      in data.template.json:17',
      '',
    ].join('\n'),
  );
});

test('checks that passed are not repeated', () => {
  expect(print(results([failing], 1))).not.toContain('StorageEncrypted');
});

test('promises are cut to the width of the terminal', () => {
  const lines = print(results([passing, { ...failing, findings: [] }], 1), { width: 90 }).split('\n').slice(0, 3);
  expect(lines.map((line) => line.length)).toEqual([90, 90, 90]);
  expect(lines[2]).toMatch(/Nothing here is reachable from anywhere, .*… +11$/);
});

test('what is outside the assembly is told as such, and demands a look at the account', () => {
  const text = print(results([passing, outside]));
  expect(text).toContain('not-verified: outside the assembly  foreign-key');
  expect(text).toContain('A look at the live account has to settle foreign-key.');
});

test('an empty population says so', () => {
  expect(print(results([empty], 1))).toContain('not-verified: empty population  nothing  HM-A-1  All is well.       0\n    0 resources to judge, expected at least 1\n');
});

test('claims without a control are listed, then the counts, then the verdict', () => {
  const text = print(results([passing, failing], 1));
  expect(text.split('\n').slice(-6)).toEqual([
    'Not yet, and so not a pass:',
    '  HM-TLS-1  TLS 1.3 only.  awaits the service stack',
    '',
    '1 pass, 1 fail, 0 not-verified, 0 not-applicable, 1 not yet',
    'These templates may not be deployed: a-longer-name.',
    '',
  ]);
});

test('a run without a broken promise says what is still awaited', () => {
  expect(print(results([passing]))).toContain('These templates break no promise that has a control; 1 await theirs.\n');
});

test('a crash is named', () => {
  const crashed: ControlResult = { ...empty, id: 'crashing', reason: 'crashed', detail: 'TypeError: no such thing' };
  expect(print(results([passing, crashed], 2))).toContain('The judgement itself failed: crashing crashed.');
});

test('an assembly that cannot be read says why, and how to mend it', () => {
  expect(print(unjudged('MANIFEST_NOT_FOUND', 'No manifest. Expected one.'))).toBe('not judged (MANIFEST_NOT_FOUND)\nNo manifest. Expected one.\n');
});

test('colour adds nothing to the text', () => {
  const all = results([passing, failing, outside], 1);
  expect(stripVTControlCharacters(print(all, { color: true }))).toBe(print(all));
  expect(print(all, { color: true })).not.toBe(print(all));
});
