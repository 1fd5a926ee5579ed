import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isNativeError } from 'node:util/types';

/** Many times what a synthesis takes, so that only one that hangs is not waited for. */
const PATIENCE_MS = 300_000;

/** Milliseconds between two looks at the lock: far less than whoever waits would notice. */
const PAUSE_MS = 100;

/** What stands in a lock: its process, and what tells it from every other lock. */
const TEXT = /^(?<pid>\d+) (?<id>[0-9a-f-]{36})\n$/;

/** Thrown where another process keeps a directory to itself for longer than this one waits. */
export class LockedError extends Error {
  readonly code = 'LOCKED';
}

/** How to wait for another process. */
export interface Waiting {
  /** @default 300000 */
  readonly patienceMs?: number;
  /** Is told, once, whom this process waits for. @default - nobody */
  readonly tell?: (sentence: string) => void;
}

/**
 * Does something while no other process that asks for the same lock does.
 *
 * The lock is a file beside the directory, which names its process. One whose process has ended is taken over.
 *
 * @throws LockedError
 */
export function withLock<T>(directory: string, work: () => T, { patienceMs = PATIENCE_MS, tell }: Waiting = {}): T {
  const lock = `${directory}.lock`;
  const own = `${process.pid} ${randomUUID()}\n`;
  const until = Date.now() + patienceMs;
  for (let told = false; !create(lock, own); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)) {
    const other = read(lock);
    const left = other !== undefined && isLeftBehind(other);
    if (left) remove(lock, other);
    const holder = `process ${TEXT.exec(other ?? '')?.groups?.['pid'] ?? '(unknown)'}`;
    if (Date.now() >= until) {
      throw new LockedError(
        `${basename(directory)}: got it locked by ${holder} for ${patienceMs / 1000} s, expected that one to be done by then; ` +
          `let it end or stop it, or remove ${basename(lock)} if it is no synthesis.`,
      );
    }
    if (told || left || other === undefined) continue;
    tell?.(`${basename(directory)} is being written by ${holder}: waiting for it, at most ${patienceMs / 1000} s …`);
    told = true;
  }
  try {
    return work();
  } finally {
    remove(lock, own);
  }
}

/** Removes the lock if it is still this one: of several processes that find one left behind, none removes its successor. */
function remove(lock: string, text: string): void {
  const claim = `${lock}.${TEXT.exec(text)?.groups?.['id']}`;
  if (!create(claim, '')) return;
  try {
    if (read(lock) === text) unlinkSync(lock);
  } finally {
    unlinkSync(claim);
  }
}

/** Whether the process that a lock names has ended. */
function isLeftBehind(text: string): boolean {
  const pid = Number(TEXT.exec(text)?.groups?.['pid']);
  if (!Number.isSafeInteger(pid)) return false;
  // This process has none yet, so its number was an earlier one's, as it often is in a container.
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0); // asks, and signals nothing
    return false;
  } catch (error) {
    return isCoded(error, 'ESRCH');
  }
}

function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCoded(error, 'EEXIST')) return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCoded(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCoded(error: unknown, code: string): boolean {
  return isNativeError(error) && 'code' in error && error.code === code;
}
