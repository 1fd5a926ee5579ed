import { storesExpire } from './audit/stores-expire.ts';
import type { Control } from './control.ts';
import { backupRetention } from './database/backup-retention.ts';
import { databaseEncrypted } from './database/database-encrypted.ts';
import { databaseNotPublic } from './database/database-not-public.ts';
import { databaseRequiresTls } from './database/database-requires-tls.ts';
import { noCopyOutlivesWindow } from './database/no-copy-outlives-window.ts';
import { noCrossRegionReplication } from './database/no-cross-region-replication.ts';
import { replicaStaysPrivate } from './database/replica-stays-private.ts';
import { snapshotsInRegion } from './database/snapshots-in-region.ts';
import { databaseIngressFromTasksOnly } from './network/database-ingress-from-tasks-only.ts';
import { databaseSubnetsIsolated } from './network/database-subnets-isolated.ts';
import { singleRegion } from './network/single-region.ts';
import { noPlaintextSecret } from './secrets/no-plaintext-secret.ts';
import { secretsAreSecureStrings } from './secrets/secrets-are-secure-strings.ts';

/** Every control, in the order of the reports. */
export const controls: readonly Control[] = [
  singleRegion,
  databaseSubnetsIsolated,
  databaseIngressFromTasksOnly,
  databaseNotPublic,
  databaseRequiresTls,
  databaseEncrypted,
  backupRetention,
  noCopyOutlivesWindow,
  snapshotsInRegion,
  noCrossRegionReplication,
  replicaStaysPrivate,
  secretsAreSecureStrings,
  noPlaintextSecret,
  storesExpire,
];
