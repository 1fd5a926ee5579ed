import * as fc from 'fast-check';
import type { Schema } from './document.ts';

/** Values that mean something to the service, by the name of the property or parameter that they stand in. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Characters and entries that are made at most: bounds are reached by the mutations. */
const [MOST, FEW] = [12, 3];
const DAY = 86_400_000;

/** Makes what a schema allows; where something is known by its name it is mostly that. */
export function validValue(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const any = bySchema(schema, known, name);
  const meant = known[name] ?? [];
  return meant.length === 0 ? any : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...meant) }, { weight: 1, arbitrary: any });
}

function bySchema(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => validValue(one, known)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string': return text(schema);
    case 'integer': return fc.oneof(fc.integer({ min: schema.minimum ?? -100, max: Math.min(schema.maximum ?? 100, (schema.minimum ?? 0) + 1_000) }), fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 100));
    case 'number': return fc.double({ noNaN: true });
    case 'boolean': return fc.boolean();
    case 'null': return fc.constant(null);
    case 'array': return fc.array(validValue(schema.items ?? {}, known, name), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? FEW, FEW) });
    case 'object': return object(schema, known);
    case undefined: return fc.jsonValue({ maxDepth: 3 });
  }
}

function text({ pattern, format, minLength = 0, maxLength = MOST }: Schema): fc.Arbitrary<string> {
  if (format === 'date') return fc.oneof(recent().map((date) => date.toISOString().slice(0, 10)), anyDate().map((date) => date.toISOString().slice(0, 10)));
  if (format === 'date-time') return fc.oneof({ weight: 3, arbitrary: recent() }, { weight: 1, arbitrary: anyDate() }).map((date) => date.toISOString());
  if (pattern !== undefined) return matching(pattern);
  // The schemas count characters and not the halves that they are made of, as this does.
  return fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, Math.min(maxLength, MOST)) });
}

const made = new Map<string, fc.Arbitrary<string>>();

/** Remembered, since to read a pattern takes longer than to send a request. */
function matching(pattern: string): fc.Arbitrary<string> {
  const found = made.get(pattern) ?? fc.stringMatching(new RegExp(pattern));
  made.set(pattern, found);
  return found;
}

const recent = () => fc.integer({ min: -40 * DAY, max: DAY }).map((offset) => new Date(Date.now() + offset));
const anyDate = () => fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });

function object({ properties = {}, required = [], minProperties = 0, additionalProperties }: Schema, known: Known): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const named = fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, validValue(schema, known, name)])), { requiredKeys: [...required] });
  const others = additionalProperties === undefined || additionalProperties === false ? fc.constant({}) : fc.dictionary(fc.string({ unit: 'binary', maxLength: MOST }), validValue(additionalProperties, known), { maxKeys: 4 });
  return fc.tuple(named, others).map(([one, other]) => ({ ...other, ...one })).filter((value) => Object.keys(value).length >= minProperties);
}
