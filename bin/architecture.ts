import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadDeployment } from '../lib/deployment/load.ts';
import { buildStacks } from '../lib/halton.ts';
import { bundleHandlers } from '../lib/handler-code.ts';
import { readAssembly } from '../posture/assembly/read.ts';
import { factsFromTemplates } from '../posture/facts/from-templates.ts';
import { inventory, reachability, stackReferences } from '../posture/report/diagram.ts';

const root = join(import.meta.dirname, '..');

/** The page's own text with what the hosted deployment's templates show put between its marks. */
export async function fillArchitecture(current: string | undefined): Promise<string> {
  const page = current ?? readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const scratch = mkdtempSync(join(tmpdir(), 'halton-architecture-'));
  try {
    const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
    const app = new App({ context, outdir: join(scratch, 'cdk.out'), builtinCloudFormationValidation: false });
    buildStacks(app, loadDeployment(join(root, 'deployments', 'hosted.yaml')), await bundleHandlers(root, join(scratch, 'lambda')));
    const stacks = readAssembly(app.synth().directory);
    const parts = {
      stacks: stackReferences(stacks),
      reachability: reachability(factsFromTemplates(stacks.map(({ template }) => template))),
      inventory: inventory(stacks),
    };
    return Object.entries(parts).reduce((text, [name, part]) => fill(text, name, part), page);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function fill(page: string, name: string, part: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const start = page.indexOf(begin);
  const end = page.indexOf('<!-- end -->', start);
  if (start < 0 || end < 0) throw new Error(`docs/architecture.md: got no ${begin} … <!-- end -->, expected one to fill; put the marks back.`);
  return `${page.slice(0, start + begin.length)}\n${part}\n${page.slice(end)}`;
}
