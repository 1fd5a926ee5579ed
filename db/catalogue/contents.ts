import { TABLES } from './rule.ts';
import type { Rule } from './rule.ts';

/** Words that a column has in its name when it holds what must never be held. */
const NEVER = '(^|_)(passwords?|passwd|pwd|passphrase|pin|card|cardnumber|card_?number|pan|cvv2?|cvc2?|track_?[12]|expiry_(month|year)|iban|account_number)(_|$)';
/** Words that a column has in its name when it holds what lets somebody in. */
const LETS_IN = '(^|_)(secret|token|credential|api_key|private_key|device_code|user_code)(_|$)';

const COLUMNS = `${TABLES}, columns AS MATERIALIZED (
  SELECT tables.oid AS table, a.attnum AS number, a.attname::text AS short_name, format('%s.%I', name, a.attname) AS name
  FROM tables JOIN pg_attribute a ON a.attrelid = tables.oid WHERE a.attnum > 0 AND NOT a.attisdropped
)`;

/** What is held, and that it can go. */
export const CONTENTS: readonly Rule[] = [
  {
    id: 'purge-reaches-every-table',
    says: "halton.purged_tables() names every table of workspaces' rows but the two that go last.",
    // Read and not called, since only the role that purges may call it.
    offenders: `WITH ${TABLES}, purged AS (
        SELECT unnest(string_to_array((regexp_match(pg_get_function_sqlbody(p.oid), '\\{(.*)\\}'))[1], ',')) AS name
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'halton' AND p.proname = 'purged_tables'
      ), kept AS (
        SELECT short_name AS name FROM tables WHERE of_workspace AND NOT is_partition AND short_name NOT IN ('audit_heads', 'workspaces')
      )
      SELECT 'halton.' || coalesce(kept.name, purged.name) AS object,
        CASE WHEN purged.name IS NULL THEN 'a purge leaves its rows' ELSE 'a purge empties it, and it has no rows of workspaces' END AS why
      FROM kept FULL JOIN purged USING (name) WHERE kept.name IS NULL OR purged.name IS NULL`,
  },
  {
    id: 'no-password-and-no-card',
    says: 'No column is there for a password or for what a payment card shows (HM-AUTH-3, CH-PII-1, HP-PCI-1).',
    offenders: `WITH ${COLUMNS} SELECT name AS object, 'its name says that it holds a password or a card' AS why FROM columns WHERE short_name ~* $1`,
    values: [NEVER],
  },
  {
    id: 'secrets-stand-as-hashes',
    says: 'Whatever lets somebody in stands as a hash, and every hash has the form of one by a CHECK.',
    offenders: `WITH ${COLUMNS} SELECT name AS object, CASE WHEN short_name ~ '(^|_)hash$' THEN 'no CHECK says what a hash looks like' ELSE 'it lets somebody in and is no hash' END AS why
      FROM columns
      WHERE (short_name ~* $1 AND short_name !~ '_hash$') OR (short_name ~ '(^|_)hash$' AND NOT EXISTS (
        SELECT FROM pg_constraint k WHERE k.conrelid = columns.table AND k.contype = 'c' AND k.convalidated AND k.conkey = ARRAY[columns.number]
          AND (pg_get_constraintdef(k.oid) = format('CHECK ((length(%I) = 32))', short_name)
            OR starts_with(pg_get_constraintdef(k.oid), format('CHECK ((%I ~ ''^', short_name)))))`,
    values: [LETS_IN],
  },
];
