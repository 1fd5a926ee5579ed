import { CfnResource } from 'aws-cdk-lib';
import { databaseNotPublic } from '../../../../posture/controls/database/database-not-public.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(databaseNotPublic);
const after = judgingAfter(databaseNotPublic);
const wrong = ['fail Database PubliclyAccessible'];

test('passes on an explicit false, written as a boolean or as text', () => {
  expect(judge()).toEqual([]);
  expect(judge(set('Database', 'Properties.PubliclyAccessible', 'false'))).toEqual([]);
});

test.each([true, 'true', 'TRUE'])('fails on %j', (value) => {
  expect(judge(set('Database', 'Properties.PubliclyAccessible', value))).toEqual(wrong);
});

test('fails where it is not said, since the default depends on the VPC', () => {
  expect(judge(unset('Database', 'Properties.PubliclyAccessible'))).toEqual(wrong);
  expect(judge(set('Database', 'Properties.PubliclyAccessible', { Ref: 'AWS::NoValue' }))).toEqual(wrong);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test('fails on a second database beside the first', () => {
  expect(judge(copy('Database', 'Second', { PubliclyAccessible: true }))).toEqual(['fail Second PubliclyAccessible']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ database }) => resourceOf(database).addPropertyOverride('PubliclyAccessible', true))).toEqual(wrong);
  expect(after(({ database }) => resourceOf(database).addPropertyDeletionOverride('PubliclyAccessible'))).toEqual(wrong);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::RDS::DBInstance', properties: { PubliclyAccessible: true } });
    }),
  ).toEqual(['fail Raw PubliclyAccessible']);
});

test.each([{ Ref: 'Public' }, { 'Fn::If': ['Public', true, false] }, 'no'])('is unresolved on %j', (value) => {
  const parameter = section(DATA, 'Parameters', { Public: { Type: 'String', Default: 'false' } });
  expect(judge(parameter, set('Database', 'Properties.PubliclyAccessible', value))).toEqual(['unresolved Database PubliclyAccessible']);
});

test('is unresolved on a database under a condition', () => {
  expect(judge(set('Database', 'Condition', 'Wanted'))).toEqual(['unresolved Database PubliclyAccessible']);
});
