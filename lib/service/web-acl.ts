import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { storeLogGroup } from '../log-group.ts';
import { webAclLogGroupName } from '../names.ts';
import { stores } from '../stores.ts';
import { visibility, webAclRules } from './web-acl-rules.ts';

/** Headers that carry a credential. */
const CREDENTIALS = ['authorization', 'cookie'];

export interface WebAclProps {
  readonly deployment: Deployment;
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly logKey: IKey;
}

/** The firewall in front of the load balancer, and its log. */
export class WebAcl extends Construct {
  /** What has to stand before the load balancer takes a request, so that none passes unfiltered or unlogged. */
  readonly association: CfnWebACLAssociation;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: webAclRules(),
      visibilityConfig: visibility(`halton-${props.deployment.name}`),
      // The log quotes what an injection rule matched, which in a body is a piece of somebody's prompt.
      dataProtectionConfig: { dataProtections: [{ action: 'SUBSTITUTION', field: { fieldType: 'BODY' } }] },
    });
    this.association = new CfnWebACLAssociation(this, 'Association', {
      webAclArn: acl.attrArn,
      resourceArn: props.loadBalancer.loadBalancerArn,
    });
    this.association.addResourceDependency(this.#log(acl, props));
  }

  #log(acl: CfnWebACL, { deployment, logKey }: WebAclProps): CfnLoggingConfiguration {
    const group = storeLogGroup(this, 'Log', {
      store: stores.webAclLog,
      logGroupName: webAclLogGroupName(deployment),
      encryptionKey: logKey,
      // It keeps a week. Left behind, its name would be taken when the stack is made anew.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The group's own ARN ends in ":*", which stands for its streams.
    const destination = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: group.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [destination],
      redactedFields: CREDENTIALS.map((name) => ({ singleHeader: { Name: name } })),
    });
  }
}
