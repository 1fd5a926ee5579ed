import type { Template } from '../assembly/template.ts';
import type { Facts } from './facts.ts';
import { buffers } from './template/buffers.ts';
import { databaseParameterGroups, databases, subnetGroups } from './template/databases.ts';
import { environments } from './template/environments.ts';
import { keys } from './template/keys.ts';
import { listenerRules, listeners, loadBalancers, targetGroups } from './template/load-balancers.ts';
import { readerOf } from './template/reader.ts';
import { roles } from './template/roles.ts';
import { secureParameters } from './template/secrets.ts';
import { securityGroups } from './template/security-groups.ts';
import { stackFact } from './template/stacks.ts';
import { buckets, logGroups } from './template/storage.ts';
import { subnets } from './template/subnets.ts';
import { taskLaunches } from './template/task-launches.ts';
import { clusters, taskDefinitions } from './template/tasks.ts';
import { texts } from './template/texts.ts';
import { trails } from './template/trails.ts';

/** The facts of all templates of an assembly together, matched by `Type` alone. */
export function factsFromTemplates(templates: readonly Template[]): Facts {
  const reader = readerOf(templates);
  return {
    stacks: templates.map(stackFact),
    resources: templates.flatMap((template) => [...template.resources.values()].map(({ id, type, stack, logicalId }) => ({ id, type, stack, logicalId }))),
    databases: databases(reader),
    databaseParameterGroups: databaseParameterGroups(reader),
    subnetGroups: subnetGroups(reader),
    subnets: subnets(reader),
    securityGroups: securityGroups(reader),
    keys: keys(reader),
    buckets: buckets(reader),
    logGroups: logGroups(reader),
    buffers: buffers(reader),
    secureParameters: secureParameters(reader),
    environments: environments(reader),
    loadBalancers: loadBalancers(reader),
    listeners: listeners(reader),
    listenerRules: listenerRules(reader),
    targetGroups: targetGroups(reader),
    clusters: clusters(reader),
    taskDefinitions: taskDefinitions(reader),
    taskLaunches: taskLaunches(reader),
    roles: roles(reader),
    trails: trails(reader),
    texts: reader.scopes.flatMap(texts),
  };
}
