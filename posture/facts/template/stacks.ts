import { isObject, own } from '../../assembly/json.ts';
import type { Json } from '../../assembly/json.ts';
import type { Template } from '../../assembly/template.ts';
import type { Resource, StackFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';

/** A stack as a resource: what its template says outside any resource belongs to it. */
export function stackResource({ stack }: Template): Resource {
  return { id: stack, type: 'AWS::CloudFormation::Stack', stack, logicalId: '' };
}

/** A stack with its region and the deployment that it says it belongs to. */
export function stackFact(template: Template): StackFact {
  return {
    ...stackResource(template),
    region: template.region === undefined ? unresolved('a region that is left to the moment of deployment') : known(template.region),
    account: template.account === undefined ? absent : known(template.account),
    deployment: deploymentOf(template),
  };
}

function deploymentOf({ body }: Template): StackFact['deployment'] {
  const metadata = own(body, 'Metadata');
  const halton = isObject(metadata) ? own(metadata, 'Halton') : metadata;
  const deployment: Json | undefined = isObject(halton) ? own(halton, 'deployment') : halton;
  if (deployment === undefined) return absent;
  if (isObject(deployment)) {
    const [name, kind, region] = ['name', 'kind', 'region'].map((key) => own(deployment, key));
    if (typeof name === 'string' && typeof region === 'string' && (kind === 'hosted' || kind === 'enterprise')) return known({ name, kind, region });
  }
  return unresolved('Metadata.Halton.deployment without a name, a kind (hosted or enterprise) and a region');
}
