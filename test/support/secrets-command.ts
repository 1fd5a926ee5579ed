import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParameterStoreServer } from './parameter-store.ts';

export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
export const KEY_PATH = '/halton/hosted/clerk/secret-key';
export const KEY_VALUE = 'sk_test_abcdefghijklmnopqrstuvwxyz0123';
export const WEBHOOK_PATH = '/halton/hosted/clerk/webhook-signing-secret';
export const WEBHOOK_VALUE = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real command, run against a local endpoint, with nothing in its environment that could lead it to a real account. */
export class SecretsCommand {
  readonly store: ParameterStoreServer;
  readonly #home = mkdtempSync(join(tmpdir(), 'secrets-home-'));

  private constructor(store: ParameterStoreServer) {
    this.store = store;
  }

  static async prepare(): Promise<SecretsCommand> {
    return new SecretsCommand(await ParameterStoreServer.start());
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#home, { recursive: true });
  }

  run(args: readonly string[], { input = '', env = CREDENTIALS }: { input?: string; env?: Record<string, string> } = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ['bin/secrets.ts', ...args], {
        env: { PATH: process.env['PATH'], HOME: this.#home, AWS_ENDPOINT_URL: this.store.endpoint, AWS_EC2_METADATA_DISABLED: 'true', AWS_MAX_ATTEMPTS: '1', ...env },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('close', (code) => resolve({ code, out, err }));
      child.stdin.on('error', () => undefined); // a refusal may come before the input was read
      child.stdin.end(input);
    });
  }
}
