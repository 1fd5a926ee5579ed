import type { Resource } from './resource.ts';
import type { Value } from './value.ts';

export interface TaskDefinitionFact extends Resource {
  readonly taskRole: Value<string>;
  readonly networkMode: Value<string>;
  readonly containers: Value<readonly ContainerFact[]>;
}

export interface ContainerFact {
  readonly privileged: Value<boolean>;
  readonly readonlyRootFilesystem: Value<boolean>;
  /** The value of the variable `PARAMETER_PATH`. */
  readonly parameterPath: Value<string>;
  /** The property with which ECS itself fetches values for the container, `Secrets` for example; absent where none does. */
  readonly fetched: Value<string>;
}

/** What starts tasks: a service, a task set, the target of a rule or a schedule. */
export interface TaskLaunchFact extends Resource {
  /** Where its network configuration stands in the resource. */
  readonly path: string;
  /** `ENABLED` or `DISABLED`. */
  readonly assignPublicIp: Value<string>;
  readonly executeCommand: Value<boolean>;
  readonly securityGroups: Value<readonly string[]>;
}

export interface RoleFact extends Resource {
  /** The statements of every policy that is or may be attached to it. */
  readonly statements: readonly StatementFact[];
}

export interface StatementFact {
  /** The resource that declares it. */
  readonly id: string;
  /** Where it stands in that resource: `PolicyDocument.Statement.0`. */
  readonly path: string;
  readonly effect: Value<string>;
  /** Absent where it says `NotAction`, and so allows whatever it does not name. */
  readonly actions: Value<readonly string[]>;
  /** Absent where it says `NotResource`. */
  readonly resources: Value<readonly string[]>;
  readonly conditions: Value<readonly ConditionFact[]>;
  /** Whom the statement of a resource's own policy is for; absent in a policy of a role. */
  readonly principals: Value<readonly PrincipalFact[]>;
}

export interface PrincipalFact {
  /** `AWS`, `Service`, `Federated` or `CanonicalUser`; `*` where the policy says `*` without a kind, or `NotPrincipal`. */
  readonly kind: string;
  readonly name: string;
}

export interface ConditionFact {
  /** `StringEquals`, `ArnLike`. */
  readonly operator: string;
  readonly key: string;
  readonly values: Value<readonly string[]>;
}
