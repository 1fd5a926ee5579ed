import type { Refusal } from './problems.ts';

/**
 * The form of a deployment's name. No hyphen: policies name a deployment's roles and trails as `halton-NAME-*`, and
 * one called `hosted-eu` would be among those of `hosted`.
 */
export const NAME_FORM = /^[a-z][a-z0-9]*$/;

/** Fewest characters of a deployment's name. */
export const SHORTEST_NAME = 2;

/** Most characters of a deployment's name: IAM cuts role names at 64, and a role's name holds the stack's and the role's own. */
export const LONGEST_NAME = 16;

/** The form of an AWS account's id. */
export const ACCOUNT_FORM = /^\d{12}$/;

/** Refuses a name that stacks, role patterns, the SSM path and the database identifier cannot be built from. */
export function judgeName(name: string): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (!NAME_FORM.test(name)) {
    refusals.push({
      expected: 'lower-case letters and digits, beginning with a letter',
      mend: 'write a name such as hosted or acmeeu',
    });
  }
  if (name.length < SHORTEST_NAME || name.length > LONGEST_NAME) {
    refusals.push({
      expected: `${SHORTEST_NAME} to ${LONGEST_NAME} characters, since the names of IAM roles are built from it and end at 64`,
      mend: name.length < SHORTEST_NAME ? 'lengthen it' : `shorten it by ${name.length - LONGEST_NAME}`,
    });
  }
  return refusals;
}

/** Refuses what is not the id of an AWS account. */
export function judgeAccount(account: string): readonly Refusal[] {
  if (ACCOUNT_FORM.test(account)) return [];
  return [
    {
      expected: 'the 12 digits of an AWS account id',
      mend: "write all 12 without spaces or hyphens, in quotes, like '123456789012'",
    },
  ];
}
