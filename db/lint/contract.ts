import type { ClientBase } from 'pg';
import { DESCRIBED } from '../describe/relations.ts';
import { readSchemaVersion } from '../schema-version.ts';
import type { SchemaVersion } from '../schema-version.ts';

/** What a release relies on in a database, and how far its schema is. */
export interface Surface extends SchemaVersion {
  /** Columns with their types, routines with their results, and what each role may do, one a line. */
  readonly offers: readonly string[];
}

/** Why a release cannot follow the one before; a code never changes its meaning. */
export interface ContractFinding {
  readonly rule: 'contraction-moves-serves' | 'serves-the-release-before';
  readonly why: string;
}

const GRANTEE = "CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END";

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
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED}, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS g`;

/**
 * Reads what a release relies on in a database.
 *
 * @param client gets an empty search_path, so that Postgres writes every name in full
 */
export async function readSurface(client: ClientBase): Promise<Surface> {
  await client.query("SET search_path = ''");
  const { rows } = await client.query<{ offer: string }>(OFFERS);
  return { ...(await readSchemaVersion(client)), offers: rows.map(({ offer }) => offer) };
}

/**
 * Judges whether a release can follow another: what it takes away no release may rely on that it still serves, and the
 * one before has to run on it, so that the service can be rolled back.
 */
export function judgeContract(before: Surface, after: Surface): readonly ContractFinding[] {
  const left = new Set(after.offers);
  const gone = before.offers.filter((offer) => !left.has(offer));
  const findings: ContractFinding[] = [];
  if (gone.length > 0 && after.serves <= before.serves) {
    findings.push({ rule: 'contraction-moves-serves', why: `Release ${before.serves} is served before and after, and this is gone: ${gone.join('; ')}. Say which release no longer needs it (serves).` });
  }
  if (after.serves > before.version) {
    findings.push({ rule: 'serves-the-release-before', why: `Release ${before.version} is the one before and is no longer served: the service could not be rolled back. Take away only what it no longer uses.` });
  }
  return findings;
}
