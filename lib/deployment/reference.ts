import { z } from 'zod';
import { contradictions } from './contradictions.ts';
import { fieldName } from './problems.ts';
import { deploymentSchema } from './schema.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Longest list of values that a cell of the table spells out. */
const FEW_VALUES = 7;

/** The JSON Schema of the deployment file for editors; it cannot tell what spans fields, and `npm run synth` can. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}

/** The reference of the deployment file, in Markdown. */
export function renderReference(): string {
  return `<!-- Written by \`npm run docs\` from lib/deployment/sections/ and rules/; edit those. -->
# The deployment file

A deployment is one YAML file, \`deployments/NAME.yaml\`, and \`npm run synth -- -c deployment=NAME\` synthesizes it; without the option it is \`hosted\`. The name in the file is the name of the file.

Editors with a YAML language server complete and check the file, if its first line says where the schema is:

\`\`\`yaml
# yaml-language-server: $schema=../lib/deployment/schema.json
\`\`\`

A file that is refused names every problem at once: file and line, field, what was got, what was expected, and what to write instead.

## Fields

${table(['Field', 'Type', 'Default', 'What it does'], rows(jsonSchema(), []))}

## What goes together

${contradictions.map(({ rule }) => `- ${rule}`).join('\n')}
`;
}

/** Draft 7, which YAML language servers know best. */
function jsonSchema(): JsonSchema {
  return z.toJSONSchema(deploymentSchema, { io: 'input', target: 'draft-7' });
}

/** @param required what to say of a field that has to be there: a mapping that may be left out asks for its own only where it is given */
function rows(schema: JsonSchema, path: readonly string[], required = 'required'): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    if (typeof field === 'boolean') return [];
    const here = [...path, key];
    const isRequired = schema.required?.includes(key) ?? false;
    if (field.type === 'object') return rows(field, here, isRequired ? required : `required with ${code(fieldName(here))}`);
    return [[code(fieldName(here)), type(field), isRequired ? required : standard(field), field.description ?? '']];
  });
}

function standard(field: JsonSchema): string {
  if (field.default === undefined) return 'none';
  return code(typeof field.default === 'string' ? field.default : JSON.stringify(field.default));
}

function type(field: JsonSchema): string {
  if (field.const !== undefined) return code(String(field.const));
  if (field.enum !== undefined && field.enum.length <= FEW_VALUES) return anyOf(field.enum.map((value) => code(String(value))));
  if (field.type === 'integer') return `whole number, ${field.minimum} to ${field.maximum}`;
  if (field.type === 'array') return `list, ${field.minItems} to ${field.maxItems}`;
  if (field.type === 'boolean') return '`true` or `false`';
  return 'text';
}

function anyOf(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), ...values.slice(-1)].join(' or ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...body];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
