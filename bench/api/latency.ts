import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile, ROUNDS } from '../rounds.ts';
import type { Row } from '../row.ts';
import type { Ingest } from './ingest.ts';

/** Rows of a batch: what a daemon sends that was offline for a while. */
export const BATCH = 100;

const QUANTILES = [0.5, 0.95, 0.99];

/**
 * How long a batch takes over HTTP at half of the load that the service bears, against a plain insert at the same load.
 *
 * @param most batches a second
 */
export async function latencyRows(http: Ingest, plain: Ingest, most: number, seconds: number): Promise<readonly Row[]> {
  const rate = most / 2;
  const rounds: { readonly http: readonly number[]; readonly plain: readonly number[] }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ http: await latencies(http, rate, seconds), plain: await latencies(plain, rate, seconds) });
  return QUANTILES.map((share) => {
    const found = rounds.map((round) => ({ measured: quantile(round.http, share), reference: quantile(round.plain, share) }));
    return {
      name: `p${share * 100} of a batch of ${BATCH} at half of the load`, unit: 'ms', referenceIs: 'plain insert',
      measured: median(found.map(({ measured }) => measured)), reference: median(found.map(({ reference }) => reference)), ratio: median(found.map(({ measured, reference }) => measured / reference)),
    };
  });
}

/** Sends at a fixed rate, whether or not there are answers, and counts from when each should have been sent: a service that is stuck makes all of them late. */
async function latencies(ingest: Ingest, rate: number, seconds: number): Promise<readonly number[]> {
  const found: number[] = [];
  const sent: Promise<void>[] = [];
  const begun = performance.now();
  for (let index = 0; index < rate * seconds; index += 1) {
    const due = begun + (index / rate) * 1000;
    if (due > performance.now()) await sleep(due - performance.now());
    sent.push(ingest(BATCH).then(() => void found.push(performance.now() - due)));
  }
  await Promise.all(sent);
  return found;
}
