import { pick } from '../../assembly/node.ts';
import type { SecureParameterFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { itemsOf, textOf, andThen } from './read-node.ts';
import type { Reader } from './reader.ts';
import { KEY, referenceOf } from './reference.ts';

/** The SecureStrings that the custom resources keep, since CloudFormation itself has no resource for one. */
export function secureParameters(reader: Reader): readonly SecureParameterFact[] {
  const listed = reader.ofType('Custom::SecureParameters').flatMap(({ resource, get }) => {
    const { items, open } = itemsOf(get('Parameters'));
    const key = referenceOf(get('KeyArn'), KEY, reader);
    if (open !== undefined) return [{ ...resource, name: unresolved(open), source: unresolved(open), key, sslMode: absent }];
    return items.map((item) => {
      const [name, source] = [textOf(pick(item, 'Name')), sourceOf(textOf(pick(item, 'Source')))];
      return { ...resource, name, source, key, sslMode: absent };
    });
  });
  const urls = reader.ofType('Custom::DatabaseUrl').map(({ resource, get }) => ({
    ...resource,
    name: textOf(get('Name')),
    source: known('derived' as const),
    key: referenceOf(get('KeyArn'), KEY, reader),
    sslMode: textOf(get('SslMode')),
  }));
  return [...listed, ...urls];
}

function sourceOf(text: Value<string>): SecureParameterFact['source'] {
  return andThen(text, (source): SecureParameterFact['source'] =>
    source === 'generated' || source === 'operator' || source === 'derived' ? known(source) : unresolved(`${source}, which is no source of a secret`),
  );
}
