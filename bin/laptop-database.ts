import { openPool } from '../api/src/database.ts';
import type { ServiceOptions } from '../api/src/service.ts';
import { parseFernetKeys } from '../api/src/sealing/keys.ts';
import { newMasterLogin } from '../db/embedded/master.ts';
import { startEmbeddedPostgres } from '../db/embedded/server.ts';
import type { EmbeddedPostgres } from '../db/embedded/server.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { readRelease } from '../db/release.ts';
import type { LoginName } from '../db/roles.ts';
import { readLaptop, resetLaptop, writeLaptop } from './laptop.ts';
import type { Demo } from './laptop.ts';

const DATABASE = 'halton';

/** A database that is kept in a folder, and what the service needs to run on it. */
export interface Laptop {
  readonly postgres: EmbeddedPostgres;
  readonly deps: Omit<ServiceOptions, 'identity' | 'log'>;
  readonly demo: Demo | undefined;
  keepDemo(demo: Demo): Demo;
}

/** Starts the Postgres of a folder and brings it up to this release; one that is half made is made anew. */
export async function openLaptop(folder: string): Promise<Laptop> {
  let secrets = readLaptop(folder);
  if (secrets.master === undefined) {
    resetLaptop(folder);
    secrets = readLaptop(folder);
  }
  tell('Starting Postgres');
  const postgres = await startEmbeddedPostgres({}, { kept: { folder, password: secrets.superuser } });
  const address = { host: '127.0.0.1', port: postgres.port, database: DATABASE, ssl: false };
  tell('Migrating');
  const release = readRelease();
  const master = secrets.master === undefined ? await newMasterLogin({ ...postgres, password: secrets.superuser }, DATABASE) : { user: 'halton_master', password: secrets.master };
  const { applied } = await prepareDatabase({ ...address, ...master }, secrets.passwords, release);
  tell(applied.length === 0 ? 'Nothing to migrate' : `Applied ${applied.join(', ')}`);
  const kept = writeLaptop(folder, { ...secrets, master: master.password });
  const poolOf = (user: LoginName) => openPool({ ...address, user, password: secrets.passwords[user] });
  return {
    postgres,
    deps: { release, pool: poolOf('halton_api_a'), support: poolOf('halton_support'), keys: parseFernetKeys(secrets.fernetKeys), webhookSecret: secrets.webhookSecret },
    demo: kept.demo,
    keepDemo(demo) {
      writeLaptop(folder, { ...kept, demo });
      return demo;
    },
  };
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
