import { ecrImageOf } from '../deployment/image.ts';
import type { Deployment } from '../deployment/schema.ts';
import { arn, aws, nist, type Suppression, suppress } from './suppression.ts';

const MIGRATIONS = '0008-migrations-on-deploy';
const EXECUTION = ['service/ExecutionRole/DefaultPolicy/Resource'];
const WAITER = 'service/Migrations/Provider/Provider/waiter-state-machine';

export function serviceSuppressions(deployment: Deployment): readonly Suppression[] {
  const functions = [
    'network/Parameters/Handler/Function',
    'network/Parameters/Provider/Provider/framework-onEvent',
    'service/Migrations/Start/Function',
    'service/Migrations/Await/Function',
    'service/Migrations/Provider/Provider/framework-onEvent',
    'service/Migrations/Provider/Provider/framework-isComplete',
    'service/Migrations/Provider/Provider/framework-onTimeout',
  ].map((path) => `${path}/Resource`);
  const taskDefinitions = ['service/Api/Definition/Resource', 'service/Migrate/Definition/Resource', 'service/Job/Definition/Resource'];

  return [
    ...suppress(
      [nist('LambdaInsideVPC')],
      functions,
      '0005-network-and-ports',
      'No function reaches the database or sits in the VPC; it calls public AWS APIs with its own role.',
    ),
    ...suppress(
      [nist('LambdaConcurrency')],
      functions,
      '0004-secrets',
      'Only CloudFormation calls it, one call at a time; a reservation would take from an account that may have ten.',
    ),
    ...suppress([nist('LambdaDLQ')], functions, '0004-secrets', 'CloudFormation waits for its answer, so a failure is seen where it happens.'),
    ...suppress(
      [aws('ECS2')],
      taskDefinitions,
      '0004-secrets',
      'Addresses, ports and the path of the secrets: a control judges that no secret is among them.',
    ),
    ...suppress(
      [nist('ELBDeletionProtectionEnabled')],
      deployment.danger.disableDeletionProtection ? ['service/Entrance/LoadBalancer/Resource'] : [],
      '0006-database-and-buckets',
      'The deployment file lifts it, under danger, so that the deployment can be taken down.',
    ),
    ...suppress(
      [nist('ELBv2ACMCertificateRequired')],
      ['service/Entrance/Http/Resource'],
      '0007-tls-to-the-task',
      'It answers with a redirect to HTTPS and forwards nothing.',
    ),
    ...suppress([nist('IAMNoInlinePolicy')], EXECUTION, MIGRATIONS, "The CDK's own grants for this one role."),
    ...suppress(
      [aws('IAM5[Resource::*]')],
      isPulledFromEcr(deployment) ? EXECUTION : [],
      MIGRATIONS,
      'The token with which an image is pulled from ECR belongs to no repository.',
    ),
    ...suppress(
      [aws(`IAM5[Resource::halton-${deployment.name}-data:ExportsOutputFnGetAttArchiveEvidence65D93275Arn00354704/tombstones/*]`)],
      ['service/Jobs/Tombstones/Resource'],
      '0013-the-database',
      "Tombstones are written below one prefix; a tombstone's name is the hash of its workspace.",
    ),
    ...suppress([aws('IAM5[Resource::*]')], ['service/Migrations/Start/Policy/Resource'], MIGRATIONS, 'ECS ties ListTasks to no task; the condition ties it to the cluster.'),
    ...suppress(
      [
        aws(`IAM5[Resource::${arn(deployment, 'ecs', 'task/<ClusterEB0386A7>/*')}]`),
        aws(`IAM5[Resource::${arn(deployment, 'logs', 'log-group:<TaskLogGroup933EA2D6>:log-stream:task/migrations/*')}]`),
      ],
      ['service/Migrations/Await/Policy/Resource'],
      MIGRATIONS,
      "A task's id, and with it its log stream's name, is made when it starts.",
    ),
    ...suppress(
      [
        nist('IAMNoInlinePolicy'),
        aws('IAM5[Resource::<MigrationsProviderframeworkisCompleteBCF0DE13.Arn>:*]'),
        aws('IAM5[Resource::<MigrationsProviderframeworkonTimeoutE4FB6D96.Arn>:*]'),
      ],
      [`${WAITER}/Role/DefaultPolicy/Resource`],
      MIGRATIONS,
      "The CDK's own grants to its own state machine, for its own two functions.",
    ),
    ...suppress([aws('SF1'), aws('SF2')], [`${WAITER}/Resource`], MIGRATIONS, 'Both functions that it calls log what they were asked and answered; it does nothing else.'),
  ];
}

/** An image that the deployment builds goes to ECR as well. */
function isPulledFromEcr({ service: { image } }: Deployment): boolean {
  return image === undefined || ecrImageOf(image) !== undefined;
}
