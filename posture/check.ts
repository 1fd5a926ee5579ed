import { locate } from './assembly/locate.ts';
import { readAssembly } from './assembly/read.ts';
import { UnreadableAssembly } from './assembly/unreadable.ts';
import { catalogue, notYetOf } from './catalogue.ts';
import type { Control } from './controls/control.ts';
import { factsFromTemplates } from './facts/from-templates.ts';
import { judge, unjudged } from './judge.ts';
import type { Results } from './results.ts';

/**
 * Judges the assembly in a directory; never throws, since a judgement that failed has to be told like one that was made.
 *
 * @param root the directory that source files are named from
 */
export function checkAssembly(directory: string, root: string, controls: readonly Control[]): Results {
  try {
    const stacks = readAssembly(directory);
    const results = judge(controls, factsFromTemplates(stacks.map(({ template }) => template)), notYetOf(catalogue(controls)));
    const templates = stacks.map(({ template: { stack, file }, sha256 }) => ({ stack, file, sha256 }));
    return locate({ ...results, templates }, stacks, root);
  } catch (error) {
    if (error instanceof UnreadableAssembly) return unjudged(error.code, error.message);
    return unjudged('JUDGEMENT_CRASHED', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
