import pg from 'pg';
import type { Environment } from '../config.ts';
import { parseFernetKeys } from '../sealing/keys.ts';
import { asJob, readJob } from './login.ts';
import { purge } from './purge.ts';
import type { PurgeSummary } from './purge.ts';
import { rotateFernet } from './rotate-fernet.ts';
import type { RotationSummary } from './rotate-fernet.ts';
import { s3Client, S3Tombstones } from './s3-tombstones.ts';

/** Purges what is due, with the evidence bucket as the store of tombstones. */
export async function runPurge(environment: Environment): Promise<PurgeSummary> {
  const { region, connection, evidenceBucket } = await readJob(environment);
  return asJob(connection, (client) => purge(client, new S3Tombstones(s3Client(region), evidenceBucket)));
}

/** Seals anew what an older Fernet key has sealed. */
export async function runRotateFernet(environment: Environment): Promise<RotationSummary> {
  const { connection, fernetKeys } = await readJob(environment);
  const keys = parseFernetKeys(fernetKeys);
  const pool = new pg.Pool({ ...connection, max: 1, connectionTimeoutMillis: 10_000 });
  // Of a connection between two batches; the next batch fails, and the line about the outcome tells of it.
  pool.on('error', () => undefined);
  try {
    return await rotateFernet(pool, keys);
  } finally {
    await pool.end();
  }
}
