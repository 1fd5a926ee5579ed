/** Settings of the server that the promises about transport and audit rest on; the proofs run a server with the same. */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  ssl_min_protocol_version: 'TLSv1.2',
  // pg_stat_statements is RDS's own default; naming the list without it would unload it.
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  // Object auditing: what this role may do to a table is what is logged.
  'pgaudit.role': 'rds_pgaudit',
  // Session auditing, of everybody whom nobody thought of too. db/audit-log.ts takes the service's own logins out.
  'pgaudit.log': 'write,ddl,role',
  // A statement's parameters hold what workspaces send; its text is enough to see what was done.
  'pgaudit.log_parameter': '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  // The detail of a failure quotes the row that failed; its message and its statement are enough.
  log_error_verbosity: 'terse',
  // Statements that succeed are pgaudit's to choose. One that fails is logged, and its message can quote a value: hence the seven days.
  log_statement: 'none',
  log_connections: '1',
  log_disconnections: '1',
};
