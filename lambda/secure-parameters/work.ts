import type { KMSClient } from '@aws-sdk/client-kms';
import type { Call, Pause } from './calls.ts';
import type { Tag, ParameterStore } from './store.ts';

/** What became of a parameter; one goes into the log for each. */
export type Action =
  | 'created'
  /** Left as it was: the value, the key and the holder are right. */
  | 'kept'
  /** The same value, now under the deployment's key. */
  | 're-encrypted'
  /** The database URL leads to another address; login and password are the same. */
  | 'readdressed'
  /** Left as it was, but now held by this resource too. */
  | 'adopted'
  | 'deleted'
  /** Let go of, and left in place. */
  | 'retained'
  /** Gone since the properties before named it, and left so. */
  | 'lost'
  /** Not this resource's to let go of: gone already, or held by another one only. */
  | 'untouched';

/** The hold of a resource on its parameters, as a tag. */
export interface Holder extends Tag {
  /** The physical id, with which the tag's value begins. */
  readonly id: string;
}

/** What one request is answered with. */
export interface Work {
  readonly kms: KMSClient;
  readonly call: Call;
  readonly pause: Pause;
  readonly store: ParameterStore;
  readonly holder: Holder;
  /** Writes the line that says what became of a parameter. */
  record(path: string, action: Action): void;
}
