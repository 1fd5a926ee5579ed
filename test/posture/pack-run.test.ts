import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag';
import type { IApplyRule } from 'cdk-nag';
import { PackRun } from '../../posture/pack-run.ts';
import type { PackEvidence } from '../../posture/pack-summary.ts';

const resource = new CfnResource(new Stack(new App(), 'stack'), 'Resource', { type: 'AWS::S3::Bucket' });
const clean = { success: true, violations: [] };

function rule(name: string, result: () => ReturnType<IApplyRule['rule']>): IApplyRule {
  return { info: '', explanation: '', level: NagMessageLevel.ERROR, node: resource, ruleSuffixOverride: name, rule: result };
}

/** Runs a pack that does this to its one resource. */
function ran(check: (run: PackRun) => void) {
  let evidence: PackEvidence | undefined;
  const run = new PackRun('Pack', (finished) => (evidence = finished));
  const report = run.validate(() => {
    run.look(resource, () => check(run));
    return clean;
  });
  return { report, evidence };
}

/** Applies a rule as a pack does. */
function apply(run: PackRun, params: IApplyRule): void {
  const observed = run.observe(params);
  try {
    observed.rule(observed.node);
  } catch {
    // A pack makes a violation of it.
  }
}

test('rules and what they find are counted', () => {
  const { evidence } = ran((run) => {
    apply(run, rule('A', () => NagRuleCompliance.COMPLIANT));
    apply(run, rule('B', () => NagRuleCompliance.NON_COMPLIANT));
    apply(run, rule('C', () => NagRuleCompliance.NOT_APPLICABLE));
    apply(run, rule('D', () => ['one', 'two', 'three']));
    apply(run, rule('E', () => []));
    apply(run, rule('F', () => { throw new Error('an intrinsic'); }));
  });
  expect(evidence).toEqual({ pack: 'Pack', resources: 1, rules: 6, findings: 5, crashes: 0 });
});

test('a crash beside the rules is a fatal violation that names the resource', () => {
  const { report, evidence } = ran(() => {
    throw new TypeError('no such property');
  });
  expect(report).toMatchObject({
    success: false,
    violations: [{ ruleName: 'Pack-crashed', severity: 'fatal', description: 'The pack crashed on this resource: no such property', violatingResources: [{ constructPath: 'stack/Resource' }] }],
  });
  expect(evidence).toMatchObject({ resources: 1, crashes: 1 });
});

test('a pack that ends by throwing leaves no evidence', () => {
  let finished = false;
  const run = new PackRun('Pack', () => (finished = true));
  expect(() => run.validate(() => { throw new Error('no tree'); })).toThrow('no tree');
  expect(finished).toBe(false);
});

test('a second run begins to count anew', () => {
  const finished: PackEvidence[] = [];
  const run = new PackRun('Pack', (evidence) => finished.push(evidence));
  for (let time = 0; time < 2; time += 1) {
    run.validate(() => {
      run.look(resource, () => apply(run, rule('A', () => NagRuleCompliance.NON_COMPLIANT)));
      return clean;
    });
  }
  expect(finished).toEqual([finished[0], finished[0]]);
});
