import type { Resource } from './resource.ts';
import type { Value } from './value.ts';

export interface LoadBalancerFact extends Resource {
  readonly securityGroups: Value<readonly string[]>;
}

export interface ListenerFact extends Resource {
  readonly protocol: Value<string>;
  readonly tlsPolicy: Value<string>;
  readonly certificates: Value<readonly string[]>;
  /** The Strict-Transport-Security header that it puts on every response. */
  readonly strictTransportSecurity: Value<string>;
  readonly actions: Value<readonly ActionFact[]>;
}

export interface ListenerRuleFact extends Resource {
  readonly listener: Value<string>;
  readonly actions: Value<readonly ActionFact[]>;
}

/** What a listener or a rule of one does with a request. */
export interface ActionFact {
  readonly type: Value<string>;
  /** Where it forwards to; absent where it does not. */
  readonly targetGroups: Value<readonly string[]>;
  readonly redirectProtocol: Value<string>;
  readonly redirectPort: Value<string>;
  readonly redirectStatus: Value<string>;
  readonly redirectHost: Value<string>;
}

export interface TargetGroupFact extends Resource {
  readonly protocol: Value<string>;
  readonly healthCheckProtocol: Value<string>;
  /** The number of targets that it names itself, beside those that ECS registers. */
  readonly targets: Value<number>;
}
