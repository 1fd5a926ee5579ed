import { BlockList } from 'node:net';

/** Tells whether X-Forwarded-For is believed of the one who wrote its last entry. */
export type TrustProxy = (address: string, hop: number) => boolean;

/**
 * Believes the load balancer about its client, and nobody about anybody further away: what stands left of the last entry is
 * whatever the client itself put there.
 *
 * @param range where the load balancer stands, as `10.40.0.0/16`; undefined where there is none, and nobody is believed
 */
export function trustLoadBalancer(range: string | undefined): TrustProxy {
  if (range === undefined) return () => false;
  const [network = '', prefix] = range.split('/');
  const trusted = new BlockList();
  trusted.addSubnet(network, Number(prefix), 'ipv4');
  // A server that listens on :: sees IPv4 addresses as IPv6 writes them.
  return (address, hop) => hop === 0 && trusted.check(address.replace(/^::ffff:/i, ''), 'ipv4');
}
