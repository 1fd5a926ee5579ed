import type { PoolClient } from 'pg';
import type { AuditEntry } from '../../../db/audit/append.ts';
import type { PlanFeature, Principal } from './permissions.ts';

/** The workspace that a request is bound to. */
export interface Workspace {
  readonly workspaceId: string;
  readonly organisationId: string;
  /** Its plan brings these along. */
  readonly features: ReadonlySet<PlanFeature>;
  /** Its deletion was requested: it is read-only. */
  readonly awaitsDeletion: boolean;
}

/** What a handler is given: one workspace, in one transaction, for somebody of whom it was asserted that he belongs to it. */
export interface Scope {
  /** In a transaction that is bound to the workspace: it sees no other one's rows. */
  readonly client: PoolClient;
  readonly workspace: Workspace;
  readonly principal: Principal;
  /** Address of the client, as the load balancer saw it. */
  readonly ip: string;
  /** At most 512 characters; empty where the client told none. */
  readonly userAgent: string;
}

/** How the audit log names somebody. */
export function actorOf(principal: Principal): Pick<AuditEntry, 'actorKind' | 'actor'> {
  switch (principal.kind) {
    case 'member':
    case 'organisation_admin':
      return { actorKind: 'member', actor: principal.userId };
    case 'device':
      return { actorKind: 'device', actor: principal.deviceId };
    case 'api_key':
      return { actorKind: 'api_key', actor: principal.keyId };
  }
}
