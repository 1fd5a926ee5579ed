import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { DatabaseError } from '../../../db/errors.ts';
import type { Tombstone, TombstoneStore } from './tombstones.ts';

/** Where tombstones lie in the evidence bucket. */
const PREFIX = 'tombstones/';
/** Of S3: there is one already, which is as good. */
const EXISTS = 412;

const instant = Type.String({ format: 'date-time' });
const stored = Type.Object({ workspaceHash: Type.String({ pattern: '^[0-9a-f]{64}$' }), requestedAt: instant, begunAt: instant });

/** A client that gives up in time to be tried again: by default it would wait for an answer without end. */
export function s3Client(region: string): S3Client {
  return new S3Client({
    region,
    // Milliseconds. What is stored is a few hundred bytes.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    // Throttling and broken connections are the SDK's to retry.
    maxAttempts: 5,
  });
}

/** Tombstones as objects of the evidence bucket, which is locked: what was put can be neither changed nor deleted. */
export class S3Tombstones implements TombstoneStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async put({ workspaceHash, requestedAt, begunAt }: Tombstone): Promise<void> {
    const Body = JSON.stringify({ workspaceHash, requestedAt: requestedAt.toISOString(), begunAt: begunAt.toISOString() });
    try {
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: `${PREFIX}${workspaceHash}.json`, Body, ContentType: 'application/json', IfNoneMatch: '*' }));
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === EXISTS)) throw error;
    }
  }

  async *list(): AsyncIterable<Tombstone> {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#s3 }, { Bucket: this.#bucket, Prefix: PREFIX })) {
      for (const { Key = '' } of Contents) yield await this.#read(Key);
    }
  }

  async #read(key: string): Promise<Tombstone> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    const value = parsed((await Body?.transformToString()) ?? '');
    if (!Value.Check(stored, value)) throw new DatabaseError('TOMBSTONE_UNREADABLE', `Got something else at ${key}, expected a tombstone. Nothing may be served until it is read: look at the versions of the object.`);
    return { workspaceHash: value.workspaceHash, requestedAt: new Date(value.requestedAt), begunAt: new Date(value.begunAt) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
