import { buildApp } from '../../api/src/app.ts';
import { firstReady } from '../../api/src/first-ready.ts';
import type { Readiness } from '../../api/src/readiness.ts';
import { withoutDatabase } from '../support/app-deps.ts';

const unavailable: Readiness = { ready: false, code: 'DATABASE_UNAVAILABLE', cause: new Error('no answer within 2000 ms') };
const tooOld: Readiness = { ready: false, code: 'SCHEMA_TOO_OLD' };

/** Waits for a service that is ready after these verdicts. @returns what was logged, and how long it paused, in milliseconds */
async function waitedFor(...verdicts: readonly Readiness[]) {
  const left = [...verdicts];
  const lines: string[] = [];
  const pauses: number[] = [];
  const readiness = { check: async (): Promise<Readiness> => left.shift() ?? { ready: true }, drain: () => undefined };
  const app = await buildApp({ ...withoutDatabase(), readiness, log: { level: 'info', stream: { write: (line) => void lines.push(line) } } });
  await firstReady({ app, readiness }, async (milliseconds) => void pauses.push(milliseconds));
  await app.close();
  return { logged: lines.map((line) => JSON.parse(line) as Record<string, unknown>), pauses };
}

describe('waiting for the first time that the service is ready', () => {
  it('is over at once where it is', async () => {
    expect(await waitedFor()).toEqual({ logged: [], pauses: [] });
  });

  it('asks every second', async () => {
    expect((await waitedFor(unavailable, unavailable, tooOld)).pauses).toEqual([1_000, 1_000, 1_000]);
  });

  it('says why once, and again when the reason changes', async () => {
    const { logged } = await waitedFor(unavailable, unavailable, tooOld, tooOld, unavailable);
    expect(logged.map(({ level, code, msg }) => ({ level, code, msg }))).toEqual(
      ['DATABASE_UNAVAILABLE', 'SCHEMA_TOO_OLD', 'DATABASE_UNAVAILABLE'].map((code) => ({ level: 'warn', code, msg: 'not ready, so not listening yet' })),
    );
    expect(logged[0]).toMatchObject({ err: { message: 'no answer within 2000 ms' } });
  });
});
