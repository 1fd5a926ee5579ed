import type { ConditionFact, StatementFact } from '../facts/facts.ts';
import type { Check } from './control.ts';
import { actionsThatMayAllow, matches } from './statements.ts';

/** A call of an AWS API. */
export interface Call {
  readonly action: string;
  /** The ARNs under which a statement can name what the call touches. */
  readonly resources: readonly string[];
  /** The service that makes it. @default - the role whose policies are asked */
  readonly service?: string;
  /** What comes with it, by context key in lower case; whatever else a statement asks for is open. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** Checks that statements let a call through, as IAM reads them: one allows it, and none denies it. */
export function grantCheck(property: string, statements: readonly StatementFact[], call: Call): Check {
  const check = { property, expected: `${call.action} allowed, and denied nowhere` };
  const [allows, denials] = ['Allow', 'Deny'].map((wanted) => statements.filter(({ effect }) => effect.is === 'known' && effect.value === wanted));
  const denial = denials?.find((statement) => concerns(statement, call) === 'yes');
  if (denial !== undefined) return { ...check, observed: `denied by ${denial.id}: ${denial.path}`, outcome: 'fail' };
  // Whatever else is allowed, a statement that cannot be read to its end may deny it.
  const hidden = statements.find(({ effect }) => effect.is !== 'known') ?? denials?.find((statement) => concerns(statement, call) === 'open');
  if (hidden !== undefined) return { ...check, observed: `left open by ${hidden.id}: ${hidden.path}`, outcome: 'unresolved' };
  if (allows?.some((statement) => concerns(statement, call) === 'yes') === true) return { ...check, observed: 'allowed', outcome: 'pass' };
  const open = allows?.find((statement) => concerns(statement, call) === 'open');
  return open === undefined ? { ...check, observed: 'not allowed', outcome: 'fail' } : { ...check, observed: `left open by ${open.id}: ${open.path}`, outcome: 'unresolved' };
}

type Answer = 'yes' | 'no' | 'open';

function concerns(statement: StatementFact, call: Call): Answer {
  return all([actionAnswer(statement, call), resourceAnswer(statement, call), principalAnswer(statement, call), conditionAnswer(statement, call)]);
}

/** Whether everything holds: one that does not settles it. */
function all(answers: Iterable<Answer>): Answer {
  const given = new Set(answers);
  if (given.has('no')) return 'no';
  return given.has('open') ? 'open' : 'yes';
}

const answer = (holds: boolean): Answer => (holds ? 'yes' : 'no');

/** An action that is not named may be one that `NotAction` leaves. */
const actionAnswer = ({ actions }: StatementFact, { action }: Call): Answer =>
  actions.is === 'known' ? answer(actionsThatMayAllow(actions.value, [action]).length > 0) : 'open';

const resourceAnswer = ({ resources }: StatementFact, call: Call): Answer =>
  resources.is === 'known' ? answer(resources.value.some((pattern) => call.resources.some((resource) => matches(plainArn(pattern), plainArn(resource))))) : 'open';

/** The partition is the region's, and never what tells two ARNs apart. */
const plainArn = (arn: string): string => arn.replace(/^arn:aws[\w-]*:/, 'arn:aws:');

function principalAnswer({ principals }: StatementFact, { service }: Call): Answer {
  if (service === undefined) return 'yes';
  if (principals.is !== 'known') return principals.is === 'absent' ? 'no' : 'open';
  return answer(principals.value.some(({ kind, name }) => name === '*' || (kind === 'Service' && name === service)));
}

function conditionAnswer({ conditions }: StatementFact, { context = {} }: Call): Answer {
  if (conditions.is !== 'known') return conditions.is === 'absent' ? 'yes' : 'open';
  return all(conditions.value.map((condition) => met(condition, context)));
}

/** How the operators that a call's context can answer compare it with what is demanded. */
const OPERATORS: Readonly<Record<string, (demanded: string, brought: string) => boolean>> = {
  ArnEquals: (demanded, brought) => matches(plainArn(demanded), plainArn(brought)),
  ArnLike: (demanded, brought) => matches(plainArn(demanded), plainArn(brought)),
  Bool: (demanded, brought) => demanded === brought,
  NumericLessThan: (demanded, brought) => Number(brought) < Number(demanded),
  StringEquals: (demanded, brought) => demanded === brought,
  StringLike: matches,
};

function met({ operator, key, values }: ConditionFact, context: Readonly<Record<string, readonly string[]>>): Answer {
  const [compare, brought] = [own(OPERATORS, operator), own(context, key.toLowerCase())];
  if (compare === undefined || brought === undefined || values.is !== 'known') return 'open';
  return answer(values.value.some((demanded) => brought.some((value) => compare(demanded, value))));
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);
