import { Duration } from 'aws-cdk-lib';
import {
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { SERVICE_PORT } from '../network/security-groups.ts';
import { allowReading } from '../secrets/secret-readers.ts';
import type { SecretReader } from '../secrets/table.ts';

export interface TaskProps {
  readonly deployment: Deployment;
  readonly image: ContainerImage;
  /** The container's name, and its reader in the table of secrets. */
  readonly name: SecretReader;
  readonly command: readonly string[];
  /** Settings that are no secrets: a secret is read from Parameter Store at boot. */
  readonly environment: Readonly<Record<string, string>>;
  /** Pulls the image and writes the log, before the task's own role comes into it. */
  readonly executionRole: IRole;
  readonly secretsKey: IKey;
  readonly logGroup: ILogGroup;
  /** Fargate units. */
  readonly cpu: number;
  readonly memoryMib: number;
  /** @default false */
  readonly serves?: boolean;
}

/** Prefix of the log streams, before the container's name and the task's id. */
export const LOG_STREAM_PREFIX = 'task';

/** One kind of task of the API's image: arm64, read-only root, a role that reads its own secrets and nothing else. */
export class Task extends Construct {
  readonly definition: FargateTaskDefinition;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    const { deployment, name, secretsKey } = props;
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMib,
      executionRole: props.executionRole,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    // Its policy too, to which nothing refers: a task that started before it could neither pull its image nor write its log.
    this.node.addDependency(props.executionRole);
    allowReading(this, 'Secrets', this.definition.taskRole, name, deployment, secretsKey);
    this.definition.addContainer(name, {
      image: props.image,
      command: [...props.command],
      environment: { ...props.environment },
      logging: LogDrivers.awsLogs({ logGroup: props.logGroup, streamPrefix: LOG_STREAM_PREFIX }),
      // The image's own, said once more where it can be judged: an image that names no user runs as root.
      user: '65532',
      readonlyRootFilesystem: true,
      // What ECS gives a container between SIGTERM and SIGKILL: the load balancer drains for 25 of them.
      stopTimeout: Duration.seconds(30),
      ...(props.serves ? { portMappings: [{ containerPort: SERVICE_PORT }] } : {}),
    });
  }
}
