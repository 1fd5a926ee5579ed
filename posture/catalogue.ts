import type { Control } from './controls/control.ts';
import type { NotYet } from './results.ts';

/** A promise of the security page that templates can prove or break. */
export interface Claim {
  readonly id: string;
  readonly says: string;
  /** What has to exist before the whole of it can be judged; beside it, controls prove the claim in part. */
  readonly awaits?: string;
}

/** The claims about Halton Meter Cloud's security whose proof begins in the templates. */
export const claims: readonly Claim[] = [
  { id: 'HM-REG-1', says: 'A hosted deployment lives in eu-west-2 alone, every stack and resource of it.' },
  { id: 'HM-REG-2', says: 'Nothing replicates data to another region.' },
  { id: 'HM-REG-3', says: 'A snapshot that RDS takes by itself is kept beside the database, in the one region of both.' },
  { id: 'HM-REG-4', says: 'Pages are rendered in the home region, and edge locations hold static assets only.', awaits: 'the edge stack' },
  { id: 'HM-REG-5', says: 'The same product, with the same posture, deploys into a customer\'s own account and region.' },
  { id: 'HM-TLS-1', says: 'Whoever calls the dashboard or the API speaks TLS 1.3, or is not heard.' },
  { id: 'HM-TLS-2', says: 'Responses carry an HSTS header that is eligible for preloading.' },
  { id: 'HM-TLS-3', says: 'A request in plain HTTP is turned away at the load balancer, before any task sees it.' },
  { id: 'HM-TLS-4', says: 'The API verifies the certificate of Postgres, and Postgres refuses plaintext.' },
  { id: 'HM-NET-1', says: 'The subnets of Postgres have no route that leads to the internet.' },
  { id: 'HM-NET-2', says: 'No name or address of Postgres can be reached from outside the network.' },
  { id: 'HM-NET-3', says: 'Postgres is reached on TCP 5432 from the ECS tasks and by nothing else.' },
  { id: 'HM-KMS-1', says: 'Database storage and backups are encrypted with KMS.' },
  { id: 'HM-BAK-1', says: 'Point-in-time recovery reaches back exactly seven days.' },
  { id: 'HM-BAK-2', says: 'No copy of the database outlives those seven days.' },
  { id: 'HM-SSM-1', says: 'Secrets lie in Parameter Store as SecureStrings, each sealed by a KMS key.' },
  { id: 'HM-SSM-2', says: 'Each process of the API fetches what it must know from Parameter Store as it starts.' },
  { id: 'HM-SSM-3', says: 'No secret stands in plaintext in a template or an environment variable.' },
  { id: 'HM-SUP-2', says: 'Read replicas, which serve analytics, are as private as the primary.' },
  { id: 'HM-SUP-3', says: 'Database administration takes a role that demands MFA, and nobody holds standing access.', awaits: 'the administration role of the audit stack' },
  { id: 'HM-AUD-4', says: 'The audit log streams to the customer\'s SIEM.', awaits: 'the SIEM delivery of the audit stack' },
  { id: 'HM-AUD-6', says: 'A deletion made directly in Postgres is logged and raises an alarm.', awaits: 'the alarms of the audit stack' },
  { id: 'HM-DEL-4', says: 'No copy of a deleted workspace is left 37 days after the request.' },
  { id: 'HM-DEL-5', says: 'A recovery to before a deletion is deliberate and logged, and purges again before it serves.', awaits: 'the restore drill' },
];

/** A claim together with what proves it. */
export interface Entry {
  readonly claim: Claim;
  /** Ids of the controls, which prove the claim, or a part of it where it awaits something; empty only there. */
  readonly controls: readonly string[];
}

/**
 * The catalogue: each claim with its controls, or with what it awaits, or with both where they prove a part of it.
 *
 * @throws Error where a claim has neither, or a control proves a claim that is not there: the ledger would then say
 *   less, or more, than is true
 */
export function catalogue(controls: readonly Control[]): readonly Entry[] {
  const known = new Set(claims.map(({ id }) => id));
  for (const control of controls) {
    const stray = control.claims.find((id) => !known.has(id));
    if (stray !== undefined) {
      throw new Error(`control ${control.id} proves ${stray}; expected one of the claims in posture/catalogue.ts`);
    }
  }
  return claims.map((claim) => {
    const proving = controls.filter((control) => control.claims.includes(claim.id)).map(({ id }) => id);
    if (proving.length === 0 && claim.awaits === undefined) {
      throw new Error(`claim ${claim.id} has neither a control nor something that it awaits; expected one of the two: correct posture/catalogue.ts`);
    }
    return { claim, controls: proving };
  });
}

/** The claims that no control proves yet, or none as a whole. */
export function notYetOf(entries: readonly Entry[]): readonly NotYet[] {
  return entries.flatMap(({ claim: { id, says, awaits }, controls }) => {
    if (awaits === undefined) return [];
    return [{ id, says, reason: controls.length === 0 ? `awaits ${awaits}` : `awaits ${awaits}; in part: ${controls.join(', ')}` }];
  });
}
