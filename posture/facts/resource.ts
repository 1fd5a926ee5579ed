/** Which resource something is said of. */
export interface Resource {
  readonly id: string;
  /** CloudFormation type; facts are gathered by it, never by the construct class that made the resource. */
  readonly type: string;
  readonly stack: string;
  readonly logicalId: string;
}
