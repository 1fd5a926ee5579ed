import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct, type IDependable } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';

/** The service's name, and the certificate that proves it: the deployment's own, or one that the stack requests. */
export class Domain extends Construct {
  readonly certificate: ICertificate;
  readonly #zone: IHostedZone | undefined;
  readonly #name: string;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    const { domainName, certificateArn, hostedZone } = deployment.service;
    this.#name = domainName;
    this.#zone =
      hostedZone === undefined
        ? undefined
        : HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: hostedZone.id, zoneName: hostedZone.name });
    this.certificate =
      certificateArn === undefined
        ? // Without a zone of ours the deployment waits until the record that ACM shows stands in the domain's DNS.
          new Certificate(this, 'Certificate', { domainName, validation: CertificateValidation.fromDns(this.#zone) })
        : Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
  }

  /** Leads the name to the load balancer, where its zone is in Route 53, once what answers behind it stands. */
  leadTo(loadBalancer: ApplicationLoadBalancer, answering: IDependable): void {
    if (this.#zone === undefined) return;
    const record = new ARecord(this, 'Record', {
      zone: this.#zone,
      recordName: this.#name,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
    });
    record.node.addDependency(answering);
  }
}
