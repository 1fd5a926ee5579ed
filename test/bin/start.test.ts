import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/temporary.ts';

const START = join(process.cwd(), 'bin', 'start.ts');

let temporary: string;
let data: string;
beforeEach(() => {
  // Whatever a run leaves behind is left here, but for the data that it keeps.
  temporary = temporaryFolder('start');
  data = temporaryFolder('start-data');
  for (const folder of [temporary, data]) chmodSync(folder, 0o777);
});

interface Started {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: () => string;
  /** Waits for it to write this, and returns the first group. */
  readonly said: (pattern: RegExp) => Promise<string>;
}

function run(command: string, args: readonly string[], options: { readonly uid?: number; readonly gid?: number } = {}): Started {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: temporary }, ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return {
    child,
    output: () => output,
    said: async (pattern) => {
      for (;;) {
        const found = pattern.exec(output);
        if (found) return found[1] ?? '';
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`);
        await sleep(20);
      }
    },
  };
}

const start = (...args: readonly string[]) => run(process.execPath, [START, '--data', data, ...args]);
const URL_LINE = /Ready after [\d.]+ s at (http:\/\/127\.0\.0\.1:\d+), /;

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Waits until neither the service nor a file of it is left. */
async function untilNothingIsLeft(url: string): Promise<void> {
  while (await fetch(`${url}/healthz`).then(() => true, () => false)) await sleep(20);
  while (readdirSync(temporary).length > 0) await sleep(20);
}

describe('npm start', () => {
  it('serves at the line that it prints, on a migrated Postgres, for a user without rights too', async () => {
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const { child, said } = run(process.execPath, [START, '--data', data, '--port', '0'], nobody);
    const response = await fetch(`${await said(URL_LINE)}/readyz`);
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { status: 'ready' } });
    child.kill('SIGINT');
    expect(await exitCode(child)).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('leaves nothing behind when it is told to end before it is ready', async () => {
    const { child, said } = start('--port', '0');
    await said(/(Migrating)/);
    child.kill('SIGINT');
    expect(await exitCode(child)).toBe(0);
    await untilNothingIsLeft('http://127.0.0.1:1');
  });

  it('leaves nothing behind when it is killed', async () => {
    const { child, said } = start('--port', '0');
    const url = await said(URL_LINE);
    child.kill('SIGKILL');
    await untilNothingIsLeft(url);
  });

  it('ends with the process that started it, also through a shell as npm does', async () => {
    const parent = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(`${process.execPath} ${START} --data ${data} --port 0`)}], { stdio: 'inherit' })`;
    const { child, said } = run(process.execPath, ['-e', parent]);
    const url = await said(URL_LINE);
    child.kill('SIGKILL');
    await untilNothingIsLeft(url);
  });

  it('takes a free port where the one it should take is taken, says so, and leaves nothing behind when its terminal closes', async () => {
    const taken: Server = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { child, said, output } = start('--port', String(port));
    expect((await fetch(`${await said(URL_LINE)}/readyz`)).status).toBe(200);
    expect(output()).toContain(`Port ${port} is taken`);
    child.kill('SIGHUP');
    expect(await exitCode(child)).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
    taken.close();
  });

  it('prints lines that store requests, tell what was spent, export, and verify the audit log', async () => {
    const { child, said, output } = start('--port', '0');
    await said(/(ctrl-C ends it)/);
    const lines = output().split('\n').filter((line) => /^(API=|curl )/.test(line));
    const shell = spawnSync('sh', ['-ec', lines.map((line) => `${line}; printf '\\f'`).join('\n')], { encoding: 'utf8' });
    const [stored, spent, exported, verified] = shell.stdout.split('\f').slice(1);
    expect(JSON.parse(stored ?? '')).toMatchObject({ stored: 2 });
    expect(spent).toContain('0.0087');
    expect(exported).toContain('demo-2');
    expect(JSON.parse(verified ?? '')).toMatchObject({ fault: null });
    child.kill('SIGINT');
    expect(await exitCode(child)).toBe(0);
  });

  it('finds its data again, and begins anew where it is told to', async () => {
    const workspaceOf = async (...args: readonly string[]) => {
      const { child, said } = start('--port', '0', ...args);
      const workspace = await said(/ WS=(\S+) /);
      await said(/(ctrl-C ends it)/);
      child.kill('SIGINT');
      expect(await exitCode(child)).toBe(0);
      return workspace;
    };
    const first = await workspaceOf();
    expect(await workspaceOf()).toBe(first);
    expect(await workspaceOf('--reset')).not.toBe(first);
  });

  it('says so where another one runs on the same data', async () => {
    const first = start('--port', '0');
    await first.said(/(ctrl-C ends it)/);
    const second = start('--port', '0');
    expect(await exitCode(second.child)).toBe(1);
    expect(second.output()).toContain('another one runs');
    const third = start('--port', '0', '--reset');
    expect(await exitCode(third.child)).toBe(1);
    expect((await fetch(`${await first.said(URL_LINE)}/readyz`)).status).toBe(200);
    first.child.kill('SIGINT');
    expect(await exitCode(first.child)).toBe(0);
  });

  it('touches no folder that somebody else keeps his files in', async () => {
    mkdirSync(join(data, 'data'));
    writeFileSync(join(data, 'data', 'thesis.txt'), 'three years');
    for (const reset of [[], ['--reset']]) {
      const { child, output } = start(...reset);
      expect(await exitCode(child)).toBe(1);
      expect(output()).toContain('files that are not this command');
    }
    expect(readFileSync(join(data, 'data', 'thesis.txt'), 'utf8')).toBe('three years');
  });

  it('explains itself', async () => {
    const { child, output } = start('--help');
    expect(await exitCode(child)).toBe(0);
    expect(output()).toMatch(/^Usage: npm start[\s\S]*Exit codes: /);
  });

  it.each(['--port=65536', '--prot=1'])('exits with 2 on %s', async (argument) => {
    const { child, output } = start(argument);
    expect(await exitCode(child)).toBe(2);
    expect(output()).toContain('Usage: npm start');
  });
});
