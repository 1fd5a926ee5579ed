import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { logKey } from '../../lib/network/log-key.ts';
import { WebAcl } from '../../lib/service/web-acl.ts';
import { hosted, resources } from './deployments.ts';

type Json = Record<string, unknown>;

/** The template of a stack that holds the firewall of a deployment and the key of its log. */
export function webAclTemplate(deployment = hosted): Template {
  const stack = new Stack(new App(), 'firewall', { env: { region: deployment.region } });
  const loadBalancer = ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'LoadBalancer', {
    loadBalancerArn: `arn:aws:elasticloadbalancing:${deployment.region}:123456789012:loadbalancer/app/it/50dc6c495c0c9188`,
    securityGroupId: 'sg-12345678',
  });
  new WebAcl(stack, 'WebAcl', { deployment, loadBalancer, logKey: logKey(stack, 'LogKey', deployment) });
  return Template.fromStack(stack);
}

/** The properties of the one web ACL in a template; a copy, to be changed at will. */
export function webAclOf(template: Template): Json & { Rules: Json[] } {
  const [acl, ...more] = Object.values(resources(template, 'AWS::WAFv2::WebACL'));
  if (acl === undefined || more.length > 0) throw new Error('expected one web ACL in the template');
  return structuredClone(acl.Properties) as ReturnType<typeof webAclOf>;
}
