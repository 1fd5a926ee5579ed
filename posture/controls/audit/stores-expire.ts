import type { BucketFact, BufferFact, DatabaseFact, Facts, LogGroupFact, Resource, StackFact } from '../../facts/facts.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { implicitGroupChecks, makesLogGroups } from '../implicit-log-groups.ts';
import { destinationChecks, writesLogs } from '../log-destinations.ts';
import { isReplica } from '../replicas.ts';

/** Days: 37 from the request to the last copy, less the 30 of grace. */
const WORKSPACE_DATA_DAYS = 7;

/** Log groups that Postgres and the firewall fill with what workspaces send, whatever their tag says. */
const HOLDS_WORKSPACE_DATA = /^(?:\/aws\/rds\/|aws-waf-logs-)/;

type Store = BucketFact | BufferFact | LogGroupFact;

export const storesExpire = control<StackFact | DatabaseFact | Store | Resource>({
  id: 'stores-expire',
  claims: ['HM-DEL-4'],
  promise: 'Every store says whether it can hold workspace data, and keeps it for at most 7 days if it can and not for ever if it cannot.',
  minimum: 1,
  population: (facts) => [
    ...answeringStack(facts),
    ...facts.databases,
    ...facts.buckets,
    ...facts.logGroups,
    ...facts.buffers,
    ...facts.resources.filter((resource) => !isDatabase(resource) && (makesLogGroups(resource) || writesLogs(resource))),
  ],
  check: (subject, facts) => {
    if ('deployment' in subject) return [holdersCheck(facts)];
    if ('backupRetention' in subject) return [backupCheck(subject), ...implicitGroupChecks(subject, facts)];
    if ('workspaceData' in subject) return storeChecks(subject);
    return [...(makesLogGroups(subject) ? implicitGroupChecks(subject, facts) : []), ...(writesLogs(subject) ? destinationChecks(subject, facts) : [])];
  },
});

/** It stands among the databases, with what only they have. */
const isDatabase = ({ type }: Resource): boolean => type === 'AWS::RDS::DBInstance';

function holdersCheck({ buckets, logGroups }: Facts): Check {
  const holders = [...buckets, ...logGroups].filter(({ workspaceData }) => workspaceData.is === 'known' && workspaceData.value === 'yes');
  return expectSome('stores tagged halton:workspace-data=yes', holders.length);
}

function backupCheck(database: DatabaseFact): Check {
  const short = (days: number) => days <= WORKSPACE_DATA_DAYS;
  const expected = `at most ${WORKSPACE_DATA_DAYS}`;
  return isReplica(database)
    ? expectAbsent('BackupRetentionPeriod', database.backupRetention, short, expected)
    : expectValue('BackupRetentionPeriod', database.backupRetention, expected, short);
}

function storeChecks(store: Store): readonly Check[] {
  const { workspaceData, retention } = store;
  const allowed = 'name' in store && mayHold(store) ? ['yes'] : ['yes', 'hashed', 'no'];
  const endless = workspaceData.is === 'known' && (workspaceData.value === 'no' || workspaceData.value === 'hashed');
  const limit = endless ? Number.MAX_SAFE_INTEGER : WORKSPACE_DATA_DAYS;
  return [
    expectValue('Tags halton:workspace-data', workspaceData, allowed.join(', '), (value) => allowed.includes(value)),
    expectValue('retention in days', retention, endless ? 'an end' : `at most ${WORKSPACE_DATA_DAYS}`, (days) => days > 0 && days <= limit),
  ];
}

/** A name that nobody can tell may be one of those. */
const mayHold = ({ name }: LogGroupFact): boolean =>
  name.is === 'known' ? HOLDS_WORKSPACE_DATA.test(name.value) : name.is !== 'absent';
