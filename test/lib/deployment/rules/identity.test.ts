import { identityRules } from '../../../../lib/deployment/rules/identity.ts';
import { refusesTogether } from '../cases.ts';
import { existing, merge, publicKey } from '../refused.ts';

const network = merge(existing, { internet: 'none' });
const jwksUrl = 'https://clerk.acme.example/.well-known/jwks.json';

refusesTogether(identityRules, [
  {
    rule: 'Keys of tokens are either fetched from jwksUrl or pinned as publicKey.',
    change: { identity: { jwksUrl, publicKey: publicKey() } },
    field: 'identity.jwksUrl',
    got: jwksUrl,
    expected: /^no URL beside publicKey/,
    mend: /^remove one of the two$/,
  },
  {
    rule: 'Without the internet the key of tokens is pinned as publicKey.',
    change: { network },
    field: 'identity.publicKey',
    got: 'nothing',
    expected: /^the public key, since without the internet no task can fetch it$/,
    mend: /^pin the identity provider's key as identity\.publicKey$/,
  },
  {
    rule: 'Without the internet the key of tokens is pinned as publicKey.',
    change: { network, identity: { jwksUrl } },
    field: 'identity.jwksUrl',
    got: jwksUrl,
    expected: /^the public key, since without the internet no task can fetch it from there$/,
    mend: /identity\.publicKey instead$/,
  },
  {
    rule: 'A hosted deployment takes tokens of https://app.haltonmeter.com.',
    change: { kind: 'hosted' },
    field: 'identity.authorizedParty',
    got: 'https://app.acme.example',
    expected: /^https:\/\/app\.haltonmeter\.com, the one dashboard/,
    mend: /^write https:\/\/app\.haltonmeter\.com, or kind: enterprise/,
  },
]);
