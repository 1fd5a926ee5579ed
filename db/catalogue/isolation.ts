import { ours, TABLES } from './rule.ts';
import type { Rule } from './rule.ts';

/** The conditions that bind a policy to whom the transaction acts for, as Postgres writes them. */
const BOUND_WORKSPACE = '(workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace))';
/** The same for support, which has to be in: beside it and not within, a plan would count rows that are left out. */
const BOUND_WHILE_IN = '(workspace_id = ( SELECT CASE WHEN halton.support_is_in() THEN halton.bound_workspace() ELSE NULL::uuid END AS "case"))';
const BOUND_OTHERWISE = ['(organisation_id = ( SELECT halton.bound_organisation() AS bound_organisation))', '(user_id = ( SELECT halton.bound_user() AS bound_user))'];

/** Each workspace sees its own rows, whichever way it comes. */
export const ISOLATION: readonly Rule[] = [
  {
    id: 'tables-are-walled',
    says: 'Every table, and every partition, has row-level security that holds for its owner too.',
    offenders: `WITH ${TABLES} SELECT name AS object, 'it lacks ENABLE or FORCE ROW LEVEL SECURITY' AS why FROM tables WHERE NOT walled`,
  },
  {
    id: 'policies-bind',
    says: 'Every policy that lets rows through binds them to the workspace of the transaction, or where they belong to none, to its organisation or user; what support passes by also looks whether it is in.',
    // A condition stands alone, or first in an AND: Postgres puts every AND and OR into parentheses of its own.
    offenders: `WITH ${TABLES}, conditions AS (
        SELECT p.polrelid, p.polname, p.polroles, regexp_replace(pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g') AS condition FROM pg_policy p WHERE p.polpermissive AND p.polcmd <> 'a'
        UNION ALL
        SELECT p.polrelid, p.polname, p.polroles, regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '\\s+', ' ', 'g') FROM pg_policy p
        WHERE p.polpermissive AND (p.polcmd = 'a' OR p.polwithcheck IS NOT NULL)
      )
      SELECT format('policy %I on %s to %s: %s', polname, name,
          (SELECT string_agg(coalesce(r.rolname, 'PUBLIC'), ', ' ORDER BY r.rolname) FROM unnest(polroles) AS role LEFT JOIN pg_roles r ON r.oid = role),
          condition) AS object,
        'it does not bind the workspace, organisation or user of the transaction' AS why
      FROM conditions JOIN tables ON tables.oid = polrelid
      WHERE NOT coalesce(EXISTS (
        SELECT FROM unnest(CASE WHEN NOT of_workspace THEN $2::text[] WHEN ARRAY[0, to_regrole('halton_support')::oid] && polroles THEN ARRAY[$3::text] ELSE ARRAY[$1::text] END) AS bound
        WHERE condition = bound OR starts_with(condition, '(' || bound || ' AND ')
      ), false)`,
    values: [BOUND_WORKSPACE, BOUND_OTHERWISE, BOUND_WHILE_IN],
  },
  {
    id: 'keys-begin-with-the-workspace',
    says: "Every key of a table of workspaces' rows begins with workspace_id, so that no violation tells of another workspace.",
    offenders: `WITH ${TABLES} SELECT format('%s on %s (%s)', i.relname, name,
          (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (number, place) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number)
        ) AS object, 'it is unique over all workspaces' AS why
      FROM tables JOIN pg_index x ON x.indrelid = tables.oid JOIN pg_class i ON i.oid = x.indexrelid
      WHERE of_workspace AND (x.indisunique OR x.indisexclusion)
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = tables.oid AND a.attnum = x.indkey[0] AND a.attname = 'workspace_id')`,
  },
  {
    id: 'references-begin-with-the-workspace',
    says: "Every foreign key of a table of workspaces' rows begins with workspace_id on both sides, so that none reaches another workspace.",
    offenders: `WITH ${TABLES} SELECT format('%s on %s to %s', k.conname, tables.name, referred.name) AS object, 'it can refer to rows of any workspace' AS why
      FROM tables JOIN pg_constraint k ON k.conrelid = tables.oid AND k.contype = 'f' JOIN tables AS referred ON referred.oid = k.confrelid
      WHERE tables.of_workspace AND NOT (
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1] AND a.attname = 'workspace_id')
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1] AND a.attname = 'workspace_id'))`,
  },
  {
    id: 'views-read-as-their-reader',
    says: 'Every view reads as whoever reads it, and none holds a copy.',
    offenders: `SELECT format('%I.%I', n.nspname, c.relname) AS object,
        CASE c.relkind WHEN 'm' THEN 'a materialised view holds a copy that no policy guards' ELSE 'it lacks security_invoker' END AS why
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND ${ours('n.nspname', 'c.oid', 'pg_class')}
        AND NOT (c.relkind = 'v' AND EXISTS (SELECT FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value::boolean))`,
  },
];
