import { LOGINS, MEMBERSHIPS, NOLOGIN_ROLES } from './roles.ts';

/**
 * The query for who takes the part of a role, as `role` and `member`, where db/roles.ts does not say so; `$1` and `$2` are
 * MEMBERSHIP_VALUES.
 *
 * From 16 on, who makes a role may grant it on and neither inherits it nor takes its part; before, there is no such row.
 */
export const STRAY_MEMBERSHIPS = `SELECT role.rolname AS role, member.rolname AS member
  FROM pg_auth_members m JOIN pg_roles role ON role.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
  WHERE (role.rolname = ANY ($1) OR member.rolname = ANY ($1))
    AND (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) OR coalesce((to_jsonb(m) ->> 'set_option')::boolean, true) OR member.rolname = ANY ($1))
    AND role.rolname || ' ' || member.rolname <> ALL ($2)`;

/** The roles of the service, and who is said to be a member of what. */
export const MEMBERSHIP_VALUES: readonly unknown[] = [[...NOLOGIN_ROLES, ...LOGINS], MEMBERSHIPS.map(([role, member]) => `${role} ${member}`)];
