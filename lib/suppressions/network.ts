import type { Deployment } from '../deployment/schema.ts';
import { aws, nist, type Suppression, suppress } from './suppression.ts';

export function networkSuppressions({ network, service }: Deployment): readonly Suppression[] {
  const zones = network.existing === undefined ? network.availabilityZones.map((_, index) => index + 1) : [];
  const publicZones = network.internet === 'nat' ? zones : [];
  const kinds = ['private', ...(network.internet === 'nat' ? ['public'] : []), 'isolated'];

  return [
    ...suppress(
      [aws('EC23')],
      service.loadBalancer === 'internet-facing' && service.clientCidrs === undefined ? ['network/SecurityGroups/LoadBalancer/Resource'] : [],
      '0005-network-and-ports',
      "The load balancer is the service's public entrance; only it is open, on 443 and, to be redirected, 80.",
    ),
    ...suppress(
      [nist('VPCNoUnrestrictedRouteToIGW')],
      publicZones.map((zone) => `network/Network/Vpc/publicSubnet${zone}/DefaultRoute`),
      '0005-network-and-ports',
      'A public subnet: it holds the load balancer and the NAT gateway, and nothing else.',
    ),
    ...suppress(
      ['CloudFormation-Validate::W3010'],
      zones.flatMap((zone) => kinds.map((kind) => `network/Network/Vpc/${kind}Subnet${zone}/Subnet`)),
      '0001-synthesis-needs-node-alone',
      'Zones are named in the deployment file, so that synthesis asks no account.',
    ),
  ];
}
