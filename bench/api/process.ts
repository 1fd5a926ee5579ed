import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiProcess } from '../../test/support/api-process.ts';
import { compare } from '../rounds.ts';
import type { Row } from '../row.ts';
import { memoryOf } from './memory.ts';

/** Milliseconds after which a process that has started does nothing more. */
const AT_REST = 2_000;
/** Megabytes that it may take while it exports however much. */
const MOST_MEMORY = 250;

/** How long it takes from nothing to ready, against Node alone. */
export async function startRow(api: ApiProcess): Promise<Row> {
  const compared = await compare(async () => {
    await api.kill();
    return api.start();
  }, async () => {
    const begun = performance.now();
    await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'exit');
    return performance.now() - begun;
  });
  return { name: 'start to ready', unit: 'ms', referenceIs: 'Node alone', ...compared };
}

/** What a process that has just started takes, against Node alone; none where the system does not tell. */
export async function restRows(api: ApiProcess): Promise<readonly Row[]> {
  const node = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  try {
    await sleep(AT_REST);
    const [measured, reference] = [memoryOf(api.pid)?.now, memoryOf(node.pid)?.now];
    return measured === undefined || reference === undefined ? [] : [{ name: 'memory at rest', unit: 'MB', referenceIs: 'Node alone', measured, reference, ratio: measured / reference }];
  } finally {
    node.kill();
  }
}

/** What a process took at most since it started, against what it may. */
export function peakRows({ pid }: ApiProcess): readonly Row[] {
  const measured = memoryOf(pid)?.most;
  return measured === undefined ? [] : [{ name: 'memory during the exports', unit: 'MB', referenceIs: 'what it may take', target: { atMost: 1 }, measured, reference: MOST_MEMORY, ratio: measured / MOST_MEMORY }];
}
