import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isList, isObject, own } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** Finds the code behind a resource. */
export interface Sources {
  /**
   * `file:line` of what set a property last, which the CDK notes under `CDK_DEBUG=1`, or else of what made the
   * resource. An override through `addOverride` leaves no trace, so there the resource's own place stands.
   */
  of(logicalId: string, property: string | undefined): string | undefined;
}

/**
 * Reads the traces that the CDK left of each construct.
 *
 * @param root the directory that files are named from
 */
export function sourcesOf(metadata: JsonObject, root: string): Sources {
  const byLogicalId = new Map<string, readonly JsonObject[]>();
  for (const value of Object.values(metadata)) {
    const entries = isList(value) ? value.filter(isObject) : [];
    const logicalId = entries.find((entry) => own(entry, 'type') === 'aws:cdk:logicalId');
    const id = logicalId === undefined ? undefined : own(logicalId, 'data');
    if (typeof id === 'string') byLogicalId.set(id, entries);
  }
  return {
    of: (logicalId, property) => {
      const entries = byLogicalId.get(logicalId) ?? [];
      const assignments = entries.flatMap((entry) => assignmentOf(entry, property)).toReversed();
      const creations = entries.flatMap((entry) => (own(entry, 'type') === 'aws:cdk:creationStack' ? [own(entry, 'data')] : []));
      return [...assignments, ...creations].map((stack) => firstFrame(stack, root)).find((frame) => frame !== undefined);
    },
  };
}

function assignmentOf(entry: JsonObject, property: string | undefined): readonly (Json | undefined)[] {
  const data = own(entry, 'data');
  if (own(entry, 'type') !== 'aws:cdk:propertyAssignment' || !isObject(data)) return [];
  return property !== undefined && own(data, 'propertyName') === property ? [own(data, 'stackTrace')] : [];
}

function firstFrame(stack: Json | undefined, root: string): string | undefined {
  const frames = isList(stack) ? stack.filter((frame) => typeof frame === 'string') : [];
  return frames.map((frame) => placeOf(frame, root)).find((place) => place !== undefined);
}

// `new Vpc (file:///repo/lib/vpc.ts:12:5)`, and for a module's own top level `file:///repo/bin/app.ts:10 (:)`.
const FRAMES = [/\((file:\/\/[^()]+|\/[^()]+|[A-Za-z]:\\[^()]+?):(\d+):\d+\)$/, /^(file:\/\/\S+|\/\S+?):(\d+) /];

function placeOf(frame: string, root: string): string | undefined {
  // A frame without the project's own code is folded: `...aws-cdk-lib...`.
  if (frame.startsWith('...') || frame.includes('node_modules') || frame.includes('node:internal')) return undefined;
  const [, file, line] = FRAMES.map((pattern) => pattern.exec(frame)).find((match) => match !== null) ?? [];
  if (file === undefined) return undefined;
  return `${relative(root, pathOf(file)).split(sep).join('/')}:${line}`;
}

function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}
