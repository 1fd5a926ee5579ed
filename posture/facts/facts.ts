import type { LoadBalancerFact, ListenerFact, ListenerRuleFact, TargetGroupFact } from './load-balancers.ts';
import type { Resource } from './resource.ts';
import type { BucketFact, BufferFact, LogGroupFact, TrailFact } from './stores.ts';
import type { ClusterFact, RoleFact, StatementFact, TaskDefinitionFact, TaskLaunchFact } from './tasks.ts';
import type { Value } from './value.ts';

export type { ActionFact, ListenerFact, ListenerRuleFact, LoadBalancerFact, TargetGroupFact } from './load-balancers.ts';
export type { Resource } from './resource.ts';
export type { BucketFact, BufferFact, LogGroupFact, TrailFact } from './stores.ts';
export type { ClusterFact, ConditionFact, ContainerFact, PrincipalFact, RoleFact, StatementFact, TaskDefinitionFact, TaskLaunchFact } from './tasks.ts';

/**
 * What controls read. The template reader and the live reader both produce this shape, so that one
 * predicate serves both. Ids are `<stack>/<logicalId>` from a template and ARNs or physical ids from
 * an account; a fact that points at another resource holds that resource's id.
 */
export interface Facts {
  readonly stacks: readonly StackFact[];
  /** Every resource of every stack, the ones that no other list knows included. */
  readonly resources: readonly Resource[];
  readonly databases: readonly DatabaseFact[];
  readonly databaseParameterGroups: readonly DatabaseParameterGroupFact[];
  readonly subnetGroups: readonly SubnetGroupFact[];
  readonly subnets: readonly SubnetFact[];
  readonly securityGroups: readonly SecurityGroupFact[];
  readonly keys: readonly KeyFact[];
  readonly buckets: readonly BucketFact[];
  readonly logGroups: readonly LogGroupFact[];
  readonly buffers: readonly BufferFact[];
  readonly secureParameters: readonly SecureParameterFact[];
  readonly environments: readonly EnvironmentFact[];
  readonly loadBalancers: readonly LoadBalancerFact[];
  readonly listeners: readonly ListenerFact[];
  readonly listenerRules: readonly ListenerRuleFact[];
  readonly targetGroups: readonly TargetGroupFact[];
  readonly clusters: readonly ClusterFact[];
  readonly taskDefinitions: readonly TaskDefinitionFact[];
  readonly taskLaunches: readonly TaskLaunchFact[];
  readonly roles: readonly RoleFact[];
  readonly trails: readonly TrailFact[];
  /** Every string of every template with the place it stands, for controls that look for what must appear nowhere. */
  readonly texts: readonly TextFact[];
}

export interface StackFact extends Resource {
  readonly region: Value<string>;
  /** Absent where it is left to the moment of deployment. */
  readonly account: Value<string>;
  /** The deployment that the stack says it belongs to, from the template's `Metadata.Halton`. */
  readonly deployment: Value<{ readonly name: string; readonly kind: 'hosted' | 'enterprise'; readonly region: string }>;
  /** The policy that bounds every role of that deployment, from the same metadata; absent where it names none. */
  readonly permissionsBoundary: Value<string>;
  /** The other account from whose registry that deployment's image is pulled, from the same metadata; absent where it names none. */
  readonly imageAccount: Value<string>;
}

export interface DatabaseFact extends Resource {
  /** Id of the source instance; absent on a primary. */
  readonly replicaOf: Value<string>;
  readonly sourceRegion: Value<string>;
  readonly backupReplicationRegion: Value<string>;
  readonly publiclyAccessible: Value<boolean>;
  readonly storageEncrypted: Value<boolean>;
  readonly storageKey: Value<string>;
  readonly performanceInsights: Value<boolean>;
  readonly performanceInsightsKey: Value<string>;
  /** Days. */
  readonly backupRetention: Value<number>;
  readonly subnetGroup: Value<string>;
  readonly securityGroups: Value<readonly string[]>;
  readonly parameterGroup: Value<string>;
  readonly deletionPolicy: Value<string>;
  readonly updateReplacePolicy: Value<string>;
  readonly masterPassword: Value<string>;
  readonly managesMasterPassword: Value<boolean>;
}

export interface DatabaseParameterGroupFact extends Resource {
  readonly parameters: Readonly<Record<string, Value<string>>>;
}

export interface SubnetGroupFact extends Resource {
  readonly subnets: Value<readonly string[]>;
}

export interface SubnetFact extends Resource {
  readonly availabilityZone: Value<string>;
  readonly mapsPublicIps: Value<boolean>;
  /** The routes of the subnet's own route table; absent where it has none and falls to the VPC's main one. */
  readonly routes: Value<readonly RouteFact[]>;
}

export interface RouteFact {
  readonly id: string;
  readonly destination: Value<string>;
  /** What the route leads to: `GatewayId`, `NatGatewayId`, `TransitGatewayId` and so on, as CloudFormation names it. */
  readonly target: Value<string>;
}

export interface SecurityGroupFact extends Resource {
  /** The value of the tag `halton:role`. */
  readonly role: Value<string>;
  /** Inline rules and separate ingress resources together. */
  readonly ingress: readonly IngressFact[];
}

export interface IngressFact {
  /** The resource that declares the rule. */
  readonly id: string;
  readonly protocol: Value<string>;
  readonly fromPort: Value<number>;
  readonly toPort: Value<number>;
  /** Id of the security group that is let in; absent where the source is something else. */
  readonly sourceGroup: Value<string>;
  /** An address range or prefix list that is let in; absent where the source is a group. */
  readonly sourceRange: Value<string>;
}

export interface KeyFact extends Resource {
  readonly enabled: Value<boolean>;
  readonly rotates: Value<boolean>;
  /** Days; absent where KMS's own holds, which is a year. */
  readonly rotationPeriod: Value<number>;
  /** `ENCRYPT_DECRYPT`, `SIGN_VERIFY` and so on; absent where it is KMS's own, the first of them. */
  readonly usage: Value<string>;
  readonly multiRegion: Value<boolean>;
  /** The statements of its own policy; none where AWS gives it the default one, which is the account's. */
  readonly policy: readonly StatementFact[];
}

/** One SecureString that the custom resource keeps, or that the account holds. */
export interface SecureParameterFact extends Resource {
  /** Name below the deployment's path, `database/url` for example. */
  readonly name: Value<string>;
  readonly source: Value<'generated' | 'operator' | 'derived'>;
  readonly key: Value<string>;
  /** On a database URL: what the client demands of the server's certificate. */
  readonly sslMode: Value<string>;
}

/** One environment variable of a function or a task container. */
export interface EnvironmentFact extends Resource {
  readonly name: string;
  readonly value: Value<string>;
}

export interface TextFact extends Resource {
  /** Where the string stands inside the resource or template: `Properties.Tags.0.Value`, `Outputs.Url.Value`. */
  readonly path: string;
  readonly text: string;
}
