import { Agent, request } from 'node:http';
import type { FuzzRequest } from './requests.ts';

/** What came back; the message says why, where nothing did. */
export type FuzzAnswer =
  | { readonly status: number; readonly type: string; readonly text: string }
  | { readonly failed: string };

/** Milliseconds within which there is an answer, on a machine that does other things too. */
const PATIENCE = 60_000;

/** Sends requests as they stand: without what clients mend, refuse or add on their own. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  send({ operation: { method }, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
    const { hostname, port } = new URL(this.#url);
    // Node leaves it out of a GET or DELETE, whose body would be taken for the next request.
    const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve) => {
      const sent = request({ hostname, port, path, method, headers: { ...headers, ...length }, agent: this.#agent, timeout: PATIENCE }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }));
        response.once('error', (error) => resolve({ failed: error.message }));
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.once('error', (error) => resolve({ failed: error.message }));
      sent.end(body);
    });
  }

  end(): void {
    this.#agent.destroy();
  }
}
