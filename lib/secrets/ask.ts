import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Readable } from 'node:stream';

/** Reads everything that is piped in, as UTF-8. */
export async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Asks on a terminal without showing what is typed.
 *
 * @returns the answer, or undefined if it was broken off
 */
export function askHidden(question: string, input: Readable, output: Writable): Promise<string | undefined> {
  output.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // `terminal` puts the terminal into raw mode, in which it echoes nothing itself; readline's own echo goes nowhere.
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  return new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => resolve(undefined));
  }).finally(() => {
    lines.close();
    output.write('\n');
  });
}
