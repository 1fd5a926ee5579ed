import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../bin/lock.ts';
import { temporaryFolder } from '../support/temporary.ts';

let folder = '';
let directory = '';
beforeEach(() => {
  folder = temporaryFolder('lock');
  directory = join(folder, 'cdk.out');
});

const held = () => existsSync(`${directory}.lock`);
const id = '01234567-89ab-cdef-0123-456789abcdef';

/** The number of a process that has ended. */
const ended = () => spawnSync(process.execPath, ['--version']).pid;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function holder(milliseconds: number): ChildProcess {
  const child = spawn(process.execPath, ['test/support/apps/lock-holder.ts', directory, join(folder, 'log'), String(milliseconds)], { stdio: 'ignore' });
  children.push(child);
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => void setTimeout(resolve, 20));
}

test('the lock stands while something is done, and is gone afterwards, also where that fails', () => {
  expect(withLock(directory, held)).toBe(true);
  expect(held()).toBe(false);
  expect(() => withLock(directory, () => { throw new Error('broken'); })).toThrow('broken');
  expect(readdirSync(folder)).toEqual([]);
});

test('of eight processes that begin at once over a lock that was left behind, each is alone while it works', async () => {
  writeFileSync(`${directory}.lock`, `${ended()} ${id}\n`);
  const codes = await Promise.all(Array.from({ length: 8 }, async () => (await once(holder(20), 'exit'))[0] as number));
  expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
  const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(16);
  for (let index = 0; index < lines.length; index += 2) expect(lines[index + 1]).toBe(lines[index]?.replace('begin', 'end'));
  expect(readdirSync(folder)).toEqual(['log']);
});

test('whoever waits is told once for whom, and goes on when that one is done', async () => {
  const child = holder(800);
  await until(() => existsSync(join(folder, 'log')));
  const told: string[] = [];
  withLock(directory, () => expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('end'), { tell: (sentence) => told.push(sentence) });
  expect(told).toEqual([`cdk.out is being written by process ${child.pid}: waiting for it, at most 300 s …`]);
});

test('whoever has waited long enough is refused, with the process and what to do, and the lock stays', async () => {
  const child = holder(60_000);
  await until(() => existsSync(join(folder, 'log')));
  const refusal = expect.objectContaining({
    code: 'LOCKED',
    message: `cdk.out: got it locked by process ${child.pid} for 0.2 s, expected that one to be done by then; let it end or stop it, or remove cdk.out.lock if it is no synthesis.`,
  }) as Error;
  expect(() => withLock(directory, () => undefined, { patienceMs: 200 })).toThrow(refusal);
  expect(held()).toBe(true);

  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  expect(withLock(directory, () => 'taken over', { patienceMs: 5_000 })).toBe('taken over');
});

test.each([
  ['of a process that has ended', () => `${ended()} ${id}\n`],
  ['of an earlier process with the number of this one', () => `${process.pid} ${id}\n`],
])('a lock %s is taken over', (_, text) => {
  writeFileSync(`${directory}.lock`, text());
  expect(withLock(directory, () => 'mine', { patienceMs: 5_000 })).toBe('mine');
  expect(readdirSync(folder)).toEqual([]);
});

test('a file that names no process is left where it is', () => {
  writeFileSync(`${directory}.lock`, 'kept by hand');
  expect(() => withLock(directory, () => undefined, { patienceMs: 200 })).toThrow(/locked by process \(unknown\) for 0\.2 s.*remove cdk\.out\.lock/);
  expect(readFileSync(`${directory}.lock`, 'utf8')).toBe('kept by hand');
});
