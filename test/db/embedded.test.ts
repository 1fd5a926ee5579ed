import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { startEmbeddedPostgres } from '../../db/embedded/server.ts';
import { killPostgres, untilAnswering } from '../support/kill-postgres.ts';
import { query } from '../support/postgres.ts';

const dataOf = async (connection: ClientConfig) => (await query<{ data_directory: string }>(connection, 'SHOW data_directory'))[0]?.data_directory ?? '';

/** Starts one in a process of its own, which then waits. */
const holder = `
  import { startEmbeddedPostgres } from ${JSON.stringify(join(process.cwd(), 'db/embedded/server.ts'))};
  console.log(JSON.stringify(await startEmbeddedPostgres()));
  setInterval(() => {}, 1000);
`;

describe('the embedded Postgres', () => {
  it('answers, and leaves neither process nor file when it is stopped', async () => {
    const postgres = await startEmbeddedPostgres();
    const connection = { ...postgres, host: '127.0.0.1', database: 'postgres', ssl: false };
    const data = await dataOf(connection);
    expect(existsSync(data)).toBe(true);
    await postgres.stop();
    expect(existsSync(data)).toBe(false);
    await expect(query(connection, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends with the process that started it, even one that is killed', async () => {
    const holding = spawn(process.execPath, ['--input-type=module', '-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(holding.stdout), 'line')) as [string];
    const { port, password } = JSON.parse(line) as { port: number; password: string };
    const connection = { host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres', ssl: false };
    const data = await dataOf(connection);
    holding.kill('SIGKILL');
    while (existsSync(data)) await sleep(20);
    await expect(query(connection, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('starts again when it is killed, with what was committed', async () => {
    const postgres = await startEmbeddedPostgres({ synchronous_commit: 'on' });
    const connection = { ...postgres, host: '127.0.0.1', database: 'postgres', ssl: false };
    await query(connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await killPostgres(connection);
    await untilAnswering(connection);
    expect(await query(connection, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const data = await dataOf(connection);
    await postgres.stop();
    expect(existsSync(data)).toBe(false);
  });

  it('says why it does not start', async () => {
    await expect(startEmbeddedPostgres({ shared_buffers: 'plenty' })).rejects.toThrow('invalid value for parameter "shared_buffers": "plenty"');
  });
});
