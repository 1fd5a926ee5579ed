/** What a member of a workspace is. */
export const ROLES = ['owner', 'admin', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** What a plan has to bring along for an action, as halton.plans says which does. */
export const PLAN_FEATURES = ['writes_prompt_views', 'reads_prompt_views', 'streams_to_siem'] as const;
export type PlanFeature = (typeof PLAN_FEATURES)[number];

/** Who acts in a workspace, once that was asserted. */
export type Principal =
  | { readonly kind: 'member'; readonly userId: string; readonly role: Role }
  /** Administers the workspace's organisation without being a member of the workspace. */
  | { readonly kind: 'organisation_admin'; readonly userId: string }
  | { readonly kind: 'device'; readonly deviceId: string; readonly machineId: string; readonly userId: string }
  | { readonly kind: 'api_key'; readonly keyId: string };

/** What may act besides members. */
type Other = Exclude<Principal['kind'], 'member'>;

interface Rule {
  /** One sentence for whoever reads the matrix. */
  readonly allows: string;
  readonly roles: readonly Role[];
  /** @default nobody else */
  readonly others?: readonly Other[];
  /** @default every plan */
  readonly plan?: PlanFeature;
}

const everyone = ROLES;
const administrators = ['owner', 'admin'] as const;
const owners = ['owner'] as const;

/** Every action and who may do it: the one place where that is decided. */
export const permissions = {
  'workspace.read': { allows: 'See the workspace, its plan and its settings.', roles: everyone, others: ['organisation_admin', 'api_key'] },
  'workspace.update': { allows: 'Rename the workspace and change its time zone, retention window and body sync.', roles: administrators },
  'workspace.delete': { allows: 'Request the deletion of the workspace, and cancel it.', roles: owners },
  'members.read': { allows: 'See who belongs to the workspace.', roles: everyone, others: ['organisation_admin'] },
  'members.manage': { allows: 'Invite, revoke, remove, and change roles; the owner role is given and taken by owners.', roles: administrators },
  'members.leave': { allows: 'Leave the workspace.', roles: everyone },
  'projects.read': { allows: 'See projects and their reports.', roles: everyone, others: ['organisation_admin', 'api_key', 'device'] },
  'projects.manage': { allows: 'Create, rename, archive and restore projects.', roles: administrators },
  'devices.read': { allows: 'See the paired machines.', roles: everyone, others: ['organisation_admin'] },
  'devices.pair': { allows: 'Approve the pairing of a machine.', roles: everyone },
  'devices.revoke': { allows: 'Revoke a machine: their own, or as owner or admin any.', roles: everyone },
  'devices.disconnect': { allows: 'End the own pairing.', roles: [], others: ['device'] },
  'api_keys.manage': { allows: 'Create, see and revoke API keys.', roles: administrators },
  'requests.write': { allows: 'Store metered requests and their bodies.', roles: [], others: ['device', 'api_key'] },
  'requests.export': { allows: 'Export the full set of rows.', roles: administrators, others: ['organisation_admin', 'api_key'] },
  'spend.read': { allows: 'Read rollups of spend.', roles: everyone, others: ['organisation_admin', 'api_key'] },
  'bodies.read': { allows: "Read the body of one's own request, or as owner or admin anybody's.", roles: everyone, others: ['organisation_admin'] },
  'policies.read': { allows: 'See policies and pricing overrides.', roles: everyone, others: ['organisation_admin', 'api_key', 'device'] },
  'policies.manage': { allows: 'Edit policies and pricing overrides.', roles: administrators },
  'billing.read': { allows: 'See what was billed.', roles: administrators, others: ['organisation_admin'] },
  'audit.read': { allows: 'Read, filter, export and verify the audit log.', roles: administrators, others: ['organisation_admin'] },
  'siem.manage': { allows: 'Stream the audit log to a SIEM.', roles: administrators, plan: 'streams_to_siem' },
  'siem.end': { allows: 'See whether the audit log streams to a SIEM, and end that.', roles: administrators },
  'support.manage': { allows: 'Let support in for a fixed window, and end that.', roles: owners },
  'prompt_views.write': { allows: "Record that a teammate's prompt was viewed.", roles: administrators, others: ['organisation_admin'], plan: 'writes_prompt_views' },
  'prompt_views.read': { allows: 'Read who viewed whose prompts.', roles: administrators, others: ['organisation_admin'], plan: 'reads_prompt_views' },
} as const satisfies Readonly<Record<string, Rule>>;

export type Permission = keyof typeof permissions;

/** Whether somebody may do something under a plan that has these features. */
export function isAllowed(permission: Permission, principal: Principal, features: ReadonlySet<PlanFeature>): boolean {
  const { roles, others = [], plan }: Rule = permissions[permission];
  const may = principal.kind === 'member' ? roles.includes(principal.role) : others.includes(principal.kind);
  return may && (plan === undefined || features.has(plan));
}

/** Whether somebody administers the workspace: what is one's own only, is anybody's to them. */
export function administers(principal: Principal): boolean {
  return principal.kind === 'organisation_admin' || (principal.kind === 'member' && principal.role !== 'member');
}

/** Whether somebody may give and take the owner role. */
export function isOwner(principal: Principal): boolean {
  return principal.kind === 'member' && principal.role === 'owner';
}

/** Whether somebody of one role may give another one to somebody else: what a role may do to members, and nobody more than he is. */
export function mayGive(giver: Role, given: Role): boolean {
  const { roles }: Rule = permissions['members.manage'];
  return roles.includes(giver) && (given !== 'owner' || giver === 'owner');
}
