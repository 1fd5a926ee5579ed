import { judge, opaque } from '../../prove/opaque-403.ts';
import { signedRank } from '../../prove/opaque/signed-rank.ts';
import { interleave } from '../../prove/opaque/timings.ts';

/** Numbers from 0 to 1 that are the same in each run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

const random = seeded(7);
/** Latencies as they are: most alike, a few far out, slower and faster by the hour. */
const latencies = (count: number, more = 0) => Array.from({ length: count }, (_, index) => 3 + Math.sin(index / 300) + random() + (random() < 0.02 ? 20 * random() : 0) + more);

describe("the signed-rank test", () => {
  it('comes to what other implementations come to', () => {
    // scipy.stats.wilcoxon(range(1, 21), method='approx', correction=False)
    expect(signedRank(Array.from({ length: 20 }, (_, index) => index + 1), Array.from({ length: 20 }, () => 0))).toEqual({ p: expect.closeTo(8.857e-5, 7) as number, share: 1 });
  });

  it('finds nothing where nothing is, whichever comes first, and shares the ranks of what is equal', () => {
    expect(signedRank([], [])).toEqual({ p: 1, share: 0.5 });
    expect(signedRank([1, 2, 3], [1, 2, 3])).toEqual({ p: 1, share: 0.5 });
    const [first, second] = [[1, 2, 2, 1, 5, 6], [2, 1, 1, 2, 6, 5]];
    expect(signedRank(first, second)).toEqual({ p: expect.closeTo(1, 6) as number, share: 0.5 });
  });

  it('is wrong about as seldom as it says', () => {
    const runs = Array.from({ length: 400 }, () => signedRank(latencies(100), latencies(100)).p);
    expect(runs.filter((p) => p < 0.05).length).toBeGreaterThan(5);
    expect(runs.filter((p) => p < 0.05).length).toBeLessThan(40);
  });
});

describe('timings', () => {
  it('are taken of each once a round, in an order of its own, after those that do not count', async () => {
    const order: string[] = [];
    const thing = (name: string, milliseconds: number) => () => Promise.resolve((order.push(name), milliseconds));
    expect(await interleave([thing('a', 1), thing('b', 2), thing('c', 3)], 4, 2, seeded(1))).toEqual([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]]);
    const rounds = Array.from({ length: 6 }, (_, round) => order.slice(round * 3, round * 3 + 3).join(''));
    expect(new Set(rounds.map((round) => round.split('').toSorted().join('')))).toEqual(new Set(['abc']));
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });
});

describe('the verdict', () => {
  const controls = () => ({ control: latencies(2_000), delayed: latencies(2_000, 1) });

  it('is that three cannot be told apart that are the same', () => {
    expect(judge([latencies(2_000), latencies(2_000), latencies(2_000)], controls())).toMatchObject({ outcome: 'proved', details: expect.stringMatching(/^a body against no body: p [^]*; a body against no request: p [^]*; no body against no request: p /) as string });
  });

  it.each([0, 1, 2])('is that they can where the one at %d takes a tenth of a millisecond more', (slow) => {
    expect(judge([0, 1, 2].map((index) => latencies(2_000, index === slow ? 0.1 : 0)), controls())).toMatchObject({ outcome: 'failed' });
  });

  it('is none where a whole millisecond more is not noticed', () => {
    const same = latencies(2_000);
    expect(judge([same, same, same], { control: latencies(2_000), delayed: latencies(2_000) })).toMatchObject({ outcome: 'failed', details: expect.stringMatching(/^1 ms more was not noticed/) as string });
  });
});

describe('the service', () => {
  it('answers the same 403 to all three, byte by byte, and is timed', async () => {
    const { details } = await opaque(3, 0, () => undefined);
    expect(details).not.toMatch(/: got [^]*, expected /); // what so few timings say of each other is chance
  });
});
