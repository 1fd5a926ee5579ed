import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fargate } from './fargate.ts';
import { FakeAwsError } from './parameter-store-keys.ts';
import type { Intercept, ReceivedCall } from './parameter-store.ts';

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const STACK_ID = 'arn:aws:cloudformation:eu-west-2:123456789012:stack/halton-hosted-service/0f4e1a5c';

/**
 * A local endpoint that answers as ECS and CloudWatch Logs do, in JSON 1.1, and as CloudFormation does, in XML.
 *
 * A fate can be an error's name, or its name and message with a colon between them.
 */
export class EcsEndpoint {
  readonly fargate: Fargate;
  readonly calls: ReceivedCall[] = [];
  intercept: Intercept = () => undefined;
  stackStatus = 'UPDATE_IN_PROGRESS';
  readonly #server: Server;

  private constructor(server: Server, now: () => number) {
    this.#server = server;
    this.fargate = new Fargate(now);
  }

  /** @param now seconds */
  static async start(now: () => number): Promise<EcsEndpoint> {
    const server = createServer();
    const endpoint = new EcsEndpoint(server, now);
    server.on('request', (request, response) => void endpoint.#answer(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo; // an address of TCP, as it was told to listen there
    return `http://127.0.0.1:${address.port}`;
  }

  /** What arrived at an operation so far. */
  inputs(operation: string): readonly Readonly<Record<string, unknown>>[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString();
    const target = request.headers['x-amz-target'];
    const call = target === undefined ? queryCall(body) : { operation: String(target).split('.')[1] ?? '', input: JSON.parse(body) };
    this.calls.push(call);
    const fate = await this.intercept(call);
    if (fate === 'hang') return;
    const { status, type, body: text } = (target === undefined ? inXml : inJson)(() => {
      if (fate !== undefined && fate !== 'lose-answer') throw new FakeAwsError(fate);
      return target === undefined ? this.#stacks(call) : this.fargate.run(call.operation, call.input);
    });
    if (fate === 'lose-answer') return void response.destroy();
    response.writeHead(status, { 'content-type': type }).end(text);
  }

  #stacks({ operation, input }: ReceivedCall): string {
    if (operation !== 'DescribeStacks') throw new FakeAwsError('InvalidAction');
    if (input['StackName'] !== STACK_ID) throw new FakeAwsError('ValidationError: the stack does not exist');
    return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
      <StackId>${STACK_ID}</StackId><StackName>halton-hosted-service</StackName><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>${this.stackStatus}</StackStatus>
    </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  }
}

function queryCall(body: string): ReceivedCall {
  const { Action: operation = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return { operation, input };
}

function inJson(carryOut: () => unknown): Reply {
  const type = 'application/x-amz-json-1.1';
  try {
    return { status: 200, type, body: JSON.stringify(carryOut()) };
  } catch (error) {
    const { status, name, message } = refusal(error);
    return { status, type, body: JSON.stringify({ __type: name, message }) };
  }
}

function inXml(carryOut: () => unknown): Reply {
  const type = 'text/xml';
  try {
    return { status: 200, type, body: String(carryOut()) };
  } catch (error) {
    const { status, name, message } = refusal(error);
    return { status, type, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>` };
  }
}

function refusal(error: unknown): { status: number; name: string; message: string } {
  if (!(error instanceof FakeAwsError)) throw error;
  const [name = '', ...message] = error.awsName.split(': ');
  return { status: name.startsWith('Server') ? 500 : 400, name, message: message.join(': ') || 'as the test wants it.' };
}
