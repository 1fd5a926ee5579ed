/** Owns every table and function. Nobody logs in as it; the migrator takes its part. */
export const OWNER_ROLE = 'halton_owner';

/** Each owns the functions that do one thing nobody else may, and has just what these need. */
export const FUNCTION_ROLES = ['halton_auditor', 'halton_pairing', 'halton_purger', 'halton_aggregator'] as const;

/** Holds what the API may do, for both of its logins. */
export const API_ROLE = 'halton_api';

/** The role whose privileges tell pgaudit what to write down. */
export const PGAUDIT_ROLE = 'rds_pgaudit';

/** Roles that nobody logs in as. */
export const NOLOGIN_ROLES = [OWNER_ROLE, ...FUNCTION_ROLES, API_ROLE, PGAUDIT_ROLE] as const;

/** The login that migrates. */
export const MIGRATOR_LOGIN = 'halton_migrator';

/** Every login of the service; none owns anything. The API has two, so that the password of one can change while the other is in use. */
export const LOGINS = [MIGRATOR_LOGIN, 'halton_api_a', 'halton_api_b', 'halton_jobs', 'halton_support', 'halton_analytics'] as const;
export type LoginName = (typeof LOGINS)[number];

/** The passwords to set, by login. */
export type Passwords = Readonly<Record<LoginName, string>>;

/** Who takes whose part. The owner and the migrator inherit nothing: they have to say SET ROLE. */
export const MEMBERSHIPS: readonly (readonly [role: string, member: string])[] = [
  [API_ROLE, 'halton_api_a'],
  [API_ROLE, 'halton_api_b'],
  [OWNER_ROLE, MIGRATOR_LOGIN],
  ...FUNCTION_ROLES.map((role) => [role, OWNER_ROLE] as const),
];

/** Roles that do not inherit what they are members of. */
export const NOINHERIT_ROLES: readonly string[] = [OWNER_ROLE, MIGRATOR_LOGIN];

/** Settings that a login starts with. */
export const LOGIN_SETTINGS: Readonly<Record<LoginName, Readonly<Record<string, string>>>> = {
  halton_migrator: { search_path: '' },
  // A request is answered within 30 seconds or given up by the load balancer after 60; nothing may hold locks beyond that.
  halton_api_a: { search_path: '', statement_timeout: '30s', idle_in_transaction_session_timeout: '30s' },
  halton_api_b: { search_path: '', statement_timeout: '30s', idle_in_transaction_session_timeout: '30s' },
  // A run waits for a lock no longer than a transaction of the API should last, fails that step, and goes on with the next.
  halton_jobs: { search_path: '', lock_timeout: '1min', idle_in_transaction_session_timeout: '5min' },
  halton_support: { search_path: '', statement_timeout: '30s', idle_in_transaction_session_timeout: '30s' },
  // An export or a report of aggregates may take long; it never writes.
  halton_analytics: { search_path: '', statement_timeout: '5min', default_transaction_read_only: 'on' },
};
