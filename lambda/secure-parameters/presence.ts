import { SecretsError } from './errors.ts';
import type { Keeping } from './keep.ts';
import { lossProblem } from './lost.ts';

/** A parameter that is about to be used, and the command or step that mends its absence; without one it may be absent. */
export interface Demand {
  readonly path: string;
  readonly whenMissing?: string;
  /** How a sound value comes to stand where a plaintext one was deleted. */
  readonly replacement: string;
}

/** What the operator has to have stored. */
export function operatorDemand(deployment: string, path: string, name: string): Demand {
  const command = `npm run secrets -- set ${name} -c deployment=${deployment}`;
  return { path: `${path}/${name}`, whenMissing: `store it with \`${command}\``, replacement: `store a new one with \`${command}\`` };
}

/**
 * Refuses to begin while a parameter is lost or missing, or holds its value in plaintext; names all of them at once.
 *
 * @param types of the parameters that exist, by path
 * @throws SecretsError `SECRET_LOST` if one is lost, otherwise `SECRET_MISSING` if one is missing, otherwise `PARAMETER_NOT_SECURE`
 */
export function demandPresence(demands: readonly Demand[], types: ReadonlyMap<string, string | undefined>, lost: readonly Keeping[]): void {
  const missing = demands.filter(({ path, whenMissing }) => whenMissing !== undefined && !types.has(path));
  const plaintext = demands.filter(({ path }) => types.has(path) && types.get(path) !== 'SecureString');
  const problems = [
    ...(lost.length > 0 ? [lossProblem(lost)] : []),
    ...missing.map(absenceProblem),
    ...plaintext.map(({ path, replacement }) => plaintextProblem(path, types.get(path), replacement)),
  ];
  if (problems.length === 0) return;
  const absent = lost.length > 0 ? 'SECRET_LOST' : 'SECRET_MISSING';
  throw new SecretsError(lost.length + missing.length > 0 ? absent : 'PARAMETER_NOT_SECURE', `nothing was written. ${problems.join('; ')}. Then deploy again.`);
}

/** What is missing and how to mend that. */
export function absenceProblem({ path, whenMissing, replacement }: Demand): string {
  return `${path} is missing or empty: ${whenMissing ?? replacement}`;
}

/** Why a plaintext parameter is refused rather than overwritten: Parameter Store cannot change a type, and the value has been exposed. */
export function plaintextProblem(path: string, type: string | undefined, replacement: string): string {
  return `${path} is a ${type ?? 'parameter of unknown type'}, expected a SecureString; what it holds counts as exposed: delete it with \`aws ssm delete-parameter --name ${path}\`, and ${replacement}`;
}
