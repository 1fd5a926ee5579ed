import type { Facts, RoleFact, StackFact } from '../../facts/facts.ts';
import { accountsIn, leavesAccountOpen, LOG_DELIVERY_ACCOUNTS } from '../accounts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { homeRegionOf } from '../deployment.ts';
import { imageAccountOf, namesImageAccount } from '../image-account.ts';
import { accountOf } from '../place.ts';
import { written, type Written } from '../written.ts';

/**
 * That nothing is tied to an account makes a product that deploys into another one. That its posture is the same there
 * comes of the judge, which asks no control what kind of deployment it looks at; whether one deployed, only an account shows.
 * An account whose owner bounds every role refuses one that is not, or should.
 */
export const deploysIntoAnyAccount = control<Written>({
  id: 'deploys-into-any-account',
  claims: ['HM-REG-5'],
  promise: 'Every stack lands in the one account and region of its deployment, nothing declared names another account but to pull the image, and every role has the deployment\'s permissions boundary.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const stack = facts.stacks.find(({ id }) => id === subject.id);
    const role = facts.roles.find(({ id }) => id === subject.id);
    return [
      ...(stack === undefined ? [] : stackChecks(stack, facts)),
      ...(role === undefined ? [] : boundaryChecks(role, facts)),
      ...textChecks(subject, facts),
    ];
  },
});

function stackChecks(stack: StackFact, facts: Facts): readonly Check[] {
  const { account, region, deployment } = stack;
  const home = homeRegionOf(stack, facts);
  const agrees = facts.stacks.every((other) => JSON.stringify(other.account) === JSON.stringify(account));
  return [
    { property: 'account', expected: 'the same for every stack', observed: agrees ? 'the same' : 'another than other stacks have', outcome: agrees ? 'pass' : 'fail' },
    expectValue('region', region, 'the one that the deployment names', (value) => deployment.is === 'known' && value === deployment.value.region && value === home),
  ];
}

/** Whichever stack names a boundary, the roles of all of them are held to it. */
function boundaryChecks(role: RoleFact, { stacks }: Facts): readonly Check[] {
  const named = stacks.find(({ permissionsBoundary }) => permissionsBoundary.is !== 'absent');
  if (named === undefined) return [];
  const { permissionsBoundary: boundary } = named;
  if (boundary.is !== 'known') return [expectValue('PermissionsBoundary', boundary, 'the one that the deployment names', () => false)];
  return [expectValue('PermissionsBoundary', role.permissionsBoundary, boundary.value, (value) => value === boundary.value)];
}

/** A pattern before its variables are put in; the text that comes of it is listed in its own right. */
const PATTERN = /\.Fn::Sub(?:\.0)?$/;

function textChecks(subject: Written, facts: Facts): readonly Check[] {
  const own = new Set([accountOf(subject, facts), LOG_DELIVERY_ACCOUNTS[homeRegionOf(subject, facts) ?? '']]);
  const imageAccount = imageAccountOf(subject.stack, facts);
  const expected = `no account but that of the deployment${imageAccount === undefined ? '' : `, and ${imageAccount} to pull the image from`}`;
  const named = subject.texts.flatMap((found): readonly Check[] => {
    const { path, text } = found;
    const others = accountsIn(text).filter((account) => !own.has(account) && !namesImageAccount(found, account, facts));
    if (others.length > 0) return [{ property: path, expected, observed: others.join(', '), outcome: 'fail' }];
    return leavesAccountOpen(text) && !PATTERN.test(path) ? [{ property: path, expected, observed: 'an ARN whose account is left open', outcome: 'unresolved' }] : [];
  });
  return named.length > 0 ? named : [{ property: 'every string', expected, observed: 'none', outcome: 'pass' }];
}
