import type { Deployment } from './deployment/schema.ts';

/**
 * The identifier of a database instance is a physical name that a deployment fixes: RDS writes logs to
 * groups named after it, and these have to exist, encrypted, before the instance does.
 */
export const databaseIdentifier = (deployment: Pick<Deployment, 'name'>): string => `halton-${deployment.name}`;

export const replicaIdentifier = (deployment: Pick<Deployment, 'name'>): string => `${databaseIdentifier(deployment)}-replica`;

/** WAF writes to no log group whose name begins in another way. */
export const webAclLogGroupName = (deployment: Pick<Deployment, 'name'>): string => `aws-waf-logs-halton-${deployment.name}`;

/** The path in Parameter Store below which a deployment keeps its secrets. */
export const parameterPath = (deployment: Pick<Deployment, 'name'>): string => `/halton/${deployment.name}`;
