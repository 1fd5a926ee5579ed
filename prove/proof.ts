/** How a proof ended. One that could not run proves nothing, and says why. */
export interface ProofResult {
  readonly outcome: 'proved' | 'failed' | 'not run';
  /** What was found and in which numbers; of one that failed what broke, of one that was not run what it lacks. */
  readonly details: string;
}

/** Tells somebody who waits how far a proof is. */
export type Log = (line: string) => void;

/** A proof that is too long for the suite, or that needs more than Node. */
export interface Proof {
  /** By which it is asked for. */
  readonly name: string;
  /** In a sentence. */
  readonly proves: string;
  /** Beside Node and the packages of this repository @default nothing */
  readonly needs?: string;
  readonly run: (log: Log) => Promise<ProofResult>;
}
