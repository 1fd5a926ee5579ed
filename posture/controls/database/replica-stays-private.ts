import { control, expectAbsent, expectValue } from '../control.ts';
import { encryptionChecks } from '../encryption.ts';
import { groupsOf, ingressChecks, securityGroupCheck } from '../ingress.ts';
import { isReplica, sourceCheck, sourceRegionCheck } from '../replicas.ts';

export const replicaStaysPrivate = control({
  id: 'replica-stays-private',
  claims: ['HM-SUP-2'],
  promise: 'Every read replica stays beside its source: same region, no public address, encrypted, behind the same one rule, without backups.',
  minimum: 0,
  whenEmpty: 'No read replica is declared.',
  population: ({ databases }) => databases.filter(isReplica),
  check: (replica, facts) => [
    sourceCheck(replica, facts),
    sourceRegionCheck(replica, facts),
    expectValue('PubliclyAccessible', replica.publiclyAccessible, 'false', (accessible) => !accessible),
    ...encryptionChecks(replica, facts),
    securityGroupCheck(replica, facts),
    ...groupsOf(replica, facts).flatMap((group) => ingressChecks(group, facts)),
    expectAbsent('BackupRetentionPeriod', replica.backupRetention, (days) => days === 0, '0 or absent'),
  ],
});
