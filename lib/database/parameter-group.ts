import type { RemovalPolicy } from 'aws-cdk-lib';
import { type IInstanceEngine, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** Settings of the server that the promises about transport and audit rest on. */
export function parameterGroup(scope: Construct, id: string, engine: IInstanceEngine, removalPolicy: RemovalPolicy): ParameterGroup {
  return new ParameterGroup(scope, id, {
    engine,
    removalPolicy, // the instance's own: RDS deletes no group that an instance uses
    description: 'TLS enforced, pgaudit loaded',
    parameters: {
      'rds.force_ssl': '1',
      ssl_min_protocol_version: 'TLSv1.2',
      // pg_stat_statements is RDS's own default; naming the list without it would unload it.
      shared_preload_libraries: 'pg_stat_statements,pgaudit',
      // Object auditing: what this role may do to a table is what is logged.
      'pgaudit.role': 'rds_pgaudit',
      // A statement's parameters hold what workspaces send; its text is enough to see what was done.
      'pgaudit.log_parameter': '0',
      log_parameter_max_length: '0',
      log_parameter_max_length_on_error: '0',
      // Statements that succeed are pgaudit's to choose. One that fails is logged, and can quote a row: hence the seven days.
      log_statement: 'none',
      log_connections: '1',
      log_disconnections: '1',
    },
  });
}
