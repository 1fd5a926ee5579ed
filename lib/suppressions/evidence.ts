import type { Deployment } from '../deployment/schema.ts';
import { aws, type Suppression, suppress } from './suppression.ts';

export function evidenceSuppressions({ name }: Deployment): readonly Suppression[] {
  return [
    ...suppress(
      [aws('IAM5[Resource::*]')],
      ['evidence/VerifierRole/Look/Resource'],
      '0010-trail-and-evidence',
      'An account is verified by finding what should not be there; every action is named and shows no data.',
    ),
    ...suppress(
      [aws(`IAM5[Resource::halton-${name}-data:ExportsOutputFnGetAttArchiveEvidence65D93275Arn00354704/receipts/*]`)],
      ['evidence/VerifierRole/Sign/Resource'],
      '0010-trail-and-evidence',
      "Receipts are written below one prefix; a receipt's name holds its number.",
    ),
  ];
}
