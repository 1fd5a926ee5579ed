import type { Facts } from '../facts/facts.ts';

/** Below what every deployment keeps its parameters under; a password can begin with a slash too. */
const PARAMETER_PATH = /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:(?:[0-9]{12}|\$\{AWS::AccountId\}):parameter)?\/halton(?:\/[a-z0-9][a-z0-9-]*)+\/?$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[0-9a-f-]{36}$/;
const WHOLE_RESOURCE = /^\$\{([^}.]+)(?:\.Arn)?\}$/;

/** A custom resource, under a name of its own or under none: what it answers is its handler's choice. */
const CUSTOM = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/** Whether a value says where a secret is kept, or which resource guards it, which is no secret. */
export function isHarmless(value: string, { resources, secureParameters }: Facts): boolean {
  if (PARAMETER_PATH.test(value) || KEY_ARN.test(value)) return true;
  if (secureParameters.some(({ name }) => name.is === 'known' && name.value === value)) return true;
  const id = WHOLE_RESOURCE.exec(value)?.[1];
  return resources.some(({ id: other, type }) => other === id && type.startsWith('AWS::') && !CUSTOM.test(type) && type !== 'AWS::IAM::AccessKey');
}

/** Whether a text holds what a custom resource answers, which may be the secret itself. */
export function answersIn(text: string, { resources }: Facts): boolean {
  if (!text.includes('${')) return false;
  const named = new Set([...text.matchAll(/\$\{([^}.]+)(?:\.[^}]*)?\}/g)].map(([, id]) => id));
  return resources.some(({ id, type }) => named.has(id) && CUSTOM.test(type));
}
