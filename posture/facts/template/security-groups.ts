import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { IngressFact, SecurityGroupFact } from '../facts.ts';
import { absent, known, outside, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { integerOf, itemsOf, tagOf, textOf, andThen } from './read-node.ts';
import type { Reader } from './reader.ts';
import { referenceOf, SECURITY_GROUP } from './reference.ts';

/**
 * Every security group with all that lets traffic into it.
 *
 * A separate ingress resource whose group the templates do not settle could be meant for any group, one named by a
 * literal id for a group that the assembly made in an earlier deployment. So it stands as a rule of every group, with
 * nothing known about it, rather than of none.
 */
export function securityGroups(reader: Reader): readonly SecurityGroupFact[] {
  const separate = reader.ofType('AWS::EC2::SecurityGroupIngress').map(({ resource, get }) => ({
    group: get('GroupId').is === 'absent' ? unresolved('an ingress without GroupId') : referenceOf(get('GroupId'), SECURITY_GROUP, reader),
    rules: rulesOf(resource.id, get(), reader),
    id: resource.id,
  }));
  return reader.ofType('AWS::EC2::SecurityGroup').map(({ resource, get }) => {
    const inline = itemsOf(get('SecurityGroupIngress'));
    return {
      ...resource,
      role: tagOf(get('Tags'), 'halton:role'),
      ingress: [
        ...inline.items.flatMap((item) => rulesOf(resource.id, item, reader)),
        ...(inline.open === undefined ? [] : [openRule(resource.id, unresolved(inline.open))]),
        ...separate.flatMap(({ id, group, rules }) => {
          if (group.is === 'known') return group.value === resource.id ? rules : [];
          return [openRule(id, group.is === 'outside' ? outside(group.why) : group)];
        }),
      ],
    };
  });
}

/** One fact for each source that a rule lets in. */
function rulesOf(id: string, rule: Node, reader: Reader): readonly IngressFact[] {
  if (rule.is !== 'map') return [openRule(id, unresolved(rule.is === 'unresolved' ? rule.why : 'an ingress that is not an object'))];
  const get = (key: string): Node => pick(rule, key);
  const base = {
    id,
    protocol: andThen(textOf(get('IpProtocol')), (protocol) => known(PROTOCOLS[protocol] ?? protocol.toLowerCase())),
    fromPort: integerOf(get('FromPort')),
    toPort: integerOf(get('ToPort')),
  };
  const byName = textOf(get('SourceSecurityGroupName'));
  const groups = [
    referenceOf(get('SourceSecurityGroupId'), SECURITY_GROUP, reader),
    // Names are for the default VPC, which no group of the assembly is in.
    byName.is === 'known' ? outside(`the security group called ${byName.value}`) : byName,
  ].filter((group) => group.is !== 'absent');
  const ranges = ['CidrIp', 'CidrIpv6', 'SourcePrefixListId'].map((key) => textOf(get(key))).filter((range) => range.is !== 'absent');
  const facts = [
    ...groups.map((sourceGroup) => ({ ...base, sourceGroup, sourceRange: absent })),
    ...ranges.map((sourceRange) => ({ ...base, sourceGroup: absent, sourceRange })),
  ];
  const nobody = unresolved('an ingress without a source');
  return facts.length > 0 ? facts : [{ ...base, sourceGroup: nobody, sourceRange: nobody }];
}

/** Numbers that stand for a protocol's name. */
const PROTOCOLS: Readonly<Record<string, string>> = Object.assign(Object.create(null), { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' });

function openRule(id: string, part: Value<never>): IngressFact {
  return { id, protocol: part, fromPort: part, toPort: part, sourceGroup: part, sourceRange: part };
}
