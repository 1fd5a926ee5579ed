import type { Proof, ProofResult } from '../../prove/proof.ts';
import { PROOFS } from '../../prove/proofs.ts';
import { exitCodeOf, runProofs, summary } from '../../prove/run.ts';

const ending = (name: string, outcome: ProofResult['outcome']): Proof => ({ name, proves: `${name} holds`, run: () => Promise.resolve({ outcome, details: 'so it is' }) });
const throwing: Proof = { name: 'throwing', proves: 'nothing', run: () => Promise.reject(new Error('the server went away')) };
const ran = (...proofs: readonly Proof[]) => runProofs(proofs, () => undefined, () => undefined);

describe('the proofs', () => {
  it('run one after the other, and are told of as they begin and end', async () => {
    const told: string[] = [];
    const slow: Proof = { name: 'slow', proves: 'patience', run: async (log) => (log('half'), { outcome: 'proved', details: '' }) };
    await runProofs([slow, ending('quick', 'failed')], (line) => told.push(line), ({ name, outcome }) => told.push(`${name} ${outcome}`));
    expect(told).toEqual(['slow: patience', '  half', 'slow proved', 'quick: quick holds', 'quick failed']);
  });

  it('report what they prove, how they ended and how long it took', async () => {
    expect(await ran(ending('one', 'proved'))).toEqual([{ name: 'one', proves: 'one holds', outcome: 'proved', details: 'so it is', seconds: expect.any(Number) as number }]);
  });

  it('have failed where they throw, and the next one runs all the same', async () => {
    expect(await ran(throwing, ending('next', 'proved'))).toMatchObject([{ outcome: 'failed', details: expect.stringContaining('the server went away') as string }, { outcome: 'proved' }]);
  });

  it('are listed under names of their own', () => {
    const names = PROOFS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['isolation', 'writers', 'crash']));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });
});

describe('the exit code', () => {
  it('is 0 where nothing failed, though something was not run', async () => {
    expect(exitCodeOf(await ran(ending('a', 'proved'), ending('b', 'not run')), false)).toBe(0);
  });

  it('is 3 where what was asked for by its name was not run', async () => {
    expect(exitCodeOf(await ran(ending('a', 'proved'), ending('b', 'not run')), true)).toBe(3);
    expect(exitCodeOf(await ran(ending('a', 'proved')), true)).toBe(0);
  });

  it('is 1 where anything failed', async () => {
    const reports = await ran(ending('a', 'proved'), ending('b', 'not run'), throwing);
    expect(exitCodeOf(reports, false)).toBe(1);
    expect(exitCodeOf(reports, true)).toBe(1);
  });
});

describe('the last line', () => {
  it('counts what was not run apart from what was proved, and names it', async () => {
    expect(summary(await ran(ending('a', 'proved'), ending('b', 'not run'), ending('c', 'not run'), throwing))).toBe('1 proved, 1 failed, 2 not run (b, c: nothing is known of these)');
    expect(summary(await ran(ending('a', 'proved')))).toBe('1 proved, 0 failed, 0 not run');
  });
});
