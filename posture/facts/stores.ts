import type { Resource } from './resource.ts';
import type { StatementFact } from './tasks.ts';
import type { Value } from './value.ts';

export interface BucketFact extends Resource {
  readonly replicates: Value<boolean>;
  /** The value of the tag `halton:workspace-data`: `yes`, `hashed` or `no`. */
  readonly workspaceData: Value<string>;
  /** Days until the last version of an object is gone; absent where nothing expires. */
  readonly retention: Value<number>;
  /** What holds each new object by default: `COMPLIANCE` or `GOVERNANCE`; absent where nothing does. */
  readonly lockMode: Value<string>;
  /** Days for which it does. */
  readonly lockDays: Value<number>;
  /** The statements of its own policy. */
  readonly policy: readonly StatementFact[];
}

export interface LogGroupFact extends Resource {
  readonly name: Value<string>;
  readonly key: Value<string>;
  /** The value of the tag `halton:workspace-data`: `yes`, `hashed` or `no`. */
  readonly workspaceData: Value<string>;
  /** Days; absent where events are kept for ever. */
  readonly retention: Value<number>;
}

/** A queue, a stream or a table, which hold what passes through them. */
export interface BufferFact extends Resource {
  /** The value of the tag `halton:workspace-data`: `yes`, `hashed` or `no`. */
  readonly workspaceData: Value<string>;
  /** Days, also parts of one, until what it took is gone; absent where it keeps it for ever. */
  readonly retention: Value<number>;
}

/** What records the calls to the AWS API. */
export interface TrailFact extends Resource {
  /** Absent where CloudFormation makes one. */
  readonly name: Value<string>;
  readonly logging: Value<boolean>;
  readonly multiRegion: Value<boolean>;
  /** Whether it records IAM and sign-in, which belong to no region. */
  readonly globalServices: Value<boolean>;
  readonly validates: Value<boolean>;
  /** Whether every management event is recorded, reads and writes of every service. */
  readonly managementEvents: Value<boolean>;
  /** The buckets of which every read and write of every object is recorded. */
  readonly watchedBuckets: Value<readonly string[]>;
  readonly key: Value<string>;
  readonly bucket: Value<string>;
  /** What begins the name of every object that it writes there. */
  readonly prefix: Value<string>;
  readonly logGroup: Value<string>;
  /** The role with which it writes there. */
  readonly logRole: Value<string>;
}
