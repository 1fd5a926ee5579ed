import type { ClientBase } from 'pg';
import { DESCRIBED } from '../describe/relations.ts';
import { readSchemaVersion } from '../schema-version.ts';
import type { SchemaVersion } from '../schema-version.ts';

/** Something that a table asks of whoever writes to it. */
export interface Demand {
  readonly table: string;
  readonly demand: string;
}

/** What a release relies on in a database, and how far its schema is. */
export interface Surface extends SchemaVersion {
  /** Columns with their types and defaults, keys, policies, routines with their results, and what each role may do, one a line. */
  readonly offers: readonly string[];
  /** Checks, references, keys, restrictive policies, and columns that have to be given a value. */
  readonly demands: readonly Demand[];
}

/** Why a release cannot follow the one before; a code never changes its meaning. */
export interface ContractFinding {
  readonly rule: 'contraction-moves-serves' | 'demands-move-serves' | 'serves-the-release-before';
  readonly why: string;
}

const GRANTEE = "CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END";

/** What follows a policy's name. */
const POLICY = `format(' for %s to %s: %s; %s', p.polcmd, (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role)::text END, ', ' ORDER BY role) FROM unnest(p.polroles) AS role),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))`;

const OFFERS = `SELECT format('column %I.%I.%I %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS offer
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('routine %s returns %s', p.oid::regprocedure, pg_get_function_result(p.oid)) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED}
  UNION ALL
  SELECT format('%s on %I.%I for %s', g.privilege_type, n.nspname, c.relname, ${GRANTEE})
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED}, aclexplode(c.relacl) AS g
  UNION ALL
  SELECT format('%s on %I.%I.%I for %s', g.privilege_type, n.nspname, c.relname, a.attname, ${GRANTEE})
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) AS g
  UNION ALL
  SELECT format('%s on %s for %s', g.privilege_type, p.oid::regprocedure, ${GRANTEE})
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED}, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS g
  UNION ALL
  SELECT format('default of %I.%I.%I', n.nspname, c.relname, a.attname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND (a.atthasdef OR a.attidentity <> '')
  UNION ALL
  SELECT format('key of %I.%I: %s', n.nspname, c.relname, regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', ''))
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} WHERE x.indisunique AND x.indisvalid
  UNION ALL
  SELECT format('policy %I on %I.%I', p.polname, n.nspname, c.relname) || ${POLICY}
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} WHERE p.polpermissive
  UNION ALL
  SELECT format('%s on schema %I for %s', g.privilege_type, n.nspname, ${GRANTEE}) FROM pg_namespace n, aclexplode(n.nspacl) AS g WHERE ${DESCRIBED}
  UNION ALL
  SELECT format('%I in %I', member.rolname, role.rolname) FROM pg_auth_members m JOIN pg_roles role ON role.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
  WHERE member.rolname LIKE 'halton\\_%'`;

const DEMANDS = `SELECT format('%I.%I', n.nspname, c.relname) AS "table", demand
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED}, LATERAL (
    SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
    UNION ALL
    SELECT 'unique ' || regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', '') FROM pg_index x WHERE x.indrelid = c.oid AND x.indisunique
    UNION ALL
    SELECT format('restrictive policy %I', p.polname) || ${POLICY} FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive
    UNION ALL
    SELECT format('a value for %I', a.attname) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
  ) AS demands (demand) WHERE c.relkind IN ('r', 'p')`;

/**
 * Reads what a release relies on in a database.
 *
 * @param client gets an empty search_path, so that Postgres writes every name in full
 */
export async function readSurface(client: ClientBase): Promise<Surface> {
  await client.query("SET search_path = ''");
  const { rows } = await client.query<{ offer: string }>(OFFERS);
  const { rows: demands } = await client.query<Demand>(DEMANDS);
  return { ...(await readSchemaVersion(client)), offers: rows.map(({ offer }) => offer), demands };
}

/**
 * Judges whether a release can follow another: what it takes away, or asks for anew of tables that there were, no release
 * may stumble over that it still serves, and the one before has to run on it, so that the service can be rolled back.
 */
export function judgeContract(before: Surface, after: Surface): readonly ContractFinding[] {
  const left = new Set(after.offers);
  const gone = before.offers.filter((offer) => !left.has(offer));
  const findings: ContractFinding[] = [];
  if (gone.length > 0 && after.serves <= before.serves) {
    findings.push({ rule: 'contraction-moves-serves', why: `Release ${before.serves} is served before and after, and this is gone: ${gone.join('; ')}. Say which release no longer needs it (serves).` });
  }
  const known = new Set(before.demands.map(wordOf));
  const tables = new Set(before.offers.flatMap((offer) => /^column (\S+)\.[^.]+ /.exec(offer)?.[1] ?? []));
  const asked = after.demands.filter((demand) => tables.has(demand.table) && !known.has(wordOf(demand)));
  if (asked.length > 0 && after.serves <= before.serves) {
    findings.push({ rule: 'demands-move-serves', why: `Release ${before.serves} is served before and after, and this is asked of what it writes: ${asked.map(wordOf).join('; ')}. Say which release already keeps to it (serves).` });
  }
  if (after.serves > before.version) {
    findings.push({ rule: 'serves-the-release-before', why: `Release ${before.version} is the one before and is no longer served: the service could not be rolled back. Take away only what it no longer uses.` });
  }
  return findings;
}

const wordOf = ({ table, demand }: Demand): string => `${table}: ${demand}`;
