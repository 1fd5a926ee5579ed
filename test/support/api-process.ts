import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUTHORIZED_PARTY, ISSUER, TestIssuer } from './identity.ts';
import { ParameterStoreServer } from './parameter-store.ts';
import { ContainerCredentials, ServiceProcess } from './service-process.ts';

/** The database that it runs on, at 127.0.0.1. */
export interface ProcessDatabase {
  readonly port: number;
  readonly database: string;
  /** Of halton_api_a and halton_support. */
  readonly passwords: { readonly halton_api_a: string; readonly halton_support: string };
}

const PATH = '/halton/hosted';
/** Milliseconds between two looks at whether it is ready, and looks: a laptop that does other things takes a few seconds. */
const [LOOK_EVERY, LOOKS] = [10, 6_000];

/** The bundled service as a process of its own, with the endpoints that it asks; it can be killed and started again. */
export class ApiProcess {
  readonly issuer = new TestIssuer();
  readonly url: string;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #ends: readonly (() => Promise<void>)[];
  #process: ServiceProcess | undefined;

  private constructor(folder: string, port: string, environment: Readonly<Record<string, string>>, ends: readonly (() => Promise<void>)[]) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    const { keys } = this.issuer.identity;
    if (!('publicKey' in keys)) throw new Error('Expected an issuer with one key.');
    this.#environment = { ...environment, HOST: '127.0.0.1', PORT: port, TLS: 'none', LOG_LEVEL: 'error', IDENTITY_AUTHORIZED_PARTY: AUTHORIZED_PARTY, IDENTITY_ISSUER: ISSUER, IDENTITY_PUBLIC_KEY: String(keys.publicKey.export({ type: 'spki', format: 'pem' })) };
    this.#ends = ends;
  }

  /** Bundles the service; it does not run yet. */
  static async prepare({ port, database, passwords }: ProcessDatabase): Promise<ApiProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'halton-service-'));
    execFileSync(process.execPath, ['api/build.ts', folder]);
    chmodSync(folder, 0o755); // it runs as nobody
    const store = await ParameterStoreServer.start();
    const credentials = await ContainerCredentials.start();
    const secrets = {
      'database/url': `postgresql://halton_api_a:${passwords.halton_api_a}@127.0.0.1:${port}/${database}?sslmode=disable`,
      'database/support-password': passwords.halton_support,
      'fernet/keys': `${randomBytes(32).toString('base64url')}=`,
      'webhooks/signing-secret': 'unused',
      'clerk/secret-key': 'unused',
      'clerk/webhook-signing-secret': `whsec_${randomBytes(32).toString('base64')}`,
    };
    for (const [name, value] of Object.entries(secrets)) store.parameters.put(`${PATH}/${name}`, value);
    const environment = { AWS_REGION: 'eu-west-2', PARAMETER_PATH: PATH, AWS_ENDPOINT_URL: store.endpoint, ...credentials.environment };
    return new ApiProcess(folder, await freePort(), environment, [() => store.close(), () => credentials.stop()]);
  }

  /** Its id; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @returns milliseconds from the one to the other
   * @throws Error with what it wrote, where it ends instead
   */
  async start(): Promise<number> {
    const begun = performance.now();
    this.#process = new ServiceProcess(['server.js'], this.#folder, this.#environment);
    for (let look = 0; look < LOOKS && this.#process.running; look += 1) {
      if (await isReady(this.url)) return performance.now() - begun;
      await sleep(LOOK_EVERY);
    }
    throw new Error(`The service did not start: ${this.#process.output}`);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    this.#process?.signal('SIGKILL');
    await this.#process?.ended();
    this.#process = undefined;
  }

  async stop(): Promise<void> {
    await this.kill();
    for (const end of this.#ends) await end();
    rmSync(this.#folder, { recursive: true });
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(({ ok }) => ok, () => false);
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
