import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newPasswords } from '../db/embedded/passwords.ts';
import { LOGINS } from '../db/roles.ts';

const root = join(import.meta.dirname, '..');

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

/** What an earlier start has kept in a folder, or what a first one begins with. */
export function readLaptop(folder: string): LaptopSecrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  // Files without their passwords are of no use to anybody.
  resetLaptop(folder);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o711); // as root, Postgres runs as somebody else, who has to get through and see nothing
  }
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

/** Removes whatever was kept: the two names that `npm start` makes, and nothing else that somebody has in the folder. */
export function resetLaptop(folder: string): void {
  for (const name of ['data', 'secrets.json']) rmSync(join(folder, name), { recursive: true, force: true });
}
