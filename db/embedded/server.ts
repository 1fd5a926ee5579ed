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
  /** Ends it and removes its files; the end of this process does so too. */
  stop(): Promise<void>;
}

/**
 * Starts an empty Postgres in a folder of its own, for a laptop and for tests.
 *
 * @param settings of Postgres, beside those that make it quick and forgetful @default none
 * @param folder of another Postgres, whose `bin` has its programs @default the package's
 * @throws Error with what Postgres said
 */
export async function startEmbeddedPostgres(settings: Readonly<Record<string, string>> = {}, folder?: string): Promise<EmbeddedPostgres> {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), JSON.stringify(settings), ...(folder === undefined ? [] : [folder])], {
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
