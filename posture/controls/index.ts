import { logGroupsAreEncrypted } from './audit/log-groups-are-encrypted.ts';
import { storesExpire } from './audit/stores-expire.ts';
import { trailIsValidated } from './audit/trail-is-validated.ts';
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
import { deploysIntoAnyAccount } from './network/deploys-into-any-account.ts';
import { singleRegion } from './network/single-region.ts';
import { noPlaintextSecret } from './secrets/no-plaintext-secret.ts';
import { secretsAreSecureStrings } from './secrets/secrets-are-secure-strings.ts';
import { tasksReadSecretsAtBoot } from './secrets/tasks-read-secrets-at-boot.ts';
import { listenerSendsHsts } from './service/listener-sends-hsts.ts';
import { listenerTakesTls13Only } from './service/listener-takes-tls-1-3-only.ts';
import { plainHttpIsRedirected } from './service/plain-http-is-redirected.ts';
import { tasksStayPrivate } from './service/tasks-stay-private.ts';

/** Every control, in the order of the reports. */
export const controls: readonly Control[] = [
  singleRegion,
  deploysIntoAnyAccount,
  listenerTakesTls13Only,
  listenerSendsHsts,
  plainHttpIsRedirected,
  tasksStayPrivate,
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
  tasksReadSecretsAtBoot,
  noPlaintextSecret,
  storesExpire,
  trailIsValidated,
  logGroupsAreEncrypted,
];
