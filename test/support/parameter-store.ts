import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeAwsError, Keys } from './parameter-store-keys.ts';
import { Parameters } from './parameter-store-parameters.ts';

/** A call as it arrived. */
export interface ReceivedCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * What becomes of a call instead of its answer: an error of that name, no answer at all (`hang`), or, after the
 * call was carried out, a broken connection (`lose-answer`).
 */
export type Fate = 'hang' | 'lose-answer' | (string & {}) | undefined;

/** Decides about each call before it is carried out; may also wait, or change the store. */
export type Intercept = (call: ReceivedCall) => Fate | Promise<Fate>;

/** A local endpoint that answers the JSON 1.1 protocol as Parameter Store and KMS do, with a memory to look into. */
export class ParameterStoreServer {
  readonly keys = new Keys();
  readonly parameters = new Parameters(this.keys);
  readonly calls: ReceivedCall[] = [];
  intercept: Intercept = () => undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ParameterStoreServer> {
    const server = createServer();
    const store = new ParameterStoreServer(server);
    server.on('request', (request, response) => void store.#answer(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return store;
  }

  get endpoint(): string {
    const address = this.#server.address() as AddressInfo; // an address of TCP, as it was told to listen there
    return `http://127.0.0.1:${address.port}`;
  }

  /** Names of the operations so far, and of those only that change something. */
  operations(): readonly string[] {
    return this.calls.map(({ operation }) => operation);
  }

  writes(): readonly string[] {
    return this.operations().filter((operation) => /^(Put|Delete|Add|Remove)/.test(operation));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const input: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const call = { operation, input };
    this.calls.push(call);
    const fate = await this.intercept(call);
    if (fate === 'hang') return;
    const { status, body } = this.#carryOut(call, fate === 'lose-answer' ? undefined : fate);
    if (fate === 'lose-answer') return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  }

  #carryOut({ operation, input }: ReceivedCall, error: string | undefined): { status: number; body: unknown } {
    try {
      if (error !== undefined) throw new FakeAwsError(error);
      return { status: 200, body: operation === 'DescribeKey' ? this.keys.describe(String(input['KeyId'])) : this.parameters.run(operation, input) };
    } catch (thrown) {
      if (!(thrown instanceof FakeAwsError)) throw thrown;
      // As AWS at times does, the message repeats what was sent: whoever shows it shows a secret.
      return { status: 400, body: { __type: thrown.awsName, message: `refused: ${JSON.stringify(input)}` } };
    }
  }
}

/** Gives the calls of an operation that fate, `times` times, once it has let `skip` of them pass. */
export function fated(operation: string, fate: Fate, { times = Infinity, skip = 0 } = {}): Intercept {
  let seen = 0;
  return (call) => {
    if (call.operation !== operation) return undefined;
    seen += 1;
    return seen > skip && seen <= skip + times ? fate : undefined;
  };
}
