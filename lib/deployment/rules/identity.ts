import { z } from 'zod';
import { deploymentSchema } from '../schema.ts';
import { identityFields } from '../sections/identity.ts';
import { networkSection } from '../sections/network.ts';
import { contradiction, type Conflict } from './contradiction.ts';

/** The dashboard of the hosted deployment, whose tokens alone it takes (HM-AUTH-2). */
const HOSTED_DASHBOARD = 'https://app.haltonmeter.com';

const { kind } = deploymentSchema.shape;
const authorizedParty = identityFields.pick({ authorizedParty: true }).strip();
// Whether they are given is all that matters here, so a key that is refused still counts as one.
const keys = z.object({ jwksUrl: z.unknown().optional(), publicKey: z.unknown().optional() });
const network = networkSection.pick({ internet: true }).strip();

export const identityRules = [
  contradiction('Keys of tokens are either fetched from jwksUrl or pinned as publicKey.', z.object({ identity: keys }), ({ identity }) =>
    identity.jwksUrl === undefined || identity.publicKey === undefined
      ? []
      : [
          {
            path: ['identity', 'jwksUrl'],
            expected: 'no URL beside publicKey, since nobody could tell which of the two decides',
            mend: 'remove one of the two',
          },
        ],
  ),
  contradiction('Without the internet the key of tokens is pinned as publicKey.', z.object({ network, identity: keys }), (read): readonly Conflict[] => {
    const { jwksUrl, publicKey } = read.identity;
    if (read.network.internet === 'nat' || publicKey !== undefined) return [];
    const expected = 'the public key, since without the internet no task can fetch it';
    const mend = "pin the identity provider's key as identity.publicKey";
    return jwksUrl === undefined
      ? [{ path: ['identity', 'publicKey'], expected, mend }]
      : [{ path: ['identity', 'jwksUrl'], expected: `${expected} from there`, mend: `${mend} instead` }];
  }),
  contradiction(`A hosted deployment takes tokens of ${HOSTED_DASHBOARD}.`, z.object({ kind, identity: authorizedParty }), (read) =>
    read.kind === 'enterprise' || read.identity.authorizedParty === HOSTED_DASHBOARD
      ? []
      : [
          {
            path: ['identity', 'authorizedParty'],
            got: read.identity.authorizedParty,
            expected: `${HOSTED_DASHBOARD}, the one dashboard of the hosted deployment`,
            mend: `write ${HOSTED_DASHBOARD}, or kind: enterprise for a customer's deployment`,
          },
        ],
  ),
];
