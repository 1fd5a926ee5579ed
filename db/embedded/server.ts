import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A Postgres of one's own on a port of 127.0.0.1, and its superuser. One that is killed starts again there. */
export interface EmbeddedPostgres {
  readonly port: number;
  readonly user: 'postgres';
  readonly password: string;
  /** Ends it, and removes its files unless they are kept; the end of this process does so too. */
  stop(): Promise<void>;
}

/** What a Postgres is started from. */
export interface EmbeddedOptions {
  /** Folder of another Postgres, whose `bin` has its programs. @default the package's */
  readonly programs?: string;
  /** Where its files are kept, and the superuser's password there. @default they are not */
  readonly kept?: { readonly folder: string; readonly password: string };
}

/**
 * Starts a Postgres for a laptop and for tests: an empty one that ends with its files, unless they are to be kept.
 *
 * @param settings of Postgres, beside those that make it quick and forgetful @default none
 * @throws Error with what Postgres said
 */
export async function startEmbeddedPostgres(settings: Readonly<Record<string, string>> = {}, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), JSON.stringify({ settings, ...options })], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own, which ctrl-C does not reach: the service stops first, and what it needs after it.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => void keeper.once('exit', () => resolve()));
  const { port, password } = await answer(keeper);
  return {
    port,
    user: 'postgres',
    password,
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}

type Keeper = ChildProcessByStdio<Writable, Readable, null>;
interface Answer { readonly port: number; readonly password: string }

async function answer(keeper: Keeper): Promise<Answer> {
  const line = await new Promise<string>((resolve, reject) => {
    keeper.once('error', reject);
    keeper.once('exit', () => reject(new Error('Postgres did not start, and its keeper said nothing.')));
    createInterface(keeper.stdout).once('line', resolve);
  });
  const said: Answer | { readonly failed: string } = JSON.parse(line);
  if ('failed' in said) throw new Error(said.failed);
  return said;
}
