/** `lock-holder.ts DIRECTORY FILE MILLISECONDS` writes into a file that it begins and that it ends, while it holds a directory's lock. */
import { appendFileSync } from 'node:fs';
import { withLock } from '../../../bin/lock.ts';

const [directory = '', file = '', milliseconds = '0'] = process.argv.slice(2);
withLock(directory, () => {
  appendFileSync(file, `begin ${process.pid}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
  appendFileSync(file, `end ${process.pid}\n`);
});
