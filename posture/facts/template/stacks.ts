import { isObject, own } from '../../assembly/json.ts';
import type { Json } from '../../assembly/json.ts';
import type { Template } from '../../assembly/template.ts';
import type { Resource, StackFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';

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
    permissionsBoundary: textSaid(template, 'permissionsBoundary'),
    imageAccount: textSaid(template, 'imageAccount'),
  };
}

/** What the template's metadata says under a name; something other than an object in its way stands for it. */
function saying({ body }: Template, name: string): Json | undefined {
  const metadata = own(body, 'Metadata');
  const halton = isObject(metadata) ? own(metadata, 'Halton') : metadata;
  return isObject(halton) ? own(halton, name) : halton;
}

function textSaid(template: Template, name: string): Value<string> {
  const said = saying(template, name);
  if (said === undefined) return absent;
  return typeof said === 'string' ? known(said) : unresolved(`Metadata.Halton.${name} that is no text`);
}

function deploymentOf(template: Template): StackFact['deployment'] {
  const deployment = saying(template, 'deployment');
  if (deployment === undefined) return absent;
  if (isObject(deployment)) {
    const [name, kind, region] = ['name', 'kind', 'region'].map((key) => own(deployment, key));
    if (typeof name === 'string' && typeof region === 'string' && (kind === 'hosted' || kind === 'enterprise')) return known({ name, kind, region });
  }
  return unresolved('Metadata.Halton.deployment without a name, a kind (hosted or enterprise) and a region');
}
