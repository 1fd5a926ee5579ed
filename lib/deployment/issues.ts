import { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Problem, Refusal } from './problems.ts';
import { fieldName } from './problems.ts';
import { deploymentSchema } from './schema.ts';
import type { Source } from './source.ts';
import { EMPTY } from './source.ts';

type Path = readonly PropertyKey[];

/** The problems that an issue of the schema stands for: one, or one for every unknown key. */
export function problemsOf(issue: z.core.$ZodIssue, source: Source): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, source));
  const got = source.quote(issue.path);
  const isObject = issue.code === 'invalid_type' && issue.expected === 'object';
  const expected = isObject ? `a mapping with the keys ${knownKeys(issue.path).join(', ')}` : issue.message;
  const said: unknown = issue.code === 'custom' ? issue.params?.['got'] : undefined;
  return [{ ...placed(issue.path, source), got: typeof said === 'string' ? said : (got ?? 'nothing'), expected, mend: mend(issue, got) }];
}

/** Where a problem is. */
export function placed(path: Path, source: Source): Pick<Problem, 'field' | 'line'> {
  const line = source.line(path);
  return { field: fieldName(path), ...(line === undefined ? {} : { line }) };
}

function mend(issue: z.core.$ZodIssue, got: string | undefined): string {
  if (issue.path.length === 0) return 'begin with a copy of deployments/hosted.yaml';
  if (got === undefined) return `add ${fieldName(issue.path)}`;
  if (got === EMPTY) return 'give it a value, or leave the key out where it has a default';
  if (issue.code === 'custom') return String(issue.params?.['mend']);
  if (issue.code === 'invalid_type') return retype(issue.expected, got);
  if (issue.code === 'too_small') return `raise it to ${issue.minimum} or more`;
  if (issue.code === 'too_big') return `lower it to ${issue.maximum} or less`;
  if (issue.code !== 'invalid_value') return 'look it up in docs/deployment.md';
  const values = issue.values.map(String);
  return `write ${nearest(got, values) ?? values.join(' or ')}`;
}

function retype(type: string, got: string): string {
  switch (type) {
    case 'string':
      return /^a (mapping|list of \d+)$/.test(got) ? 'write a single value' : `quote it: '${got}'`;
    case 'boolean':
      return 'write true or false, without quotes';
    case 'array':
      return 'write it as a list, [first, second]';
    case 'object':
      return 'put its keys below it, indented';
    default:
      return 'write digits alone, without quotes, unit or fraction';
  }
}

function unknownKey(parent: Path, key: string, source: Source): Problem {
  return { ...placed([...parent, key], source), got: 'an unknown key', ...knownInstead(key, knownKeys(parent)) };
}

/** The nearest known key; where none is near, all of them, and the mapping that the key belongs to if there is one. */
function knownInstead(key: string, known: readonly string[]): Refusal {
  const meant = nearest(key, known);
  if (meant !== undefined) return { expected: `a known key, of which ${meant} is the nearest`, mend: `rename it to ${meant}` };
  const expected = `one of ${known.join(', ')}`;
  const home = mappings([]).find((path) => knownKeys(path).includes(key));
  if (home === undefined) return { expected, mend: 'rename or remove it' };
  return { expected, mend: home.length === 0 ? 'move it to the top level' : `move it below ${fieldName(home)}` };
}

/** The paths of every mapping that a file may have, from a path on. */
function mappings(path: Path): readonly Path[] {
  const below = knownKeys(path).map((key) => [...path, key]);
  return [path, ...below.filter((inner) => knownKeys(inner).length > 0).flatMap(mappings)];
}

/** What a section is made of, without what makes it optional or fills in its defaults. */
function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) return innermost(schema.unwrap());
  return schema instanceof z.ZodPipe ? innermost(schema.in) : schema;
}

/** The keys that the mapping at a path may have. */
function knownKeys(path: Path): readonly string[] {
  let schema: z.core.$ZodType = deploymentSchema;
  for (const step of path) {
    schema = (schema instanceof z.ZodObject ? schema.shape[String(step)] : undefined) ?? z.never();
    schema = innermost(schema);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
