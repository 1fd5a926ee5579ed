import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import type { Archive } from '../audit/archive.ts';
import type { Deployment } from '../deployment/schema.ts';
import { signingKey } from './signing-key.ts';
import { verifierRole } from './verifier-role.ts';

export interface EvidenceStackProps {
  readonly deployment: Deployment;
  readonly archive: Archive;
}

/** The key that signs receipts, and the role that verifies the account. */
export class EvidenceStack extends AreaStack {
  constructor(scope: Construct, { deployment, archive }: EvidenceStackProps) {
    super(scope, 'evidence', deployment, 'signing key and verifier');
    verifierRole(this, 'VerifierRole', { archive, signingKey: signingKey(this, 'SigningKey', deployment) });
  }
}
