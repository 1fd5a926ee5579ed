import { prepareDatabase } from '../../../db/prepare.ts';
import { readRelease } from '../../../db/release.ts';
import type { Migrated } from '../../../db/migrate.ts';
import { readMigrateConfig } from '../config.ts';
import type { Environment } from '../config.ts';
import { connectionTo } from '../database.ts';
import { rdsRoots } from '../rds-roots.ts';
import { MIGRATE_SECRETS, parameterStoreClient, readSecrets } from '../secrets.ts';

/** The login that RDS makes with the instance: it owns the database and may make roles, but is no superuser. */
const MASTER_LOGIN = 'halton_master';

/** Makes the database ready for this release. */
export async function runMigrate(environment: Environment): Promise<Migrated> {
  const config = readMigrateConfig(environment);
  const release = readRelease();
  const ssm = parameterStoreClient(config.AWS_REGION);
  const secrets = await readSecrets(ssm, config.PARAMETER_PATH, MIGRATE_SECRETS);
  ssm.destroy();
  const connection = connectionTo(
    {
      host: config.DATABASE_HOST,
      port: Number(config.DATABASE_PORT),
      database: config.DATABASE_NAME,
      user: MASTER_LOGIN,
      password: secrets['database/master-password'],
      sslMode: config.DATABASE_SSLMODE,
    },
    () => rdsRoots(config.AWS_REGION, environment['RDS_ROOTS']),
  );
  const passwords = {
    halton_migrator: secrets['database/migrator-password'],
    halton_api_a: secrets['database/api-a-password'],
    halton_api_b: secrets['database/api-b-password'],
    halton_jobs: secrets['database/jobs-password'],
    halton_support: secrets['database/support-password'],
    halton_analytics: secrets['database/analytics-password'],
  };
  return prepareDatabase(connection, passwords, release);
}
