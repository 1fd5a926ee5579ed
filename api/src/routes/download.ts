import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Something that is saved as a file, written while it is read. */
export interface Download {
  /** Media type. */
  readonly type: string;
  /** Name of the file: letters, digits, hyphens and dots. */
  readonly name: string;
  /** What it is made of; it is begun once the request's own transaction has ended. */
  chunks(): AsyncIterable<string | Uint8Array>;
}

/** Sends a download as it comes, no faster than it is taken; one that fails before its first chunk is a problem like any other. */
export async function sendDownload(reply: FastifyReply, { type, name, ...download }: Download): Promise<FastifyReply> {
  const chunks = download.chunks()[Symbol.asyncIterator]();
  const first = await chunks.next();
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`).send(Readable.from(startingWith(first, chunks), { objectMode: false }));
}

async function* startingWith<Chunk>(first: IteratorResult<Chunk, unknown>, rest: AsyncIterator<Chunk>): AsyncGenerator<Chunk> {
  try {
    for (let chunk = first; chunk.done !== true; chunk = await rest.next()) yield chunk.value;
  } finally {
    await rest.return?.(); // nobody reads on
  }
}
