import type { EnvironmentFact, Facts } from '../facts/facts.ts';
import { known, unresolved } from '../facts/value.ts';
import { type Check, expectValue } from './control.ts';
import { saysSecretVariable } from './secret-formats.ts';

/** Checks that no variable of a function or container holds what its name calls a secret; what one holds is never repeated. */
export function environmentChecks({ name, value }: EnvironmentFact, facts: Facts): readonly Check[] {
  if (!VARIABLE.test(name)) return [expectValue('Environment', unresolved('a variable whose name cannot be read'), 'a name', () => false)];
  if (value.is === 'known' && !saysSecretVariable(name)) return [];
  const judged = value.is === 'known' ? known(isHarmless(value.value, facts) ? 'a name' : 'a value (withheld)') : value;
  return [expectValue(`Environment ${name}`, judged, 'the path of a parameter or the id of a resource', (kind) => kind === 'a name')];
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PARAMETER_PATH = /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:(?:[0-9]{12}|\$\{AWS::AccountId\}):parameter)?(?:\/[a-z0-9][a-z0-9-]*)+\/?$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[0-9a-f-]{36}$/;
const WHOLE_RESOURCE = /^\$\{([^}.]+)(?:\.Arn)?\}$/;

/** Whether a value says where a secret is kept, or which resource guards it, which is no secret. */
export function isHarmless(value: string, { resources, secureParameters }: Facts): boolean {
  if (PARAMETER_PATH.test(value) || KEY_ARN.test(value)) return true;
  if (secureParameters.some(({ name }) => name.is === 'known' && name.value === value)) return true;
  const id = WHOLE_RESOURCE.exec(value)?.[1];
  // What a custom resource answers is its handler's choice, so a reference to one may be the secret itself.
  return resources.some((resource) => resource.id === id && resource.type.startsWith('AWS::') && resource.type !== 'AWS::IAM::AccessKey');
}
