import type { DatabaseFact, SecurityGroupFact } from '../../facts/facts.ts';
import { control } from '../control.ts';
import { groupsOf, ingressChecks, securityGroupCheck } from '../ingress.ts';

export const databaseIngressFromTasksOnly = control<DatabaseFact | SecurityGroupFact>({
  id: 'database-ingress-from-tasks-only',
  claims: ['HM-NET-3'],
  promise: 'Every database is let in by exactly one rule, TCP 5432 from the security group of the ECS tasks.',
  minimum: 1,
  population: (facts) => [...facts.databases, ...new Set(facts.databases.flatMap((database) => groupsOf(database, facts)))],
  check: (subject, facts) => ('ingress' in subject ? ingressChecks(subject, facts) : [securityGroupCheck(subject, facts)]),
});
