import type { Facts, StackFact } from '../../facts/facts.ts';
import { accountsIn, leavesAccountOpen, LOG_DELIVERY_ACCOUNTS } from '../accounts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { homeRegionOf } from '../deployment.ts';
import { accountOf } from '../place.ts';
import { written, type Written } from '../written.ts';

/**
 * That nothing is tied to an account makes a product that deploys into another one. That its posture is the same there
 * comes of the judge, which asks no control what kind of deployment it looks at; whether one deployed, only an account shows.
 */
export const deploysIntoAnyAccount = control<Written>({
  id: 'deploys-into-any-account',
  claims: ['HM-REG-5'],
  promise: 'Every stack lands in the one account and region of its deployment, and nothing declared names another account.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const stack = facts.stacks.find(({ id }) => id === subject.id);
    return [...(stack === undefined ? [] : stackChecks(stack, facts)), ...textChecks(subject, facts)];
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

/** A pattern before its variables are put in; the text that comes of it is listed in its own right. */
const PATTERN = /\.Fn::Sub(?:\.0)?$/;

function textChecks(subject: Written, facts: Facts): readonly Check[] {
  const own = new Set([accountOf(subject, facts), LOG_DELIVERY_ACCOUNTS[homeRegionOf(subject, facts) ?? '']]);
  const expected = 'no account but that of the deployment';
  const named = subject.texts.flatMap(({ path, text }): readonly Check[] => {
    const others = accountsIn(text).filter((account) => !own.has(account));
    if (others.length > 0) return [{ property: path, expected, observed: others.join(', '), outcome: 'fail' }];
    return leavesAccountOpen(text) && !PATTERN.test(path) ? [{ property: path, expected, observed: 'an ARN whose account is left open', outcome: 'unresolved' }] : [];
  });
  return named.length > 0 ? named : [{ property: 'every string', expected, observed: 'none', outcome: 'pass' }];
}
