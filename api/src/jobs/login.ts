import pg from 'pg';
import type { ClientConfig } from 'pg';
import { connectionTo, parseDatabaseUrl } from '../database.ts';
import { readJobConfig } from '../config.ts';
import type { Environment } from '../config.ts';
import { rdsRoots } from '../rds-roots.ts';
import { JOB_SECRETS, parameterStoreClient, readSecrets } from '../secrets.ts';

/** What a job that works in the database is given. */
export interface JobSettings {
  readonly region: string;
  /** Logs in as halton_jobs. */
  readonly connection: ClientConfig;
  /** As Parameter Store keeps them. */
  readonly fernetKeys: string;
  readonly evidenceBucket: string;
}

/** Reads the settings and secrets of a job. */
export async function readJob(environment: Environment): Promise<JobSettings> {
  const config = readJobConfig(environment);
  const ssm = parameterStoreClient(config.AWS_REGION);
  const secrets = await readSecrets(ssm, config.PARAMETER_PATH, JOB_SECRETS);
  ssm.destroy();
  const address = { ...parseDatabaseUrl(secrets['database/url']), user: 'halton_jobs', password: secrets['database/jobs-password'] };
  return {
    region: config.AWS_REGION,
    connection: connectionTo(address, () => rdsRoots(config.AWS_REGION, environment['RDS_ROOTS'])),
    fernetKeys: secrets['fernet/keys'],
    evidenceBucket: config.EVIDENCE_BUCKET,
  };
}

/** Runs work on one connection, which ends with it. */
export async function asJob<T>(connection: ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000, keepAlive: true });
  let broken: Error | undefined;
  // One that breaks between two statements would end the process, without the line that tells of it.
  client.on('error', (error) => {
    broken = error;
  });
  await client.connect();
  try {
    return await work(client);
  } catch (error) {
    throw broken ?? error;
  } finally {
    await client.end();
  }
}
