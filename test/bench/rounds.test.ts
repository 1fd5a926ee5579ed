import { runLoad, runLoadUntil } from '../../bench/load.ts';
import { compare, median, quantile } from '../../bench/rounds.ts';

describe('a comparison', () => {
  it('measures both in turn, each as often as the other in front', async () => {
    const order: string[] = [];
    const measure = (name: string) => () => Promise.resolve(order.push(name));
    await compare(measure('measured'), measure('reference'), 3);
    expect(order).toEqual(['measured', 'reference', 'reference', 'measured', 'measured', 'reference']);
  });

  it('takes the median of what each round came to, so that a disturbed one does not count', async () => {
    const measured = [90, 10, 80, 70, 1000];
    const reference = [100, 100, 100, 100, 100];
    const next = (values: number[]) => () => Promise.resolve(values.shift() ?? 0);
    expect(await compare(next(measured), next(reference), 5)).toEqual({ measured: 80, reference: 100, ratio: 0.8 });
  });

  it('knows medians and quantiles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile(Array.from({ length: 100 }, (_, index) => 100 - index), 0.99)).toBe(100);
    expect(median([])).toBeNaN();
  });
});

describe('a load', () => {
  it('goes on until its time is over, so many at once', async () => {
    let [running, most] = [0, 0];
    const { rate, latencies } = await runLoad({ clients: 3, seconds: 0.1 }, async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => { setTimeout(resolve, 5); });
      running -= 1;
    });
    expect(most).toBe(3);
    expect(latencies.length).toBeGreaterThanOrEqual(3);
    expect(rate).toBeGreaterThan(0);
  });

  it('ends with what it accompanies', async () => {
    let left = 10;
    const { latencies } = await runLoadUntil(1, () => left === 0, () => Promise.resolve((left -= 1)));
    expect(latencies).toHaveLength(10);
  });
});
