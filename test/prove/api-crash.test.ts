import { crashApi, resultOf, victims } from '../../prove/api-crash.ts';

const DURABLE = { fsync: 'on', synchronous_commit: 'on' };

describe('the API', () => {
  it('keeps what it has acknowledged, once, where it and its database are killed', async () => {
    const crashed = await crashApi(DURABLE, victims(2), () => undefined);
    expect(crashed).toEqual({ kills: 2, rows: expect.any(Number) as number, resent: expect.any(Number) as number, repeated: expect.any(Number) as number, trouble: [] });
    expect(crashed.rows).toBeGreaterThan(100);
    expect(crashed.resent).toBeGreaterThan(0);
  });
});

describe('the proof', () => {
  it('kills the one and the other in turn', () => {
    expect(victims(3)).toEqual(['api', 'postgres', 'api']);
  });

  it('has failed where anything is not as it was acknowledged', () => {
    const crashed = { kills: 2, rows: 40, resent: 1, repeated: 0, trouble: [] };
    expect(resultOf(crashed, 'a control')).toMatchObject({ outcome: 'proved', details: expect.stringMatching(/^2 kills, 40 rows acknowledged [^]*a control$/) as string });
    expect(resultOf({ ...crashed, trouble: ['a row is there 2 times'] }, 'a control')).toEqual({ outcome: 'failed', details: 'a row is there 2 times' });
  });
});
