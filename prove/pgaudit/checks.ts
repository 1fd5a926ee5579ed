import pg from 'pg';
import { errorCode } from '../../db/errors.ts';
import { LOGINS, MIGRATOR_LOGIN, OWNER_ROLE } from '../../db/roles.ts';
import { refusal, SECRET, SERVICE_LOGINS, workOneDay } from './session.ts';
import type { AuditedServer } from './start.ts';

/** Every table that holds an audit log or a consent. */
const TABLES = ['audit_log', 'audit_heads', 'billing_events', 'checkout_consent_records', 'prompt_views'].map((table) => `halton.${table}`);

/** Otherwise the login of analytics would be refused for another reason. */
const READ_WRITE = 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE';

/** A sentence, and what speaks against it. */
export type Check = readonly [sentence: string, run: (server: AuditedServer) => Promise<readonly string[]>];

/** What has to hold once the database was prepared, in this order. */
export const CHECKS: readonly Check[] = [
  ['what the preparation did is logged, without a password', async ({ log, passwords }) => {
    const lines = await log.next();
    return [
      ...missing(lines, 'the role class of the master', /:halton_master@halton:.*AUDIT: SESSION,.*,ROLE,ALTER ROLE,.*ALTER ROLE halton_api_a PASSWORD <REDACTED>/),
      ...missing(lines, 'the DDL of the migrator', /:halton_migrator@halton:.*AUDIT: SESSION,.*,DDL,CREATE TABLE,TABLE,halton\.audit_log,/),
      ...found(lines, 'a password or its verifier', /SCRAM-SHA-256\$|verifier/, ...Object.values(passwords)),
    ];
  }],
  ['the daily work of the service leaves no AUDIT line, and nothing that it sends', async (server) => {
    await workOneDay(server);
    const lines = await server.log.next();
    return [...missing(lines, 'its session', /connection authorized: user=halton_api_a /), ...found(lines, 'an AUDIT line', /AUDIT:/), ...found(lines, 'a parameter', SECRET)];
  }],
  ['DELETE and UPDATE on audit and consent tables are logged as AUDIT: OBJECT, by the superuser', async ({ superuser, log }) => {
    const problems: string[] = [];
    for (const table of TABLES) {
      for (const [verb, statement] of [['DELETE', `DELETE FROM ${table}`], ['UPDATE', `UPDATE ${table} SET ${table === 'halton.checkout_consent_records' ? 'user_id = user_id' : 'workspace_id = workspace_id'}`]] as const) {
        if (table === 'halton.audit_heads' && verb === 'UPDATE') continue; // each entry of the log moves its head on
        const refused = await superuser.query(statement).then(() => 'nothing', errorCode);
        if (refused !== 'HM003') problems.push(`${statement} by the superuser: got ${refused}, expected HM003`);
        problems.push(...missing(await log.next(), `the AUDIT line of ${statement}`, new RegExp(`:postgres@halton:.*AUDIT: OBJECT,.*,WRITE,${verb},TABLE,${table.replace('.', '\\.')},`)));
      }
    }
    return problems;
  }],
  ['and by a person who logs in as the master and takes the part of the owner', async ({ master, as, log }) => {
    const client = new pg.Client(as(master));
    await client.connect();
    await client.query(`GRANT ${OWNER_ROLE} TO ${master.user}`);
    await client.query(`SET ROLE ${OWNER_ROLE}`);
    await client.query('DELETE FROM halton.audit_log WHERE actor = $1', [SECRET]);
    await client.query('ALTER TABLE halton.audit_log DISABLE TRIGGER append_only');
    await client.query('ALTER TABLE halton.audit_log ENABLE ALWAYS TRIGGER append_only');
    await client.query(`RESET ROLE; REVOKE ${OWNER_ROLE} FROM ${master.user}`);
    await client.end();
    const lines = await log.next();
    return [
      ...missing(lines, 'the grant', /:halton_master@.*AUDIT: SESSION,.*,ROLE,GRANT ROLE,.*GRANT halton_owner TO halton_master/),
      ...missing(lines, 'the DELETE', /:halton_master@.*AUDIT: OBJECT,.*,WRITE,DELETE,TABLE,halton\.audit_log,DELETE FROM halton\.audit_log WHERE actor = \$1,<not logged>/),
      ...missing(lines, 'the trigger', /:halton_master@.*AUDIT: SESSION,.*,DDL,ALTER TABLE,.*DISABLE TRIGGER append_only/),
      ...found(lines, 'a parameter', SECRET),
    ];
  }],
  ['TRUNCATE is refused and logged as an error for each login of the service', async (server) => {
    const problems: string[] = [];
    for (const login of LOGINS) {
      for (const table of TABLES) {
        const refused = await refusal(server, login, READ_WRITE, `TRUNCATE ${table} CASCADE`);
        if (refused !== '42501') problems.push(`TRUNCATE ${table} by ${login}: got ${refused ?? 'nothing'}, expected 42501`);
        const lines = await server.log.next();
        problems.push(...missing(lines, `the refusal of ${login}`, new RegExp(`:${login}@.*ERROR: {2}permission denied for`)), ...missing(lines, `the statement of ${login}`, new RegExp(`:${login}@.*STATEMENT: {2}TRUNCATE ${table} CASCADE`)));
      }
    }
    return problems;
  }],
  ['for the owner it is refused by a trigger, and logged as an error; one that gets past the trigger is logged too', async (server) => {
    const refused = await refusal(server, MIGRATOR_LOGIN, `SET ROLE ${OWNER_ROLE}`, 'TRUNCATE halton.audit_log CASCADE');
    const lines = await server.log.next();
    await refusal(server, MIGRATOR_LOGIN, `SET ROLE ${OWNER_ROLE}`, 'BEGIN', 'ALTER TABLE halton.audit_log DISABLE TRIGGER no_truncate', 'TRUNCATE halton.audit_log CASCADE', 'ROLLBACK');
    const passed = await server.log.next();
    return [
      ...(refused === 'HM003' ? [] : [`got ${refused ?? 'nothing'}, expected HM003`]),
      ...missing(lines, 'the error', /:halton_migrator@.*ERROR: {2}TRUNCATE on halton\.audit_log is refused/),
      ...missing(lines, 'the statement', /:halton_migrator@.*STATEMENT: {2}TRUNCATE halton\.audit_log CASCADE/),
      ...missing(passed, 'the AUDIT line', /:halton_migrator@.*AUDIT: SESSION,.*,WRITE,TRUNCATE TABLE,/),
    ];
  }],
  ['whoever is given a login is logged with write, ddl and role; the service is not', async (server) => {
    const { rows } = await server.superuser.query<{ login: string; setting: string }>(
      `SELECT rolname AS login, coalesce((SELECT substr(s, 13) FROM unnest(rolconfig) AS s WHERE s LIKE 'pgaudit.log=%'), current_setting('pgaudit.log')) AS setting
       FROM pg_roles WHERE rolcanlogin ORDER BY rolname`,
    );
    return rows.filter(({ login, setting }) => setting !== expectedSetting(login)).map(({ login, setting }) => `${login}: got ${setting}, expected ${expectedSetting(login)}`);
  }],
  ['no login can turn it off for itself', async (server) => {
    const problems: string[] = [];
    for (const login of LOGINS) {
      for (const setting of ['pgaudit.log', 'pgaudit.role', 'pgaudit.log_parameter']) {
        const refused = await refusal(server, login, `SET ${setting} = '${setting === 'pgaudit.log_parameter' ? 'on' : 'none'}'`);
        if (refused !== '42501') problems.push(`SET ${setting} by ${login}: got ${refused ?? 'nothing'}, expected 42501`);
      }
    }
    await server.log.next();
    return problems;
  }],
  ['a parameter is logged neither where a statement succeeds nor where it fails', async ({ superuser, log }) => {
    await superuser.query("SELECT set_config('halton.user_id', $1, false)", [SECRET]);
    await superuser.query("UPDATE halton.organisations SET name = $1 || ' Ltd'", [SECRET]);
    const failures: string[] = [];
    for (const statement of [
      'INSERT INTO halton.organisations (organisation_id, name) SELECT organisation_id, $1 FROM halton.organisations',
      'INSERT INTO halton.organisations (organisation_id, name) VALUES (gen_random_uuid(), repeat($1, 20))',
      'INSERT INTO halton.projects (workspace_id, project_id, name) VALUES (gen_random_uuid(), gen_random_uuid(), $1)',
    ]) failures.push(await superuser.query(statement, [SECRET]).then(() => 'nothing', errorCode));
    const lines = await log.next();
    return [
      ...(failures.join() === '23505,23514,23503' ? [] : [`got ${failures.join()}, expected 23505,23514,23503`]),
      ...missing(lines, 'the statement', /AUDIT: SESSION,.*,WRITE,UPDATE,.*UPDATE halton\.organisations SET name = \$1.*<not logged>/),
      ...missing(lines, 'the failures', /ERROR: {2}new row for relation "organisations" violates check constraint/),
      ...found(lines, 'a parameter', SECRET),
    ];
  }],
];

function expectedSetting(login: string): string {
  return SERVICE_LOGINS.some((name) => name === login) ? 'none' : 'write,ddl,role';
}

function missing(lines: readonly string[], what: string, pattern: RegExp): readonly string[] {
  return lines.some((line) => pattern.test(line)) ? [] : [`${what} is not in the log`];
}

function found(lines: readonly string[], what: string, ...traces: readonly (string | RegExp)[]): readonly string[] {
  const line = lines.find((text) => traces.some((trace) => (typeof trace === 'string' ? text.includes(trace) : trace.test(text))));
  return line === undefined ? [] : [`${what} is in the log: ${line.slice(0, 300)}`];
}
