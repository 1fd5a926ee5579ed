import * as fc from 'fast-check';
import { foreignNames } from '../../../../lib/deployment/foreign-names.ts';
import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { namesRules } from '../../../../lib/deployment/rules/names.ts';
import { accountsIn } from '../../../../posture/controls/accounts.ts';
import { otherRegions } from '../../../../posture/controls/regions.ts';
import { refusesTogether } from '../cases.ts';
import { fileWith } from '../refused.ts';

const rule = 'Names that the file gives name no other region and no account.';
const expected = /^a name that reads as no region but eu-west-2 and as no account, since .*\(HM-REG-1, HM-REG-5\)$/;
const account = '111122223333';
const uuid = '12345678-1234-1234-1234-123456789012';
const certificate = (id: string) => `arn:aws:acm:eu-west-2:${account}:certificate/${id}`;
const boundary = (name: string) => `arn:aws:iam::${account}:policy/${name}`;
const ecr = (name: string) => `${account}.dkr.ecr.eu-west-2.amazonaws.com/${name}`;
const zone = (name: string) => ({ id: 'Z0123456789ABC', name });

refusesTogether(namesRules, [
  { rule, change: { service: { domainName: 'halton.us-east-1.acme.example' } }, field: 'service.domainName', got: 'us-east-1 in halton.us-east-1.acme.example', expected, mend: /^choose a domain name/ },
  { rule, change: { service: { domainName: '444455556666.acme.example' } }, field: 'service.domainName', got: '444455556666 in 444455556666.acme.example', expected, mend: /^choose a domain name/ },
  { rule, change: { service: { domainName: 'euw1-az1.acme.example' } }, field: 'service.domainName', got: 'euw1-az1 in euw1-az1.acme.example', expected, mend: /^choose a domain name/ },
  { rule, change: { service: { image: 'registry.eu-west-1.acme.example/api:1.4.0' } }, field: 'service.image', got: 'eu-west-1 in registry.eu-west-1.acme.example/api:1.4.0', expected, mend: /^name the image by its digest, or keep it under a name without it$/ },
  { rule, change: { service: { image: ecr('api:202611221530') } }, field: 'service.image', got: '202611221530 in api:202611221530', expected, mend: /^name the image by its digest/ },
  { rule, change: { account, service: { certificateArn: certificate('444455556666') } }, field: 'service.certificateArn', got: '444455556666 in 444455556666', expected, mend: /^write the ARN that ACM shows/ },
  { rule, change: { identity: { issuer: 'https://id.us-east-1.acme.example/realm' } }, field: 'identity.issuer', got: 'us-east-1 in https://id.us-east-1.acme.example/realm', expected, mend: /^leave it out/ },
  { rule, change: { identity: { authorizedParty: 'https://app.us-east-1.acme.example' } }, field: 'identity.authorizedParty', got: 'us-east-1 in https://app.us-east-1.acme.example', expected, mend: /^serve the dashboard/ },
  { rule, change: { identity: { jwksUrl: 'https://id.us-east-1.acme.example/jwks' } }, field: 'identity.jwksUrl', got: 'us-east-1 in https://id.us-east-1.acme.example/jwks', expected, mend: /^pin the key as identity\.publicKey instead$/ },
  { rule, change: { account, permissionsBoundary: boundary('us-east-1/boundary') }, field: 'permissionsBoundary', got: 'us-east-1 in us-east-1/boundary', expected, mend: /^create the policy under a name without it$/ },
]);

test("a hosted zone's name is told beside the domain that is in it", () => {
  const file = fileWith({ service: { domainName: 'api.us-east-1.example', hostedZone: zone('us-east-1.example') } });
  expect(() => parseDeployment(file, 'acme.yaml')).toThrow(/service\.hostedZone\.name: got us-east-1 in us-east-1\.example, expected/);
});

test.each([
  { service: { domainName: 'halton.eu-west-2.acme.example' } },
  { service: { domainName: 'api.acme.example', hostedZone: zone('acme.example') } },
  { service: { image: `${ecr('api')}@sha256:${'0'.repeat(64)}` } },
  { service: { image: 'registry.acme.example:5000/api:1.4.0-20261122' } },
  { account, service: { certificateArn: certificate(uuid) } },
  { account, permissionsBoundary: boundary('platform/boundary-1') },
])('names that name nothing of AWS, or the own region, are read: %j', (change) => {
  expect(() => parseDeployment(fileWith(change), 'acme.yaml')).not.toThrow();
});

test('a text in which the judge of the templates reads another region or an account is one that the file may not have', () => {
  const piece = fc.constantFrom('us-east-1', 'eu-west-2', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1', 'ap-southeast-2', 'EU-WEST-1', 'usw2-az1', 'euw2-az2', '123456789012', uuid, '1234', '-', '.', '/', ':', '0', 'a', ' ');
  const agree = fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
    const text = pieces.join('');
    const judged = [...otherRegions(text, 'eu-west-2'), ...accountsIn(text)].map((name) => name.toLowerCase());
    expect(foreignNames(text, 'eu-west-2').map((name) => name.toLowerCase())).toEqual(expect.arrayContaining(judged));
  });
  expect(() => fc.assert(agree, { numRuns: 2_000 })).not.toThrow();
});
