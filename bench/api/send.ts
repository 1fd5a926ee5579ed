import { Agent, request } from 'node:http';

/** A request of the bench. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Text of the Authorization header after `Bearer`. */
  readonly token: string;
  /** JSON. */
  readonly body?: string;
}

/** Sends requests on connections that stay open, with as little work as can be: it has the same cores as the service. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /**
   * Reads the answer to its end and keeps nothing of it.
   *
   * @returns its bytes
   * @throws Error where it is none of success
   */
  send({ method, path, token, body }: Asked): Promise<number> {
    const { hostname, port } = this.#url;
    const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }) };
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers, agent: this.#agent }, (response) => {
        const { statusCode = 0 } = response;
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.once('error', reject);
        response.once('end', () => {
          if (statusCode < 300) resolve(bytes);
          else reject(new Error(`Got ${statusCode} for ${method} ${path}, expected success.`));
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  end(): void {
    this.#agent.destroy();
  }
}
