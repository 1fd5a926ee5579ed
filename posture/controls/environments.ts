import type { EnvironmentFact, Facts, TextFact } from '../facts/facts.ts';
import { absent, known, unresolved, type Value } from '../facts/value.ts';
import { type Check, expectValue } from './control.ts';
import { saysSecretVariable } from './secret-names.ts';
import { answersIn, isHarmless } from './secret-references.ts';

/** Checks that no variable of a function or container holds what its name or its looks call a secret; what one holds is never repeated. */
export function environmentChecks({ name, value }: EnvironmentFact, facts: Facts): readonly Check[] {
  if (!VARIABLE.test(name)) return [expectValue('Environment', unresolved('a variable whose name cannot be read'), 'a name', () => false)];
  const judged = value.is === 'known' ? suspicion(name, value.value, facts) : value;
  if (judged.is === 'absent') return [];
  return [expectValue(`Environment ${name}`, judged, 'the path of a parameter or the id of a resource', (kind) => kind === 'a name')];
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What stands in a variable that may hold a secret; absent where nothing says so. */
function suspicion(name: string, value: string, facts: Facts): Value<string> {
  if (isHarmless(value, facts)) return saysSecretVariable(name) ? known('a name') : absent;
  if (saysSecretVariable(name) || looksGenerated(value)) return known('a value (withheld)');
  if (answersIn(value, facts)) return known('the answer of a custom resource (withheld)');
  return value.includes('{{resolve:') ? unresolved('a dynamic reference, which only the account can answer') : absent;
}

/** 16 bytes or more in hexadecimal; bytes in base64, with its padding or with capitals, small letters and digits mixed. */
const GENERATED = [/^[0-9A-Fa-f]{32,}$/, /^[A-Za-z0-9+/_-]{20,}={1,2}$/, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_-]{20,}$/];

/** Whether a value as a whole is more likely to come of a generator than of a keyboard. */
const looksGenerated = (value: string): boolean => GENERATED.some((pattern) => pattern.test(value));

/** Where variables stand in a function or a task definition. */
const IN_ENVIRONMENT = /^Properties\.(?:Environment\.Variables|ContainerDefinitions\.\d+\.Environment)\./;

/** Whether a text is part of a variable, which is judged as one. */
export const isVariable = ({ type, path }: TextFact): boolean => (type === 'AWS::Lambda::Function' || type === 'AWS::ECS::TaskDefinition') && IN_ENVIRONMENT.test(path);
