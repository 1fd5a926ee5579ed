/** Something that breaks a rule, and why it may. */
export interface Exception {
  readonly rule: string;
  /** As the finding names it. */
  readonly object: string;
  readonly reason: string;
}

/** Everything that may break a rule; what no longer does is a finding itself. */
export const EXCEPTIONS: readonly Exception[] = [
  { rule: 'tables-are-walled', object: 'halton.plans', reason: 'What is sold, the same for everybody; only migrations change it.' },
  { rule: 'tables-are-walled', object: 'halton.schema_versions', reason: 'Tells how far the schema is, which every login may know.' },
  { rule: 'tables-are-walled', object: 'halton.service_settings', reason: 'One row of settings, the same for everybody; only migrations change it.' },
  { rule: 'tables-are-walled', object: 'halton_migrations.applied', reason: "The migrations' own books, which the owner alone reads." },
  {
    rule: 'policies-bind',
    object: 'policy own_memberships on halton.members to halton_api: (user_id = ( SELECT halton.bound_user() AS bound_user))',
    reason: 'A user is told which workspaces there are to choose from before one is chosen.',
  },
  { rule: 'policies-bind', object: 'policy pairing on halton.pairings to halton_pairing: true', reason: 'A pairing belongs to nobody until it is approved; three functions find it by the hash of a code.' },
  { rule: 'policies-bind', object: 'policy aggregate on halton.requests to halton_aggregator: true', reason: 'One function sums over workspaces and leaves small groups out.' },
  { rule: 'policies-bind', object: 'policy every_workspace on halton.workspaces to halton_purger: true', reason: 'One function lists the ids for the jobs, one those that are due to be purged.' },
  { rule: 'policies-bind', object: 'policy purge on halton.workspace_tombstones to halton_purger: true', reason: 'A tombstone outlives its workspace and names none.' },
  { rule: 'keys-begin-with-the-workspace', object: 'pairings_pkey on halton.pairings (device_code_hash)', reason: 'A pairing belongs to no workspace yet, and the hash of 32 random bytes tells of nobody.' },
  { rule: 'keys-begin-with-the-workspace', object: 'pairings_user_code_hash_key on halton.pairings (user_code_hash)', reason: 'As above; start_pairing answers null where a code is taken at the moment.' },
  {
    rule: 'references-begin-with-the-workspace',
    object: 'workspaces_organisation_id_fkey on halton.workspaces to halton.organisations',
    reason: 'A workspace is put under the bound organisation only, by a restrictive policy.',
  },
  { rule: 'references-begin-with-the-workspace', object: 'workspaces_plan_fkey on halton.workspaces to halton.plans', reason: 'Plans are the same for everybody.' },
  { rule: 'references-begin-with-the-workspace', object: 'billing_events_plan_fkey on halton.billing_events to halton.plans', reason: 'Plans are the same for everybody.' },
  { rule: 'grace-is-read-only', object: 'halton_api DELETE halton.members', reason: 'A member can leave, or be removed, at any time.' },
  { rule: 'grace-is-read-only', object: 'halton_api INSERT halton.billing_events', reason: 'The payment provider goes on telling until a subscription has ended.' },
  { rule: 'grace-is-read-only', object: 'halton_api INSERT halton.idempotency_keys', reason: 'What may still be done may be sent again.' },
  { rule: 'grace-is-read-only', object: 'halton_api INSERT halton.prompt_views', reason: 'Who looks at a prompt meanwhile is written down too.' },
  { rule: 'grace-is-read-only', object: 'halton_api INSERT halton.workspaces', reason: 'A new workspace awaits nothing.' },
  { rule: 'grace-is-read-only', object: 'halton_api UPDATE halton.api_keys', reason: 'A key can be revoked at any time, and nothing else of it changes.' },
  { rule: 'grace-is-read-only', object: 'halton_api UPDATE halton.devices', reason: 'A device can be revoked at any time, and nothing else of it changes.' },
  { rule: 'grace-is-read-only', object: 'halton_api UPDATE halton.invitations', reason: 'One can be revoked at any time; a policy of its own lets nothing else of it change.' },
  { rule: 'grace-is-read-only', object: 'halton_api UPDATE halton.support_grants', reason: 'A grant can be revoked at any time, and nothing else of it changes.' },
  { rule: 'grace-is-read-only', object: 'halton_api UPDATE halton.workspaces', reason: 'The deletion is requested and cancelled; guard_deletion_request refuses all else.' },
  { rule: 'grace-is-read-only', object: 'halton_jobs DELETE halton.siem_outbox', reason: 'What has been sent need not wait.' },
  { rule: 'grace-is-read-only', object: 'halton_jobs UPDATE halton.request_bodies', reason: 'Bodies are sealed anew with another key, so that the old one can go.' },
];
