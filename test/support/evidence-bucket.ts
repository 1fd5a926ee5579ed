import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Objects of a page: fewer than a test has. */
const PAGE = 2;

/** A local endpoint that answers as S3 does for one bucket whose objects nobody overwrites. */
export class EvidenceBucket {
  readonly objects = new Map<string, string>();
  readonly writes: string[] = [];
  /** Answers with this status instead. */
  refuses: number | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<EvidenceBucket> {
    const server = createServer();
    const bucket = new EvidenceBucket(server);
    server.on('request', (request, response) => void bucket.#answer(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return bucket;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.endpoint);
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const end = (status: number, text = '') => response.writeHead(status, { 'content-type': 'application/xml' }).end(text);
    if (this.refuses !== undefined) end(this.refuses, '<Error><Code>AccessDenied</Code></Error>');
    else if (request.method === 'PUT') {
      this.writes.push(key);
      if (this.objects.has(key) && request.headers['if-none-match'] === '*') end(412, '<Error><Code>PreconditionFailed</Code></Error>');
      else {
        this.objects.set(key, textOf(Buffer.concat(chunks), request));
        end(200);
      }
    } else if (key === '') end(200, this.#list(url.searchParams.get('prefix') ?? '', Number(url.searchParams.get('continuation-token') ?? 0)));
    else if (this.objects.has(key)) end(200, this.objects.get(key));
    else end(404, '<Error><Code>NoSuchKey</Code></Error>');
  }

  #list(prefix: string, from: number): string {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    const page = keys.slice(from, from + PAGE).map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    const more = from + PAGE < keys.length;
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''}${page}</ListBucketResult>`;
  }
}

/** What was sent, without the frames of a body whose checksum follows it. */
function textOf(body: Buffer, { headers }: IncomingMessage): string {
  return /aws-chunked/.test(headers['content-encoding'] ?? '') ? (/^[0-9a-f]+\r\n([\s\S]*?)\r\n0\r\n/.exec(body.toString())?.[1] ?? '') : body.toString();
}
