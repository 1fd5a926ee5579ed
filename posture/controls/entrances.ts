import type { Facts, ListenerFact, Resource } from '../facts/facts.ts';
import type { Check } from './control.ts';

/** Services, and types of services, that take requests from a network by themselves, past the load balancer's listeners. */
const OTHER_ENTRANCE =
  /^AWS::(?:(?:Amplify|AmplifyUIBuilder|ApiGateway|ApiGatewayV2|AppRunner|AppSync|CloudFront|ElasticBeanstalk|ElasticLoadBalancing|GlobalAccelerator|Lightsail|Transfer|VpcLattice)::|Lambda::Url$|ECS::(?:ExpressGatewayService|Gateway|GatewayClusterAssociations)$|EC2::VPCEndpointService$)/;

/** The resources that take requests in another way than by a listener, which no control of listeners can speak for. */
export const otherEntrances = ({ resources }: Facts): readonly Resource[] => resources.filter(({ type }) => OTHER_ENTRANCE.test(type));

/** Finds against another entrance that it is there. */
export function otherEntranceCheck({ type }: Resource): Check {
  return { property: 'Type', expected: 'no entrance but the listeners of an application load balancer', observed: type, outcome: 'fail' };
}

/** The listeners that take plain HTTP, as far as the templates tell. */
export const takesPlainHttp = ({ protocol }: ListenerFact): boolean => protocol.is === 'known' && protocol.value === 'HTTP';

/** The listeners that take TLS and understand what is inside it. */
export const takesHttps = ({ protocol }: ListenerFact): boolean => protocol.is === 'known' && protocol.value === 'HTTPS';
