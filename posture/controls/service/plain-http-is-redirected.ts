import type { Facts, ListenerFact, ListenerRuleFact, Resource, SecurityGroupFact, StackFact, TargetGroupFact, TaskLaunchFact } from '../../facts/facts.ts';
import { actionChecks, areDeclared } from '../actions.ts';
import { control, expectAbsent, expectValue, inside, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { otherEntranceCheck, otherEntrances, takesHttps } from '../entrances.ts';
import { launchGroupsCheck, launchGroupsOf, taskIngressChecks } from '../task-ingress.ts';

export const plainHttpIsRedirected = control<StackFact | ListenerFact | ListenerRuleFact | TargetGroupFact | TaskLaunchFact | SecurityGroupFact | Resource>({
  id: 'plain-http-is-redirected',
  claims: ['HM-TLS-3'],
  promise: 'Plain HTTP is redirected to HTTPS and never forwarded, and the tasks are reached over HTTPS from the load balancer alone.',
  minimum: 1,
  population: (facts) => [
    ...answeringStack(facts),
    ...facts.listeners,
    ...facts.listenerRules,
    ...facts.targetGroups,
    ...facts.taskLaunches,
    ...new Set(facts.taskLaunches.flatMap((launch) => launchGroupsOf(launch, facts))),
    ...otherEntrances(facts),
  ],
  check: (subject, facts) => {
    if ('deployment' in subject) return presenceChecks(facts);
    if ('tlsPolicy' in subject) return listenerChecks(subject, facts);
    if ('listener' in subject) return ruleChecks(subject, facts);
    if ('healthCheckProtocol' in subject) return targetGroupChecks(subject);
    if ('assignPublicIp' in subject) return [launchGroupsCheck(subject, facts), ...registrationChecks(subject, facts)];
    return 'ingress' in subject ? taskIngressChecks(subject, facts) : [otherEntranceCheck(subject)];
  },
});

const presenceChecks = ({ listeners, taskLaunches }: Facts): readonly Check[] => [
  expectSome('AWS::ElasticLoadBalancingV2::Listener', listeners.length),
  expectSome('AWS::ECS::Service', taskLaunches.filter(({ type }) => type === 'AWS::ECS::Service').length),
];

function listenerChecks(listener: ListenerFact, facts: Facts): readonly Check[] {
  return [
    expectValue('Protocol', listener.protocol, 'HTTP or HTTPS', (protocol) => protocol === 'HTTP' || protocol === 'HTTPS'),
    ...actionChecks('DefaultActions', listener.actions, takesHttps(listener), facts),
  ];
}

/** A rule that may be another listener's than an HTTPS one of the assembly is held to what plain HTTP allows. */
function ruleChecks({ listener, actions }: ListenerRuleFact, facts: Facts): readonly Check[] {
  const encrypted = listener.is === 'known' && facts.listeners.some((candidate) => candidate.id === listener.value && takesHttps(candidate));
  return actionChecks('Actions', actions, encrypted, facts);
}

const isHttps = (protocol: string): boolean => protocol === 'HTTPS';

/** A service or task set can be registered where no listener of the assembly leads, and be sent requests from there. */
function registrationChecks({ targetGroups, otherEntrance }: TaskLaunchFact, facts: Facts): readonly Check[] {
  return [
    inside(expectAbsent('LoadBalancers.TargetGroupArn', targetGroups, (ids) => areDeclared(ids, facts), 'target groups of the assembly, or none')),
    expectAbsent('LoadBalancers.LoadBalancerName, VpcLatticeConfigurations', otherEntrance),
  ];
}

function targetGroupChecks({ protocol, healthCheckProtocol, targets }: TargetGroupFact): readonly Check[] {
  return [
    expectValue('Protocol', protocol, 'HTTPS', isHttps),
    // Absent is HTTP, whatever the group itself speaks.
    expectValue('HealthCheckProtocol', healthCheckProtocol, 'HTTPS', isHttps),
    // What is registered by hand is no task, and gets a share of the requests.
    expectAbsent('Targets', targets, (count) => count === 0, 'none: ECS registers the tasks'),
  ];
}
