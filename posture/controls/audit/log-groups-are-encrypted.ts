import type { Facts, LogGroupFact, Resource, StackFact } from '../../facts/facts.ts';
import { control } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { customerKeyChecks } from '../encryption.ts';
import { implicitGroupChecks, makesLogGroups } from '../implicit-log-groups.ts';

/** Part of what its claim needs: a deletion is logged where only the deployment's key opens the log. */
export const logGroupsAreEncrypted = control<StackFact | LogGroupFact | Resource>({
  id: 'log-groups-are-encrypted',
  claims: ['HM-AUD-6'],
  promise: 'Every log group is declared, and encrypted under a customer-managed key that rotates.',
  minimum: 1,
  population: (facts) => [...answeringStack(facts), ...facts.logGroups, ...makers(facts)],
  check: (subject, facts) => {
    if ('deployment' in subject) return [expectSome('AWS::Logs::LogGroup', facts.logGroups.length)];
    return 'retention' in subject ? customerKeyChecks('KmsKeyId', subject.key, facts) : implicitGroupChecks(subject, facts);
  },
});

/** A database that exports no log makes no group, so there is nothing to judge of it. */
const makers = (facts: Facts): readonly Resource[] => facts.resources.filter((resource) => makesLogGroups(resource) && implicitGroupChecks(resource, facts).length > 0);
