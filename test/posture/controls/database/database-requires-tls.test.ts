import { CfnResource } from 'aws-cdk-lib';
import { databaseRequiresTls } from '../../../../posture/controls/database/database-requires-tls.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { AUDIT, copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(databaseRequiresTls);
const after = judgingAfter(databaseRequiresTls);
const parameters = (value: unknown) => set('ParameterGroup', 'Properties.Parameters', value);
const right = { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' };

test.each([
  { 'rds.force_ssl': 1, ssl_min_protocol_version: 'TLSv1.3' },
  { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2', 'pgaudit.role': 'rds_pgaudit' },
])('passes on %j', (value) => {
  expect(judge(parameters(value))).toEqual([]);
});

test.each([undefined, '0', 0, 'on', ''])('fails where rds.force_ssl is %j', (value) => {
  expect(judge(parameters({ ...right, 'rds.force_ssl': value }))).toEqual(['fail Database ParameterGroup: Parameters rds.force_ssl']);
});

test.each([undefined, 'TLSv1', 'TLSv1.1', 'tlsv1.2 ', 'SSLv3'])('fails where ssl_min_protocol_version is %j', (value) => {
  expect(judge(parameters({ ...right, ssl_min_protocol_version: value }))).toEqual([
    'fail Database ParameterGroup: Parameters ssl_min_protocol_version',
  ]);
});

test.each([undefined, 'default.postgres17'])('fails where the parameter group is %j', (value) => {
  expect(judge(set('Database', 'Properties.DBParameterGroupName', value))).toEqual(['fail Database DBParameterGroupName']);
});

test.each([undefined, 'require', 'verify-ca', 'disable', 'VERIFY-FULL'])('fails on a database URL with sslmode %j', (value) => {
  expect(judge(set('Url', 'Properties.SslMode', value))).toEqual(['fail Url SslMode']);
});

test('fails on a second URL, also one that is not derived', () => {
  expect(judge(copy('Url', 'Second', { Name: 'database/reporting', SslMode: 'prefer' }))).toEqual(['fail Second SslMode']);
  expect(judge(set('Secrets', 'Properties.Parameters.5', { Name: 'reporting/url', Source: 'operator' }))).toEqual(['fail Secrets SslMode']);
  expect(judge(set('Secrets', 'Properties.Parameters.5', { Name: 'reporting', Source: 'somebody' }))).toEqual(['fail Secrets SslMode']);
});

test('fails where there is no database or no URL', () => {
  expect(judge(drop('Database'))).toContain(`fail ${AUDIT} AWS::RDS::DBInstance`);
  expect(judge(drop('Url'))).toEqual([`fail ${DATA} Custom::DatabaseUrl`]);
});

test('fails on a second database beside the first', () => {
  expect(judge(copy('Database', 'Second', { DBParameterGroupName: undefined }))).toEqual(['fail Second DBParameterGroupName']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ url }) => resourceOf(url).addPropertyOverride('SslMode', 'require'))).toEqual(['fail Url SslMode']);
  expect(
    after(({ node }) => {
      const group = node.findChild('Parameters').node.findAll().find(CfnResource.isCfnResource);
      group?.addPropertyDeletionOverride('Parameters.rds\\.force_ssl');
    }),
  ).toEqual([expect.stringMatching(/^fail Database Parameters\w*: Parameters rds\.force_ssl$/)]);
});

test('is unresolved where the templates do not settle a parameter, the group or the mode', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'String', Default: '1' } });
  expect(judge(parameter, parameters({ ...right, 'rds.force_ssl': { Ref: 'Any' } }))).toEqual([
    'unresolved Database ParameterGroup: Parameters rds.force_ssl',
  ]);
  expect(judge(parameter, set('Database', 'Properties.DBParameterGroupName', { Ref: 'Any' }))).toEqual(['unresolved Database DBParameterGroupName']);
  expect(judge(parameter, set('Url', 'Properties.SslMode', { Ref: 'Any' }))).toEqual(['unresolved Url SslMode']);
  // Parameters that cannot be read at all are none that could pass.
  expect(judge(unset('ParameterGroup', 'Properties.Parameters'))).toHaveLength(2);
});
