import type { Facts, StackFact } from '../../facts/facts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { homeRegionOf } from '../deployment.ts';
import { leavesRegionOpen, otherRegions } from '../regions.ts';
import { written, type Written } from '../written.ts';

export const singleRegion = control<Written>({
  id: 'single-region',
  claims: ['HM-REG-1'],
  promise: 'Every stack belongs to one deployment and lands in its one region, and nothing declared names another region.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const stack = facts.stacks.find(({ id }) => id === subject.id);
    return [...(stack === undefined ? [] : stackChecks(stack, facts)), ...textChecks(subject, facts)];
  },
});

function stackChecks(stack: StackFact, facts: Facts): readonly Check[] {
  const { deployment, region } = stack;
  const home = homeRegionOf(stack, facts);
  const whole = JSON.stringify(deployment);
  const belongs = expectValue('Metadata.Halton.deployment', deployment, 'one and the same on every stack, in its own region', (value) =>
    value.region === home && facts.stacks.every((other) => JSON.stringify(other.deployment) === whole),
  );
  return [belongs, expectValue('region', region, home ?? 'the region of a known deployment', (value) => value === home)];
}

/** A pattern before its variables are put in; the text that comes of it is listed in its own right. */
const PATTERN = /\.Fn::Sub(?:\.0)?$/;

function textChecks(subject: Written, facts: Facts): readonly Check[] {
  const home = homeRegionOf(subject, facts);
  const expected = `no region but ${home ?? 'that of a known deployment'}`;
  const named = subject.texts.flatMap(({ path, text }): readonly Check[] => {
    const others = otherRegions(text, home);
    if (others.length > 0) return [{ property: path, expected, observed: others.join(', '), outcome: 'fail' }];
    return leavesRegionOpen(text) && !PATTERN.test(path) ? [{ property: path, expected, observed: 'an ARN whose region is left open', outcome: 'unresolved' }] : [];
  });
  return named.length > 0 ? named : [{ property: 'every string', expected, observed: 'none', outcome: 'pass' }];
}
