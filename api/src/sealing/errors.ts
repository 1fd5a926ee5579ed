/** Why something could not be sealed or opened; a code never changes its meaning. */
export type SealErrorCode = 'SEAL_KEYS_MALFORMED' | 'SEAL_UNREADABLE' | 'SEAL_MALFORMED' | 'SEAL_MISPLACED';

/** A failure that may be shown to anybody: its message holds neither a key nor anything of what is sealed. */
export class SealError extends Error {
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string) {
    super(message);
    this.name = 'SealError';
    this.code = code;
  }
}
