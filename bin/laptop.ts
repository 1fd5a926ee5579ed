import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newPasswords } from '../db/embedded/passwords.ts';
import { LOGINS } from '../db/roles.ts';

const root = join(import.meta.dirname, '..');

/** Whatever this command makes in its folder. */
const OURS = new Set(['data', 'lock', 'secrets.json', 'secrets.json.new']);

const demoSchema = z.object({ ownerId: z.string(), workspaceId: z.string(), apiKey: z.string() });
/** The workspace that is there to be tried, and what opens it. */
export type Demo = z.infer<typeof demoSchema>;

const secretsSchema = z.object({
  superuser: z.string(),
  /** Of the login that migrates; absent until the database is there. */
  master: z.string().optional(),
  passwords: z.record(z.enum(LOGINS), z.string()),
  fernetKeys: z.string(),
  webhookSecret: z.string(),
  demo: demoSchema.optional(),
});
/** What a laptop keeps for itself, in the clear, in a file that nobody else reads. */
export type LaptopSecrets = z.infer<typeof secretsSchema>;

/** Where `npm start` keeps its data: in the repository, or for root where the user that Postgres runs as can enter. */
export function dataFolder(): string {
  if (process.getuid?.() !== 0) return join(root, '.halton');
  return join('/var/tmp', `halton-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);
}

/**
 * Takes a folder for this process until it ends.
 *
 * @throws Error where another one has it, or where somebody else's files are in it
 */
export function takeLaptop(folder: string): void {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const foreign = found.filter((name) => !OURS.has(name));
  if (foreign.length > 0 || (found.includes('data') && !found.includes('secrets.json'))) {
    throw new Error(`Got ${folder} with files that are not this command's (${(foreign[0] ?? 'data')}), expected an empty folder or one that it made. Name another with --data.`);
  }
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711); // as root, Postgres runs as somebody else, who has to get through and see nothing
  }
  const lock = join(folder, 'lock');
  if (existsSync(lock) && isAlive(Number(readFileSync(lock, 'utf8')))) {
    throw new Error(`Got ${folder} in use, expected it to be free: another one runs on its data. End that one, or name another folder with --data.`);
  }
  rmSync(lock, { force: true }); // of one that was killed
  writeFileSync(lock, String(process.pid), { flag: 'wx' });
  process.once('exit', () => rmSync(lock, { force: true }));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // somebody else's
  }
}

/** What an earlier start has kept in a folder that this process has taken, or what a first one begins with. */
export function readLaptop(folder: string): LaptopSecrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return writeLaptop(folder, {
    superuser: randomBytes(16).toString('hex'),
    passwords: newPasswords(),
    fernetKeys: `${randomBytes(32).toString('base64url')}=`,
    webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
  });
}

/** Keeps it, whole or not at all. */
export function writeLaptop(folder: string, secrets: LaptopSecrets): LaptopSecrets {
  const file = join(folder, 'secrets.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** Removes whatever was kept in a folder that this process has taken. */
export function resetLaptop(folder: string): void {
  // The secrets last: files without them are taken for somebody else's.
  for (const name of ['data', 'secrets.json.new', 'secrets.json']) rmSync(join(folder, name), { recursive: true, force: true });
}
