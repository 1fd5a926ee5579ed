import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import type { Archive } from '../audit/archive.ts';
import { DATABASE_NAME, type Postgres } from '../database/postgres.ts';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { storeLogGroup } from '../log-group.ts';
import { parameterPath } from '../names.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import { vpcRange } from '../network/plan.ts';
import { SERVICE_PORT } from '../network/security-groups.ts';
import { stores } from '../stores.ts';
import { ApiService } from './api-service.ts';
import { serviceCluster } from './cluster.ts';
import { Domain } from './domain.ts';
import { Jobs } from './jobs.ts';
import { identityEnvironment } from './identity.ts';
import { serviceImage } from './image.ts';
import { LoadBalancer } from './load-balancer.ts';
import { Migrations } from './migrations.ts';
import { Task } from './task.ts';
import { WebAcl } from './web-acl.ts';

export interface ServiceStackProps {
  readonly deployment: Deployment;
  readonly code: HandlerCode;
  readonly network: NetworkStack;
  readonly secretsKey: IKey;
  readonly postgres: Postgres;
  readonly loadBalancerLogs: Bucket;
  readonly archive: Archive;
}

/** What answers requests: the firewall, the load balancer, the tasks, and the migrations that come before them. */
export class ServiceStack extends AreaStack {
  constructor(scope: Construct, { deployment, code, network, secretsKey, postgres, loadBalancerLogs, archive }: ServiceStackProps) {
    super(scope, 'service', deployment, 'load balancer, firewall and tasks');
    const { vpc, logKey, securityGroups, taskSubnets, loadBalancerSubnets } = network;

    const domain = new Domain(this, 'Domain', { deployment });
    const entrance = new LoadBalancer(this, 'Entrance', {
      deployment,
      vpc,
      subnets: loadBalancerSubnets,
      securityGroup: securityGroups.loadBalancer,
      certificate: domain.certificate,
      logs: loadBalancerLogs,
    });
    const webAcl = new WebAcl(this, 'WebAcl', { deployment, logKey, loadBalancer: entrance.loadBalancer });

    const cluster = serviceCluster(this, 'Cluster', { vpc, logKey });
    const logGroup = storeLogGroup(this, 'TaskLogGroup', {
      store: stores.taskLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const executionRole = new Role(this, 'ExecutionRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const common = { deployment, image: serviceImage(this, deployment), executionRole, secretsKey, logGroup };
    const roots: Readonly<Record<string, string>> = deployment.rdsRoots === undefined ? {} : { RDS_ROOTS: deployment.rdsRoots.join(' ') };
    const settings = { PARAMETER_PATH: parameterPath(deployment), ...roots };
    const api = new Task(this, 'Api', {
      ...common,
      name: 'api',
      command: ['server.js'],
      environment: { ...settings, ...identityEnvironment(deployment), PROXY_RANGE: vpcRange(deployment.network), PORT: String(SERVICE_PORT), HOST: '0.0.0.0', TLS: 'self-signed' },
      cpu: deployment.service.cpu,
      memoryMib: deployment.service.memoryMib,
      serves: true,
    });
    const migrate = new Task(this, 'Migrate', {
      ...common,
      name: 'migrations',
      command: ['jobs.js', 'migrate'],
      environment: {
        ...settings,
        DATABASE_HOST: postgres.instance.dbInstanceEndpointAddress,
        DATABASE_PORT: postgres.instance.dbInstanceEndpointPort,
        DATABASE_NAME,
      },
      cpu: 256,
      memoryMib: 512,
    });

    const job = new Task(this, 'Job', {
      ...common,
      name: 'jobs',
      command: ['jobs.js', 'purge'],
      environment: { ...settings, EVIDENCE_BUCKET: archive.evidence.bucketName },
      cpu: 256,
      memoryMib: 512,
    });

    const migrations = new Migrations(this, 'Migrations', {
      deployment,
      code,
      logKey,
      cluster,
      task: migrate,
      container: 'migrations',
      taskLogGroup: logGroup,
      vpc,
      subnets: taskSubnets,
      securityGroup: securityGroups.tasks,
    });
    const service = new ApiService(this, 'Service', {
      deployment,
      cluster,
      task: api,
      subnets: taskSubnets,
      securityGroup: securityGroups.tasks,
      targets: entrance.targets,
    });
    const jobs = new Jobs(this, 'Jobs', { cluster, task: job, subnets: taskSubnets, securityGroup: securityGroups.tasks, archive });
    // It runs on the schema of its release.
    jobs.node.addDependency(migrations);
    // AWS deletes no load balancer that is protected, in a roll-back neither: what a first deployment usually fails on comes before it.
    entrance.node.addDependency(migrations, domain.certificate);
    // The new version takes traffic only on the schema that it needs, and never before the firewall stands.
    service.node.addDependency(migrations, webAcl, api, cluster);
    domain.leadTo(entrance.loadBalancer, service);
  }
}
