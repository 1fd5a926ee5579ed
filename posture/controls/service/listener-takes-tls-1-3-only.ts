import type { Facts, ListenerFact, Resource, StackFact } from '../../facts/facts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { otherEntranceCheck, otherEntrances, takesHttps, takesPlainHttp } from '../entrances.ts';

/**
 * The policies of Elastic Load Balancing whose one protocol is TLS 1.3: plain, post-quantum, FIPS, both, and RFC 9151.
 * Source: "Security policies for your Application Load Balancer", where `TLS13` in a name says nothing of what else is
 * taken; only the number behind it does.
 */
export const TLS_1_3_POLICIES: readonly string[] = [
  'ELBSecurityPolicy-TLS13-1-3-2021-06',
  'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',
  'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04',
  'ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09',
  'ELBSecurityPolicy-TLS13-1-3-RFC9151-FIPS-2023-07',
];

export const listenerTakesTls13Only = control<StackFact | ListenerFact | Resource>({
  id: 'listener-takes-tls-1-3-only',
  claims: ['HM-TLS-1'],
  promise: 'Every HTTPS listener takes TLS 1.3 and nothing older, with a certificate, and nothing but a listener takes requests.',
  minimum: 1,
  population: (facts) => [...answeringStack(facts), ...facts.listeners, ...otherEntrances(facts)],
  check: (subject, facts) => {
    if ('deployment' in subject) return [httpsCheck(facts)];
    return 'tlsPolicy' in subject ? listenerChecks(subject) : [otherEntranceCheck(subject)];
  },
});

const httpsCheck = ({ listeners }: Facts): Check => expectSome('HTTPS listeners', listeners.filter(takesHttps).length);

function listenerChecks(listener: ListenerFact): readonly Check[] {
  // A listener of a network load balancer hands on what it cannot read, TLS of any version included.
  const protocol = expectValue('Protocol', listener.protocol, 'HTTPS, or HTTP to be redirected', (value) => value === 'HTTPS' || value === 'HTTP');
  if (takesPlainHttp(listener)) return [protocol];
  return [
    protocol,
    // Absent is CloudFormation's default, which goes back to TLS 1.0.
    expectValue('SslPolicy', listener.tlsPolicy, TLS_1_3_POLICIES.join(', '), (policy) => TLS_1_3_POLICIES.includes(policy)),
    expectValue('Certificates', listener.certificates, 'at least one', (arns) => arns.length > 0 && arns.every((arn) => arn !== '')),
  ];
}
