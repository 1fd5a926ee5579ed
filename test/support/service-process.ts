import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  /** Its last line, which is JSON. */
  readonly last: Readonly<Record<string, unknown>>;
}

/** A process of the service, with only those settings in its environment and no more rights than a task has. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    this.#child = spawn(process.execPath, [...args], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...nobody });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#child.emit('said');
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until it has written this, or has ended. */
  async said(text: string): Promise<boolean> {
    while (!this.#output.includes(text) && this.#child.exitCode === null) await Promise.race([once(this.#child, 'said'), this.#ended]);
    return this.#output.includes(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async ended(): Promise<Ended> {
    await this.#ended;
    const last = this.#output.trimEnd().split('\n').at(-1) ?? '';
    return { exitCode: this.#child.exitCode, output: this.#output, last: (last.startsWith('{') ? JSON.parse(last) : {}) as Record<string, unknown> };
  }
}

/** Hands out credentials as ECS does to a container. */
export class ContainerCredentials {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ContainerCredentials> {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: 'example', Token: 'example', Expiration: new Date(Date.now() + 3_600_000).toISOString() }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new ContainerCredentials(server);
  }

  get environment(): Readonly<Record<string, string>> {
    return { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/credentials` };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
