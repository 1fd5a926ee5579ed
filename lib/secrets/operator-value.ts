import { nearest } from '../deployment/nearest.ts';
import { secrets } from './table.ts';
import type { OperatorSecret } from './table.ts';

/** Why a secret cannot be stored; the message never repeats a value. */
export class RefusedSecretError extends Error {
  readonly code: 'NAME_UNKNOWN' | 'NOT_OPERATOR_SUPPLIED' | 'VALUE_EMPTY' | 'VALUE_MALFORMED' | 'PARAMETER_NOT_SECURE' | 'WRONG_ACCOUNT';

  constructor(code: RefusedSecretError['code'], message: string) {
    super(message);
    this.name = 'RefusedSecretError';
    this.code = code;
  }
}

/**
 * The secret of that name, if it is the operator's to store.
 *
 * @throws RefusedSecretError `NAME_UNKNOWN` or `NOT_OPERATOR_SUPPLIED`
 */
export function operatorSecretNamed(name: string): OperatorSecret {
  const operators = secrets.filter((secret) => secret.source === 'operator');
  const known = operators.map((secret) => secret.name).join(' or ');
  const secret = secrets.find((candidate) => candidate.name === name);
  if (secret === undefined) {
    const meant = nearest(name, secrets.map((candidate) => candidate.name));
    throw new RefusedSecretError('NAME_UNKNOWN', `Got ${shown(name)}, expected ${known}; ${meant === undefined ? '`npm run secrets -- list` shows every name' : `did you mean ${meant}?`}`);
  }
  if (secret.source !== 'operator') {
    throw new RefusedSecretError('NOT_OPERATOR_SUPPLIED', `Got the name ${name}, which the deployment makes itself (${secret.source}), expected ${known}; storing another value would cut off whoever uses the present one.`);
  }
  return secret;
}

/**
 * The value as it was typed or piped in, without the one line break at its end.
 *
 * @throws RefusedSecretError `VALUE_EMPTY` or `VALUE_MALFORMED`
 */
export function acceptedValue(secret: OperatorSecret, input: string): string {
  const value = input.replace(/\r?\n$/, '');
  if (value === '') throw new RefusedSecretError('VALUE_EMPTY', `Got an empty value for ${secret.name}, expected ${secret.expected}. Nothing was stored.`);
  if (!secret.pattern.test(value)) {
    throw new RefusedSecretError('VALUE_MALFORMED', `Got a value of ${value.length} characters for ${secret.name} that is not of its form, expected ${secret.expected}. Nothing was stored.`);
  }
  return value;
}

/** Repeats only what looks like a name: in its place may stand the value. */
const shown = (name: string): string => (/^[a-z/-]{1,40}$/.test(name) ? `the name ${name}` : 'something that is no name');
