import type { KeyFact } from '../facts.ts';
import { known } from '../value.ts';
import { booleanOf, integerOf, textOf } from './read-node.ts';
import type { Reader } from './reader.ts';
import { statementsOf } from './roles.ts';

/** Every KMS key. */
export function keys(reader: Reader): readonly KeyFact[] {
  return reader.ofType('AWS::KMS::Key', 'AWS::KMS::ReplicaKey').map(({ resource, get }) => ({
    ...resource,
    enabled: booleanOf(get('Enabled')),
    rotates: booleanOf(get('EnableKeyRotation')),
    rotationPeriod: integerOf(get('RotationPeriodInDays')),
    usage: textOf(get('KeyUsage')),
    policy: statementsOf(resource.id, 'KeyPolicy', get('KeyPolicy')),
    // A replica key is one of several by what it is.
    multiRegion: resource.type === 'AWS::KMS::ReplicaKey' ? known(true) : booleanOf(get('MultiRegion')),
  }));
}
