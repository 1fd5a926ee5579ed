import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { isObject, own } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { template } from './template.ts';
import type { StackPlace, Template } from './template.ts';
import { UnreadableAssembly } from './unreadable.ts';

/** A stack as it lies in the assembly: the template to judge, and what helps to find places in it. */
export interface AssembledStack {
  readonly template: Template;
  /** The template file's text. */
  readonly text: string;
  readonly sha256: string;
  /** What the CDK noted of each construct, by construct path. */
  readonly metadata: JsonObject;
}

const artifactSchema = z.object({
  type: z.string(),
  environment: z.string().optional(),
  properties: z.object({ templateFile: z.string().optional(), stackName: z.string().optional(), directoryName: z.string().optional() }).optional(),
  additionalMetadataFile: z.string().optional(),
});

type Artifact = z.infer<typeof artifactSchema>;

/**
 * Reads every stack of a cloud assembly, those of nested assemblies included.
 *
 * @throws UnreadableAssembly where anything in it cannot be read: an assembly is judged whole or not at all
 */
export function readAssembly(directory: string): readonly AssembledStack[] {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new UnreadableAssembly('ASSEMBLY_NOT_FOUND', `${directory} does not exist. Expected a cloud assembly: make one with npm run synth.`);
  }
  if (!found.isDirectory()) {
    throw new UnreadableAssembly('ASSEMBLY_NOT_A_DIRECTORY', `${directory} is a file. Expected the directory of a cloud assembly, cdk.out for example.`);
  }
  const stacks = readStacks(directory, '');
  if (stacks.length === 0) {
    throw new UnreadableAssembly('NO_STACKS', `${directory} holds no stack. Expected at least one: synthesize a deployment into it.`);
  }
  const names = stacks.map((stack) => stack.template.stack);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UnreadableAssembly('DUPLICATE_STACK', `${directory} holds two stacks called ${twice}. Expected every stack under a name of its own: rename one.`);
  }
  return stacks;
}

function readStacks(root: string, below: string): readonly AssembledStack[] {
  const file = posix.join(below, 'manifest.json');
  const manifest = readJson(root, file, 'MANIFEST_NOT_FOUND', 'MANIFEST_MALFORMED');
  const artifacts = isObject(manifest.json) ? own(manifest.json, 'artifacts') : undefined;
  if (!isObject(artifacts)) throw malformed(file, 'it has no artifacts');
  return Object.entries(artifacts).flatMap(([id, value]) => {
    const parsed = artifactSchema.safeParse(value);
    if (!isObject(value) || !parsed.success) throw malformed(file, `its artifact ${id} is in a shape that no CDK writes`);
    const artifact = parsed.data;
    if (artifact.type === 'cdk:cloud-assembly') {
      const nested = artifact.properties?.directoryName;
      // One that led back up would be read without end.
      if (nested === undefined || !/^[\w-][\w.-]*$/.test(nested)) throw malformed(file, `its nested assembly ${id} lies in no directory of its own`);
      return readStacks(root, posix.join(below, nested));
    }
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const stack = readStack(root, below, id, artifact);
    const apart = artifact.additionalMetadataFile;
    const metadata = apart === undefined ? own(value, 'metadata') : readMetadata(root, posix.join(below, apart));
    return [{ ...stack, metadata: isObject(metadata) ? metadata : {} }];
  });
}

function readStack(root: string, below: string, id: string, artifact: Artifact): Omit<AssembledStack, 'metadata'> {
  const templateFile = artifact.properties?.templateFile;
  const environment = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(artifact.environment ?? '');
  if (templateFile === undefined || environment === null) {
    throw malformed(posix.join(below, 'manifest.json'), `its stack ${id} has no templateFile or no environment (aws://account/region)`);
  }
  const [, account, region] = environment;
  const place: StackPlace = {
    stack: artifact.properties?.stackName ?? id,
    file: posix.join(below, templateFile),
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
  };
  const { json, text } = readJson(root, place.file, 'TEMPLATE_NOT_FOUND', 'TEMPLATE_MALFORMED');
  return {
    template: template(place, json),
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/** The CDK writes metadata into the manifest or, since it grew large, into a file beside it. */
function readMetadata(root: string, file: string): Json {
  return readJson(root, file, 'MANIFEST_MALFORMED', 'MANIFEST_MALFORMED').json;
}

type Code = ConstructorParameters<typeof UnreadableAssembly>[0];

function readJson(root: string, file: string, missing: Code, broken: Code): { readonly json: Json; readonly text: string } {
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    throw new UnreadableAssembly(missing, `${join(root, file)} cannot be read (${messageOf(error)}). Expected a cloud assembly: synthesize it again.`);
  }
  try {
    const json: Json = JSON.parse(text);
    return { json, text };
  } catch (error) {
    throw new UnreadableAssembly(broken, `${join(root, file)} is no JSON: ${messageOf(error)}. Expected what the CDK writes: synthesize it again.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function malformed(file: string, what: string): UnreadableAssembly {
  return new UnreadableAssembly('MANIFEST_MALFORMED', `${file} cannot be read: ${what}. Expected what the CDK writes: synthesize it again.`);
}
