import type { Resource } from './resource.ts';
import type { Value } from './value.ts';

export interface ClusterFact extends Resource {
  /** Absent where CloudFormation makes one. */
  readonly name: Value<string>;
  /** `enabled`, `enhanced` or `disabled`; absent where the account's own setting decides. */
  readonly containerInsights: Value<string>;
}

export interface TaskDefinitionFact extends Resource {
  readonly taskRole: Value<string>;
  readonly networkMode: Value<string>;
  /** Whose processes its containers see; absent where each sees its own. */
  readonly pidMode: Value<string>;
  /** Whose memory its containers share; absent where each has its own. */
  readonly ipcMode: Value<string>;
  /** The number of its volumes. */
  readonly volumes: Value<number>;
  readonly containers: Value<readonly ContainerFact[]>;
}

export interface ContainerFact {
  /** `user`, `uid`, `user:group` or `uid:gid`; absent where the image decides. */
  readonly user: Value<string>;
  readonly privileged: Value<boolean>;
  /** What the kernel lets it do beyond what a container may by default: `SYS_PTRACE`. */
  readonly addedCapabilities: Value<readonly string[]>;
  readonly readonlyRootFilesystem: Value<boolean>;
  /** The number of volumes that it mounts. */
  readonly mountPoints: Value<number>;
  /** The number of containers whose volumes it mounts. */
  readonly volumesFrom: Value<number>;
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
  /** Who replaces its tasks: `ECS`, `CODE_DEPLOY` or `EXTERNAL`; absent where it is the first of them. */
  readonly deploymentController: Value<string>;
  /** The number of volumes that are made for its tasks. */
  readonly volumes: Value<number>;
  /** Where its tasks are registered to be sent requests; absent where nowhere. */
  readonly targetGroups: Value<readonly string[]>;
  /** The property with which something else than a target group sends requests to them; absent where nothing does. */
  readonly otherEntrance: Value<string>;
}

export interface RoleFact extends Resource {
  /** The statements of every policy that is or may be attached to it. */
  readonly statements: readonly StatementFact[];
  readonly permissionsBoundary: Value<string>;
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
