/** What kept an assembly from being read. */
export type UnreadableCode =
  | 'ASSEMBLY_NOT_FOUND'
  | 'ASSEMBLY_NOT_A_DIRECTORY'
  | 'MANIFEST_NOT_FOUND'
  | 'MANIFEST_MALFORMED'
  | 'NO_STACKS'
  | 'DUPLICATE_STACK'
  | 'TEMPLATE_NOT_FOUND'
  | 'TEMPLATE_MALFORMED'
  | 'TEMPLATE_TRANSFORMED'
  | 'TEMPLATE_NESTED';

/**
 * Nothing can be said about an assembly, because what CloudFormation would deploy cannot be read from it.
 *
 * It is never a finding about a promise: whoever catches it exits with 2.
 */
export class UnreadableAssembly extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string) {
    super(message);
    this.name = 'UnreadableAssembly';
    this.code = code;
  }
}
