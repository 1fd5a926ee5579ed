import type { StatementFact } from '../facts/facts.ts';

/** Actions of one statement that may allow one of the wanted ones, wildcards of IAM included. */
export function actionsThatMayAllow(actions: readonly string[], wanted: readonly string[]): readonly string[] {
  return actions.filter((action) => wanted.some((one) => matches(action.toLowerCase(), one.toLowerCase())));
}

/** Whether a text is of a pattern as IAM writes one: `*` stands for any text and `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}

/** The values that a statement demands of a context key with `StringEquals`, which fails where the key is missing. */
export function demandedOf({ conditions }: StatementFact, key: string): StatementFact['actions'] {
  if (conditions.is !== 'known') return conditions;
  const found = conditions.value.find((condition) => condition.operator === 'StringEquals' && condition.key.toLowerCase() === key.toLowerCase());
  return found?.values ?? { is: 'absent' };
}
