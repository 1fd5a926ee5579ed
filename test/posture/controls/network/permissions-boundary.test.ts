import { Aspects } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { deploysIntoAnyAccount } from '../../../../posture/controls/network/deploys-into-any-account.ts';
import { type Change, judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { AUDIT, DATA, judging, section, set, type Edit } from '../../../support/fixtures.ts';

const judge = judging(deploysIntoAnyAccount);
const after = judgingAfter(deploysIntoAnyAccount);
const deployment = { name: 'hosted', kind: 'hosted', region: 'eu-west-2' };

describe('the permissions boundary that a deployment names', () => {
  const BOUNDARY = 'arn:aws:iam::aws:policy/platform-boundary';
  const named = (permissionsBoundary: unknown): Edit => section(DATA, 'Metadata', { Halton: { deployment, permissionsBoundary } });
  const on = (...roles: readonly string[]) => roles.map((role) => set(role, 'Properties.PermissionsBoundary', BOUNDARY));

  test('is on every role, of whichever stack', () => {
    expect(judge(named(BOUNDARY), ...on('TaskRole', 'TrailRole'))).toEqual([]);
    expect(judge(named(BOUNDARY), ...on('TaskRole'))).toEqual(['fail TrailRole PermissionsBoundary']);
    expect(judge(named(BOUNDARY))).toEqual(['fail TaskRole PermissionsBoundary', 'fail TrailRole PermissionsBoundary']);
    expect(judge(named(BOUNDARY), ...on('TaskRole'), set('TrailRole', 'Properties.PermissionsBoundary', 'arn:aws:iam::aws:policy/ReadOnlyAccess'))).toEqual(['fail TrailRole PermissionsBoundary']);
  });

  test('may be missing where none is named, and is nothing to be complained of', () => {
    expect(judge(...on('TaskRole'))).toEqual([]);
  });

  test('is unresolved where the templates do not settle it', () => {
    expect(judge(named({ Ref: 'Any' }), ...on('TaskRole', 'TrailRole'))).toEqual(['unresolved TaskRole PermissionsBoundary', 'unresolved TrailRole PermissionsBoundary']);
    const parameter = section(AUDIT, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(parameter, named(BOUNDARY), ...on('TaskRole'), set('TrailRole', 'Properties.PermissionsBoundary', { Ref: 'Any' }))).toEqual(['unresolved TrailRole PermissionsBoundary']);
  });

  test('fails where an override takes it from a role', () => {
    const metadata = { Halton: { deployment, permissionsBoundary: BOUNDARY } };
    const bounded = (change: Change) =>
      after((made, stack) => {
        stack.templateOptions.metadata = metadata;
        PermissionsBoundary.of(stack).apply(ManagedPolicy.fromAwsManagedPolicyName('platform-boundary'));
        change(made, stack);
      });
    expect(bounded(() => undefined)).toEqual([]);
    // The CDK puts boundaries on by an aspect, so that what comes before it is undone.
    const unbound: Change = ({ service }) => Aspects.of(service.definition.taskRole).add({ visit: () => resourceOf(service.definition.taskRole).addPropertyDeletionOverride('PermissionsBoundary') });
    expect(bounded(unbound)).toEqual([
      expect.stringMatching(/^fail ServiceTask\w* PermissionsBoundary$/),
    ]);
  });
});
