import { PGAUDIT_ROLE } from '../roles.ts';
import { TABLES } from './rule.ts';
import type { Rule } from './rule.ts';

interface Guarded {
  readonly table: string;
  /** What its triggers call. */
  readonly guard: string;
  /** Who has UPDATE or DELETE, beside the owner, whom the triggers stop. */
  readonly granted: readonly string[];
}

/** pgaudit writes down what this role may do; nobody is a member of it. */
const WATCHED = [`${PGAUDIT_ROLE} UPDATE`, `${PGAUDIT_ROLE} DELETE`];

/** The tables in which what is written stays as it is. */
export const APPEND_ONLY: readonly Guarded[] = [
  { table: 'halton.audit_log', guard: 'halton.refuse_change', granted: [...WATCHED, 'halton_purger DELETE'] },
  // The purger locks the head, which takes UPDATE of some column: its key, which the guard keeps as it is.
  { table: 'halton.audit_heads', guard: 'halton.guard_head', granted: [`${PGAUDIT_ROLE} DELETE`, 'halton_purger DELETE', 'halton_purger UPDATE', 'halton_auditor UPDATE'] },
  { table: 'halton.billing_events', guard: 'halton.refuse_change', granted: [...WATCHED, 'halton_purger DELETE'] },
  { table: 'halton.checkout_consent_records', guard: 'halton.refuse_consent_change', granted: WATCHED },
  { table: 'halton.prompt_views', guard: 'halton.refuse_change', granted: [...WATCHED, 'halton_purger DELETE'] },
];

/** A partition is guarded as the table that it is part of: what is TRUNCATE's it does not inherit. */
const GUARDED = `guarded AS (
  SELECT tables.oid, tables.owner, tables.acl, coalesce(tables.name, wanted."table") AS name, wanted.guard, wanted.granted FROM jsonb_to_recordset($1) AS wanted ("table" text, guard text, granted text[])
  LEFT JOIN tables ON tables.name = wanted."table" OR tables.oid IN (SELECT relid FROM pg_partition_tree(to_regclass(wanted."table")) WHERE relid <> to_regclass(wanted."table"))
)`;

/** Bits of pg_trigger.tgtype: row 1, before 2, delete 8, update 16, truncate 32. */
const SHAPES = "(VALUES ('UPDATE and DELETE of each row', 1 + 2 + 8 + 16, 1 + 2 + 8 + 16), ('TRUNCATE', 1 + 2 + 32, 2 + 32)) AS shape (of, mask, bits)";

/** The audit log and both ledgers only grow. */
export const APPEND_ONLY_RULES: readonly Rule[] = [
  {
    id: 'append-only-tables-refuse',
    says: 'Every append-only table has a trigger before UPDATE and DELETE and one before TRUNCATE, which no setting turns off.',
    offenders: `WITH ${TABLES}, ${GUARDED} SELECT name AS object, 'nothing stops ' || shape.of AS why FROM guarded, ${SHAPES}
      WHERE NOT EXISTS (
        SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE t.tgrelid = guarded.oid AND t.tgenabled = 'A' AND (t.tgtype & shape.mask) = shape.bits
          AND t.tgqual IS NULL AND t.tgattr::text = '' AND n.nspname || '.' || p.proname = guard)`,
    values: [JSON.stringify(APPEND_ONLY)],
  },
  {
    id: 'append-only-tables-are-granted-so',
    says: 'Nobody changes or deletes rows of an append-only table but the role that purges a workspace.',
    offenders: `WITH ${TABLES}, ${GUARDED}, acls AS (
        SELECT name, owner, granted, acl FROM guarded
        UNION ALL
        SELECT name, owner, granted, attacl FROM guarded JOIN pg_attribute ON attrelid = guarded.oid
      )
      SELECT name AS object, coalesce(r.rolname, 'PUBLIC') || ' has ' || string_agg(DISTINCT privilege_type, ', ') AS why
      FROM acls, aclexplode(acl) LEFT JOIN pg_roles r ON r.oid = grantee
      WHERE privilege_type IN ('UPDATE', 'DELETE') AND grantee <> owner AND coalesce(r.rolname, 'PUBLIC') || ' ' || privilege_type <> ALL (granted)
      GROUP BY name, r.rolname`,
    values: [JSON.stringify(APPEND_ONLY)],
  },
];
