/**
 * What the audit log records, and of which change. Every change to what a workspace holds has its action here; what stands
 * in an organisation alone is changed by no route.
 */
export const AUDIT_ACTIONS = {
  'workspace.created': 'a workspace was made',
  'workspace.changed': 'its name, time zone, retention, body sync or SIEM stream changed',
  'workspace.deletion_requested': 'its deletion was requested',
  'workspace.deletion_cancelled': 'the request was taken back',
  'member.invited': 'somebody was invited',
  'member.invitation_revoked': 'an invitation was revoked',
  'member.joined': 'an invitation was accepted',
  'member.role_changed': 'a member got another role',
  'member.removed': 'a member was removed or left',
  'device.pairing_approved': 'a member approved the pairing of a machine',
  'device.paired': 'a device was paired',
  'device.revoked': 'a device was revoked',
  'device.refused': "a device's token came from another machine",
  'api_key.created': 'an API key was made',
  'api_key.used': 'an API key was used',
  'api_key.revoked': 'an API key was revoked',
  'project.created': 'a project was made',
  'project.renamed': 'a project was renamed',
  'project.archived': 'a project was archived',
  'project.restored': 'an archived project was restored',
  'policy.created': 'a policy was made',
  'policy.changed': 'a policy was edited',
  'policy.deleted': 'a policy was deleted',
  'pricing_override.created': 'a price was overridden',
  'pricing_override.changed': 'an overridden price changed',
  'pricing_override.deleted': 'a price is the usual one again',
  'billing.plan_changed': 'the plan changed',
  'billing.seats_changed': 'the number of seats changed',
  'billing.payment_recorded': 'the payment provider told of a payment',
  'support.granted': 'support was let in',
  'support.revoked': 'a grant to support was revoked',
  'support.entered': 'support used its grant; the database writes this one itself',
  'prompt.viewed': "somebody looked at a teammate's prompt",
  'usage.recorded': 'a batch of requests was stored',
  'body.stored': 'the body of a request or its metadata arrived, or part of it',
  'usage.expired': 'requests beyond the retention were deleted; the database writes this one itself',
  'export.requests': 'requests were exported',
  'export.audit': 'the audit log was exported',
} as const satisfies Readonly<Record<string, string>>;

/** An action that the audit log knows. */
export type AuditAction = keyof typeof AUDIT_ACTIONS;
