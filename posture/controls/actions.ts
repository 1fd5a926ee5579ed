import type { ActionFact, Facts } from '../facts/facts.ts';
import type { Value } from '../facts/value.ts';
import { type Check, expectAbsent, expectValue, inside } from './control.ts';

/**
 * Checks what a listener or rule does with requests.
 *
 * @param encrypted whether they came over TLS; if not, a redirect to HTTPS is all that may happen to them
 */
export function actionChecks(property: string, actions: Value<readonly ActionFact[]>, encrypted: boolean, facts: Facts): readonly Check[] {
  const listed = expectValue(property, count(actions), 'at least one action', (number) => number > 0);
  if (actions.is !== 'known') return [listed];
  return [listed, ...actions.value.flatMap((action, index) => (encrypted ? encryptedChecks : plainChecks)(`${property}.${index}`, action, facts))];
}

function count(actions: Value<readonly unknown[]>): Value<number> {
  return actions.is === 'known' ? { is: 'known', value: actions.value.length } : actions;
}

function plainChecks(place: string, { type, targetGroups, redirectProtocol, redirectPort, redirectStatus, redirectHost }: ActionFact): readonly Check[] {
  return [
    expectValue(`${place}.Type`, type, 'redirect', (value) => value === 'redirect'),
    expectAbsent(`${place}.TargetGroupArn`, targetGroups),
    // Absent means that protocol and port stay as they were.
    expectValue(`${place}.RedirectConfig.Protocol`, redirectProtocol, 'HTTPS', (value) => value === 'HTTPS'),
    expectValue(`${place}.RedirectConfig.Port`, redirectPort, '443', (value) => value === '443'),
    expectValue(`${place}.RedirectConfig.StatusCode`, redirectStatus, 'HTTP_301', (value) => value === 'HTTP_301'),
    expectAbsent(`${place}.RedirectConfig.Host`, redirectHost, (value) => value === '#{host}', 'absent or #{host}'),
  ];
}

function encryptedChecks(place: string, { type, targetGroups, redirectProtocol }: ActionFact, facts: Facts): readonly Check[] {
  const forwards = type.is === 'known' && type.value === 'forward';
  return [
    expectValue(`${place}.Type`, type, 'an action', (value) => value !== ''),
    forwards
      ? inside(expectValue(`${place}.TargetGroupArn`, targetGroups, 'target groups of the assembly', (ids) => ids.length > 0 && areDeclared(ids, facts)))
      : expectAbsent(`${place}.TargetGroupArn`, targetGroups),
    expectAbsent(`${place}.RedirectConfig.Protocol`, redirectProtocol, (value) => value === 'HTTPS' || value === '#{protocol}', 'absent or HTTPS'),
  ];
}

/** Whether target groups are the assembly's own, and so judged for themselves. */
export const areDeclared = (ids: readonly string[], { targetGroups }: Facts): boolean => ids.every((id) => targetGroups.some((group) => group.id === id));
