import { acceptedValue, operatorSecretNamed, RefusedSecretError } from '../../lib/secrets/operator-value.ts';

const KEY = 'sk_test_abcdefghijklmnopqrstuvwxyz0123';
const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof RefusedSecretError ? error.code : String(error);
  }
};

describe('an operator’s value', () => {
  const secret = operatorSecretNamed('clerk/secret-key');

  it.each([KEY, `${KEY}\n`, `${KEY}\r\n`])('is taken without the one line break at its end: %j', (input) => {
    expect(acceptedValue(secret, input)).toBe(KEY);
  });

  it.each([`${KEY}\n\n`, `\n${KEY}`, ` ${KEY}`, `${KEY} `, KEY.replace('sk_', 'pk_'), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])('is refused when it is malformed: %j', (input) => {
    expect(codeOf(() => acceptedValue(secret, input))).toBe('VALUE_MALFORMED');
  });

  it.each(['', '\n', '\r\n'])('is refused when it is empty: %j', (input) => {
    expect(codeOf(() => acceptedValue(secret, input))).toBe('VALUE_EMPTY');
  });
});

describe('the name of an operator’s secret', () => {
  it.each(['clerk', 'CLERK/SECRET-KEY', '', 'clerk/secret-key ', 'toString'])('is refused when the table has none such: %j', (name) => {
    expect(codeOf(() => operatorSecretNamed(name))).toBe('NAME_UNKNOWN');
  });

  it.each(['fernet/keys', 'database/url'])('is refused when the deployment supplies it: %j', (name) => {
    expect(codeOf(() => operatorSecretNamed(name))).toBe('NOT_OPERATOR_SUPPLIED');
  });
});
