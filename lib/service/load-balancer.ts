import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationProtocolVersion,
  ApplicationTargetGroup,
  ListenerAction,
  Protocol,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { SERVICE_PORT } from '../network/security-groups.ts';

/** Seconds that a request may take to end once its task is leaving; a task is given 30 to stop. */
const DRAIN = Duration.seconds(25);

/** Two years, subdomains included: what browsers' preload lists ask for is one. */
const HSTS = 'max-age=63072000; includeSubDomains; preload';

export interface LoadBalancerProps {
  readonly deployment: Deployment;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly certificate: ICertificate;
  readonly logs: Bucket;
}

/** The service's entrance: TLS 1.3 alone, plain HTTP redirected, HTTPS on to the tasks. */
export class LoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly targets: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      vpcSubnets: props.subnets,
      internetFacing: props.deployment.service.loadBalancer === 'internet-facing',
      securityGroup: props.securityGroup,
      deletionProtection: !props.deployment.danger.disableDeletionProtection,
      dropInvalidHeaderFields: true,
    });
    this.loadBalancer.logAccessLogs(props.logs);

    this.targets = new ApplicationTargetGroup(this, 'Tasks', {
      vpc: props.vpc,
      targetType: TargetType.IP,
      protocol: ApplicationProtocol.HTTPS,
      protocolVersion: ApplicationProtocolVersion.HTTP1,
      port: SERVICE_PORT,
      deregistrationDelay: DRAIN,
      healthCheck: {
        // Whether the process lives, and not whether it is ready: ECS replaces what fails here, and while the database fails
        // over that would be every task at once. A process that was never ready does not listen, and so fails it too.
        path: '/healthz',
        protocol: Protocol.HTTPS,
        interval: Duration.seconds(10),
        // The process answers by itself within milliseconds; one that is busy for so long serves nobody.
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    this.#listen(props);
  }

  // Listeners by their own construct: the load balancer's addListener would open its security group by itself.
  #listen({ deployment, certificate }: LoadBalancerProps): void {
    const https = new ApplicationListener(this, 'Https', {
      loadBalancer: this.loadBalancer,
      port: 443,
      protocol: ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: tlsPolicy(deployment),
      defaultTargetGroups: [this.targets],
      open: false,
    });
    // The service sends it as well; this one also stands on answers that the load balancer gives by itself.
    https.setAttribute('routing.http.response.strict_transport_security.header_value', HSTS);
    new ApplicationListener(this, 'Http', {
      loadBalancer: this.loadBalancer,
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
      open: false,
    });
  }
}

/** TLS 1.3 alone. GovCloud has no policy yet that adds post-quantum key agreement to it. */
function tlsPolicy({ region }: Deployment): SslPolicy {
  return region.startsWith('us-gov-') ? SslPolicy.TLS13_13 : SslPolicy.TLS13_13_PQ;
}
