import { measureApi } from '../../bench/api/index.ts';

describe('the bench of the API', () => {
  it('measures each promise beside what it is compared with', async () => {
    const told: string[] = [];
    const { postgres, rows } = await measureApi({ senders: 2, rows: 2_000, seconds: 0.1 }, (line) => told.push(line));
    expect(postgres).toMatch(/^\d+\.\d+/);
    const onLinux = process.platform === 'linux';
    expect(rows.map(({ name, unit, target }) => [name, unit, target])).toEqual([
      ['batch of 1 over HTTP', 'rows/s', { atLeast: 0.15 }],
      ['batch of 100 over HTTP', 'rows/s', { atLeast: 0.35 }],
      ['batch of 500 over HTTP', 'rows/s', { atLeast: 0.5 }],
      ['p50 of a batch of 100 at half of the load', 'ms', undefined],
      ['p95 of a batch of 100 at half of the load', 'ms', undefined],
      ['p99 of a batch of 100 at half of the load', 'ms', undefined],
      ['start to ready', 'ms', undefined],
      ...(onLinux ? [['memory at rest', 'MB', undefined]] : []),
      ['export of 2,000 rows', 'rows/s', undefined],
      ...(onLinux ? [['memory during the exports', 'MB', { atMost: 1 }]] : []),
      ['spend rollup of a year', 'ms', undefined],
      ['PDF of a year', 'ms', undefined],
    ]);
    for (const { measured, reference, ratio } of rows) for (const value of [measured, reference, ratio]) expect(value).toBeGreaterThan(0);
    expect(told).toContain('Making a workspace of 2,000 rows');
  });
});
