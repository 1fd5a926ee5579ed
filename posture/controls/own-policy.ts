import type { Facts, PrincipalFact, Resource, StatementFact } from '../facts/facts.ts';
import type { Check } from './control.ts';
import { accountOf } from './place.ts';
import { demandedOf } from './statements.ts';

/** A key or a bucket, which have a policy of their own. */
interface Guarded extends Resource {
  readonly policy: readonly StatementFact[];
}

/** Checks that the policy of a key or a bucket lets in nobody but its account and AWS's services. */
export function policyCheck(property: string, guarded: Guarded, facts: Facts): Check {
  const account = accountOf(guarded, facts);
  const check = { property, expected: 'the account of the deployment and services alone' };
  const open = guarded.policy.find(({ effect, principals }) => effect.is !== 'known' || (effect.value === 'Allow' && principals.is !== 'known'));
  if (open !== undefined || account === undefined) return { ...check, observed: open?.path ?? 'an account that the stacks do not agree on', outcome: 'unresolved' };
  const strangers = guarded.policy.flatMap((statement) => strangersIn(statement, account, facts));
  return { ...check, observed: strangers.length === 0 ? 'them alone' : strangers.join(', '), outcome: strangers.length === 0 ? 'pass' : 'fail' };
}

function strangersIn(statement: StatementFact, account: string, facts: Facts): readonly string[] {
  const { path, effect, principals } = statement;
  if (effect.is !== 'known' || effect.value !== 'Allow' || principals.is !== 'known' || isBound(statement, account)) return [];
  return principals.value.filter((principal) => !isOwn(principal, account, facts)).map(({ name }) => `${path}: ${name}`);
}

/** The context keys with which a statement for everybody is one for a single account. */
const ACCOUNT_KEYS = ['kms:CallerAccount', 'aws:PrincipalAccount'];

const isBound = (statement: StatementFact, account: string): boolean =>
  ACCOUNT_KEYS.some((key) => {
    const values = demandedOf(statement, key);
    return values.is === 'known' && values.value.length > 0 && values.value.every((value) => value === account);
  });

/** An id of IAM, a federation or a canonical user does not show whose it is. */
function isOwn({ kind, name }: PrincipalFact, account: string, { roles }: Facts): boolean {
  if (kind === 'Service') return name !== '*';
  if (kind !== 'AWS') return false;
  const [, inAccount] = /^arn:aws[a-z-]*:(?:iam|sts)::(\$\{AWS::AccountId\}|[^:]+):.+$/.exec(name) ?? [];
  return name === account || inAccount === account || roles.some(({ id }) => name === `\${${id}.Arn}`);
}
