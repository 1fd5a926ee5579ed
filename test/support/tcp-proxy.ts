import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Stands between a client and a server, so that a test can take the server away and bring it back. */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #mode: 'pass' | 'refuse' | 'silent' = 'pass';

  private constructor(target: number) {
    this.#server = createServer((client) => this.#pass(client, target));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => void proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Passes everything on, closes every connection, or takes whatever comes and never answers. */
  set mode(mode: 'pass' | 'refuse' | 'silent') {
    this.#mode = mode;
    for (const socket of this.#sockets) {
      if (mode === 'refuse') socket.destroy();
      if (mode === 'silent') socket.unpipe().on('data', () => undefined);
    }
  }

  async stop(): Promise<void> {
    this.mode = 'refuse';
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket, target: number): void {
    this.#track(client);
    if (this.#mode === 'refuse') return void client.destroy();
    if (this.#mode === 'silent') return;
    const upstream = connect(target, '127.0.0.1');
    this.#track(upstream);
    client.pipe(upstream).pipe(client);
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}
