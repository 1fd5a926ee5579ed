import { PassThrough } from 'node:stream';
import { once } from 'node:events';

/** Hands on a chunk; it resolves once there is room for the next. */
export type Send = (chunk: string | Uint8Array) => Promise<void>;

/**
 * What a producer sends, as something that can be read. It is made no faster than it is read, and ended where nobody reads
 * on; where the producer fails the reader fails too, so that half of a document does not pass for the whole.
 */
export async function* streamed(produce: (send: Send) => Promise<void>): AsyncGenerator<Uint8Array> {
  const stream = new PassThrough();
  const left = new AbortController();
  const send: Send = async (chunk) => {
    if (stream.destroyed) throw new Error('Got no reader any more, expected one until the end.');
    if (chunk.length > 0 && !stream.write(chunk)) await once(stream, 'drain', { signal: left.signal });
  };
  const produced = produce(send).then(() => stream.end(), (error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    yield* stream;
  } finally {
    left.abort();
    stream.destroy();
    await produced;
  }
}
