import { generateKeyPairSync } from 'node:crypto';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import { refusesFields } from './cases.ts';
import { fileWith, problemsOf, publicKey, refusal } from './refused.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const zone = (id: string, name = 'acme.example') => ({ id, name });
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const publicKeyText = /^one RSA public key of at least 2048 bits in PEM/;

describe('service', () => {
  refusesFields([
    { field: 'service', value: undefined, got: 'nothing', expected: /^a mapping with the keys domainName, certificateArn,/, mend: /^add service$/ },
    { field: 'service.domainName', value: undefined, got: 'nothing', expected: /^a domain name/, mend: /^add service\.domainName$/ },
    { field: 'service.domainName', value: 'https://API.acme.example/v1', got: 'https://API.acme.example/v1', expected: /^a domain name: labels/, mend: /^write api\.acme\.example$/ },
    { field: 'service.domainName', value: 'localhost', got: 'localhost', expected: /^a domain name: labels/, mend: /such as api\.example\.com$/ },
    { field: 'service.domainName', value: '10.0.0.1', got: '10.0.0.1', expected: /^a domain name: labels/, mend: /such as/ },
    { field: 'service.domainName', value: '*.acme.example', got: '"*.acme.example"', expected: /^a domain name: labels/, mend: /such as/ },
    { field: 'service.domainName', value: `${'a'.repeat(64)}.example`, got: `${'a'.repeat(60)}…`, expected: /^a domain name: labels/, mend: /such as/ },

    { field: 'service.certificateArn', value: 'api.acme.example', got: 'api.acme.example', expected: /^the ARN of an ACM certificate$/, mend: /or leave it out to have one requested$/ },
    { field: 'service.certificateArn', value: 'arn:aws:iam::111122223333:server-certificate/acme', got: 'arn:aws:iam::111122223333:server-certificate/acme', expected: /not one that was uploaded to IAM$/, mend: /^import it into ACM/ },

    { field: 'service.hostedZone.id', value: '/hostedzone/Z0123456789ABC', got: '/hostedzone/Z0123456789ABC', expected: /^a hosted zone's id: a Z/, mend: /^write Z0123456789ABC$/ },
    { field: 'service.hostedZone.id', value: 'acme.example', got: 'acme.example', expected: /^a hosted zone's id/, mend: /list-hosted-zones/ },
    { field: 'service.hostedZone.name', value: 'acme.example.', got: 'acme.example.', expected: /^a domain name/, mend: /^write acme\.example$/ },
  ], { service: { hostedZone: zone('Z0123456789ABC') } });

  refusesFields([
    { field: 'service.hostedZone', value: 'Z0123456789ABC', got: 'Z0123456789ABC', expected: /^a mapping with the keys id, name$/, mend: /^put its keys below it/ },
    { field: 'service.loadBalancer', value: 'public', got: 'public', expected: /^internet-facing or internal$/, mend: /^write internet-facing or internal$/ },

    { field: 'service.image', value: 'halton-api', got: 'halton-api', expected: /^an image by its digest or the tag of a version/, mend: /^write @sha256:/ },
    { field: 'service.image', value: 'halton-api:latest', got: 'halton-api:latest', expected: /so that the same file always runs the same code$/, mend: /^write @sha256:/ },
    { field: 'service.image', value: 'registry.acme.example:5000/halton-api', got: 'registry.acme.example:5000/halton-api', expected: /^an image by its digest/, mend: /tag of a release/ },
    { field: 'service.image', value: 'https://registry.acme.example/halton-api:1.4.0', got: 'https://registry.acme.example/halton-api:1.4.0', expected: /^the URI of a container image$/, mend: /without https:\/\/$/ },

    ...[
      ['dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'dkr.ecr.us-gov-west-1.amazonaws.com'],
      ['dkr-ecr.eu-west-2.on.aws', 'dkr.ecr.eu-west-2.amazonaws.com'],
      ['dkr-ecr-fips.us-east-1.on.aws', 'dkr.ecr.us-east-1.amazonaws.com'],
    ].map(([host, plain]) => ({
      field: 'service.image',
      value: `111122223333.${host}/api:1`,
      got: `111122223333.${host}/api:1`,
      expected: /^a host of the form <account>\.dkr\.ecr\.<region>\.amazonaws\.com, the one name of a private ECR registry/,
      mend: new RegExp(`^write 111122223333\\.${plain?.replaceAll('.', '\\.')} in place of 111122223333\\.${host?.replaceAll('.', '\\.')}$`),
    })),
    { field: 'service.image', value: '111122223333.dkr.ecr.eu-west-2.amazonaws.com/api', got: '111122223333.dkr.ecr.eu-west-2.amazonaws.com/api', expected: /^an image by its digest/, mend: /tag of a release/ },

    { field: 'service.clientCidrs', value: '10.0.0.0/8', got: '10.0.0.0/8', expected: /^a list of IPv4 ranges$/, mend: /^write it as a list/ },
    { field: 'service.clientCidrs', value: [], got: 'a list of 0', expected: /^at least one range$/, mend: /or leave clientCidrs out$/ },
    { field: 'service.clientCidrs', value: Array.from({ length: 31 }, (_, index) => `10.${index}.0.0/16`), got: 'a list of 31', expected: /^at most 30 ranges, since each takes two of the 60 rules/, mend: /1 fewer in all$/ },
    { field: 'service.clientCidrs[0]', value: ['10.0.0.0'], got: '10.0.0.0', expected: /^an IPv4 range in CIDR notation$/, mend: /such as 10\.40\.0\.0\/16$/ },
    { field: 'service.clientCidrs[0]', value: ['10.0.0.1/8'], got: '10.0.0.1/8', expected: /no host bits set$/, mend: /^write 10\.0\.0\.0\/8$/ },
    { field: 'service.clientCidrs[0]', value: ['0.0.0.0/0'], got: '0.0.0.0/0', expected: /^a range of some addresses, since this one is every address there is$/, mend: /or leave clientCidrs out$/ },
    { field: 'service.clientCidrs[0]', value: ['::/0'], got: '::/0', expected: /^an IPv4 range, since the subnets have no IPv6 addresses$/, mend: /such as/ },
    { field: 'service.clientCidrs[1]', value: ['10.0.0.0/8', '10.0.0.0/8'], got: '10.0.0.0/8', expected: /^a range that is not in the list yet$/, mend: /^name another range/ },

    { field: 'service.cpu', value: 300, got: '300', expected: /^one of 256, 512, 1024, 2048, 4096, 8192, 16384, which/, mend: /^write 256 or 512/ },
    { field: 'service.memoryMib', value: 256, got: '256', expected: /^at least 512 MiB/, mend: /^raise it to 512 or more$/ },
    { field: 'service.memoryMib', value: 131_072, got: '131072', expected: /^at most 122880 MiB/, mend: /^lower it to 122880 or less$/ },
    { field: 'service.memoryMib', value: '2 GB', got: '2 GB', expected: /^a whole number of MiB$/, mend: /digits/ },
    { field: 'service.minTasks', value: 1, got: '1', expected: /^at least 2 tasks, so that losing a zone/, mend: /^raise it to 2 or more$/ },
    { field: 'service.minTasks', value: 2.5, got: '2.5', expected: /^a whole number of tasks$/, mend: /digits/ },
    { field: 'service.maxTasks', value: 101, got: '101', expected: /^at most 100 tasks$/, mend: /^lower it to 100 or less$/ },
  ]);

  test.each([{ image: `halton-api@${digest}` }, { image: `halton-api:latest@${digest}` }, { image: 'registry.acme.example:5000/halton/api:v1.4.0' }, { domainName: 'acme.co' }, { domainName: 'xn--hltn-0qa.xn--p1ai' }])('%j is read', (service) => {
    expect(parseDeployment(fileWith({ service }), 'acme.yaml').service).toMatchObject(service);
  });
});

describe('identity', () => {
  refusesFields([
    { field: 'identity', value: undefined, got: 'nothing', expected: /^a mapping with the keys issuer, authorizedParty, jwksUrl, publicKey$/, mend: /^add identity$/ },
    { field: 'identity.authorizedParty', value: undefined, got: 'nothing', expected: /^an https origin/, mend: /^add identity\.authorizedParty$/ },
    { field: 'identity.authorizedParty', value: 'https://app.acme.example/', got: 'https://app.acme.example/', expected: /without a path or a slash at the end$/, mend: /^write https:\/\/app\.acme\.example$/ },
    { field: 'identity.authorizedParty', value: 'https://App.acme.example:443', got: 'https://App.acme.example:443', expected: /as browsers write it/, mend: /^write https:\/\/app\.acme\.example$/ },
    { field: 'identity.authorizedParty', value: 'http://app.acme.example', got: 'http://app.acme.example', expected: /^an https origin/, mend: /such as https:\/\/app\.example\.com$/ },
    { field: 'identity.authorizedParty', value: 'app.acme.example', got: 'app.acme.example', expected: /^an https origin/, mend: /such as/ },
    { field: 'identity.authorizedParty', value: 'null', got: '"null"', expected: /^an https origin/, mend: /such as/ },
    { field: 'identity.authorizedParty', value: '*', got: '"*"', expected: /^an https origin/, mend: /such as/ },

    { field: 'identity.issuer', value: 'clerk.acme.example', got: 'clerk.acme.example', expected: /^an https URL/, mend: /such as/ },
    { field: 'identity.issuer', value: 'http://clerk.acme.example', got: 'http://clerk.acme.example', expected: /^an https URL/, mend: /^write https:\/\/, since/ },
    { field: 'identity.jwksUrl', value: 'http://clerk.acme.example/jwks', got: 'http://clerk.acme.example/jwks', expected: /^an https URL without credentials/, mend: /^write https:\/\/, since/ },
    { field: 'identity.jwksUrl', value: 'https://user:word@clerk.acme.example/jwks', got: 'https://user:word@clerk.acme.example/jwks', expected: /without credentials/, mend: /such as/ },
    { field: 'identity.jwksUrl', value: 'https://clerk.acme.example/jwks#a', got: 'https://clerk.acme.example/jwks#a', expected: /query or fragment$/, mend: /such as/ },
    { field: 'identity.jwksUrl', value: 'file:///etc/keys', got: 'file:///etc/keys', expected: /^an https URL/, mend: /such as/ },

    { field: 'identity.publicKey', value: 'MIIBIjANBg', got: 'no public key in PEM', expected: publicKeyText, mend: /indented$/ },
    { field: 'identity.publicKey', value: '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n', got: 'no public key in PEM', expected: publicKeyText, mend: /indented$/ },
    { field: 'identity.publicKey', value: publicKey() + publicKey(), got: 'no public key in PEM', expected: publicKeyText, mend: /indented$/ },
    { field: 'identity.publicKey', value: ellipticKey, got: 'a key of type ec', expected: publicKeyText, mend: /indented$/ },
    { field: 'identity.publicKey', value: publicKey(1024), got: 'an RSA key of 1024 bits', expected: publicKeyText, mend: /a longer key$/ },
    { field: 'identity.publicKey', value: privateKey, got: 'a private key', expected: publicKeyText, mend: /^take it out of the file and its history, replace it where it is used/ },
  ]);

  test.each([{ issuer: 'https://clerk.acme.example' }, { issuer: 'https://id.acme.example/realms/halton' }, { jwksUrl: 'https://clerk.acme.example/.well-known/jwks.json' }, { publicKey: publicKey() }])('%j is read', (identity) => {
    expect(parseDeployment(fileWith({ identity }), 'acme.yaml').identity).toMatchObject(identity);
  });
});

describe('a private key is repeated in no message', () => {
  const pieces = privateKey.split('\n').slice(1, -2).map((line) => line.slice(0, 20));
  const flat = privateKey.replaceAll('\n', '');

  test.each([
    { where: 'as publicKey', text: fileWith({ identity: { publicKey: privateKey } }) },
    { where: 'as publicKey without its first line', text: fileWith({ identity: { publicKey: privateKey.split('\n').slice(1).join('\n') } }) },
    { where: 'as publicKey on one line', text: fileWith({ identity: { publicKey: flat } }) },
    { where: 'as jwksUrl beside publicKey', text: fileWith({ identity: { publicKey: publicKey(), jwksUrl: privateKey } }) },
    { where: 'as the name', text: fileWith({ name: privateKey }) },
    { where: 'as the permissions boundary', text: fileWith({ permissionsBoundary: flat }) },
    { where: 'not indented', text: `${fileWith({})}publicKey: |\n${privateKey}` },
    { where: 'as a key on one line', text: `${fileWith({})}${flat.slice(0, 1000)}: 1\n` },
  ])('$where', ({ text }) => {
    const { message } = refusal(() => parseDeployment(text, 'acme.yaml'));
    expect(problemsOf(text).length).toBeGreaterThan(0);
    for (const piece of pieces) expect(message).not.toContain(piece);
  });
});

describe('permissionsBoundary', () => {
  refusesFields([
    { field: 'permissionsBoundary', value: 'platform-boundary', got: 'platform-boundary', expected: /^the ARN of an IAM policy$/, mend: /arn:aws:iam::123456789012:policy\/platform-boundary$/ },
    { field: 'permissionsBoundary', value: 'arn:aws:iam::111122223333:role/admin', got: 'arn:aws:iam::111122223333:role/admin', expected: /^the ARN of an IAM policy$/, mend: /policy\/boundary$/ },
  ]);
});
