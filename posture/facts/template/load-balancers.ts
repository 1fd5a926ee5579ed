import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { ActionFact, ListenerFact, ListenerRuleFact, LoadBalancerFact, TargetGroupFact } from '../load-balancers.ts';
import { known } from '../value.ts';
import type { Value } from '../value.ts';
import { andThen, countOf, entryOf, listOf, rawText, textOf } from './read-node.ts';
import type { Reader } from './reader.ts';
import { LISTENER, referenceOf, SECURITY_GROUP, TARGET_GROUP } from './reference.ts';

const STRICT_TRANSPORT_SECURITY = 'routing.http.response.strict_transport_security.header_value';

/** Every load balancer of the current generation: application, network and gateway ones. */
export function loadBalancers(reader: Reader): readonly LoadBalancerFact[] {
  return reader.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ resource, get }) => ({
    ...resource,
    securityGroups: listOf(get('SecurityGroups'), (item) => referenceOf(item, SECURITY_GROUP, reader)),
  }));
}

/** Every listener of a load balancer. */
export function listeners(reader: Reader): readonly ListenerFact[] {
  return reader.ofType('AWS::ElasticLoadBalancingV2::Listener').map(({ resource, get }) => ({
    ...resource,
    protocol: textOf(get('Protocol')),
    tlsPolicy: textOf(get('SslPolicy')),
    certificates: listOf(get('Certificates'), (item) => rawText(pick(item, 'CertificateArn'))),
    strictTransportSecurity: entryOf(get('ListenerAttributes'), 'Key', STRICT_TRANSPORT_SECURITY),
    actions: actionsOf(get('DefaultActions'), reader),
  }));
}

/** Every rule that stands before a listener's default. */
export function listenerRules(reader: Reader): readonly ListenerRuleFact[] {
  return reader.ofType('AWS::ElasticLoadBalancingV2::ListenerRule').map(({ resource, get }) => ({
    ...resource,
    listener: referenceOf(get('ListenerArn'), LISTENER, reader),
    actions: actionsOf(get('Actions'), reader),
  }));
}

/** Every target group. */
export function targetGroups(reader: Reader): readonly TargetGroupFact[] {
  return reader.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').map(({ resource, get }) => ({
    ...resource,
    protocol: textOf(get('Protocol')),
    healthCheckProtocol: textOf(get('HealthCheckProtocol')),
    targets: countOf(get('Targets')),
  }));
}

function actionsOf(actions: Node, reader: Reader): Value<readonly ActionFact[]> {
  return listOf(actions, (action) =>
    known({
      type: textOf(pick(action, 'Type')),
      targetGroups: targetGroupsOf(action, reader),
      redirectProtocol: textOf(pick(action, 'RedirectConfig', 'Protocol')),
      redirectPort: textOf(pick(action, 'RedirectConfig', 'Port')),
      redirectStatus: textOf(pick(action, 'RedirectConfig', 'StatusCode')),
      redirectHost: textOf(pick(action, 'RedirectConfig', 'Host')),
    }),
  );
}

/** A forward names one group, or several with their weights, or the same one in both ways. */
function targetGroupsOf(action: Node, reader: Reader): Value<readonly string[]> {
  const single = referenceOf(pick(action, 'TargetGroupArn'), TARGET_GROUP, reader);
  const several = listOf(pick(action, 'ForwardConfig', 'TargetGroups'), (item) => referenceOf(pick(item, 'TargetGroupArn'), TARGET_GROUP, reader));
  if (single.is === 'absent') return several;
  const one = andThen(single, (id) => known([id]));
  return several.is === 'absent' ? one : andThen(one, (first) => andThen(several, (rest) => known([...new Set([...first, ...rest])])));
}

