import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** An empty directory that is removed after the test file's last test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'halton-'));
  made.push(directory);
  return directory;
}

afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** Writes files by name; whatever is no text is written as JSON. */
export function directoryOf(files: Readonly<Record<string, unknown>>): string {
  const directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  }
  return directory;
}

/** A manifest's entry for a stack. */
export function stackArtifact(stackName: string, overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/eu-west-2',
    properties: { templateFile: `${stackName}.template.json`, stackName },
    ...overrides,
  };
}

/** A cloud assembly on disk, from templates by stack name. */
export function assemblyDirectory(templates: Readonly<Record<string, unknown>>, files: Readonly<Record<string, unknown>> = {}): string {
  const names = Object.keys(templates);
  return directoryOf({
    'manifest.json': { version: '55.0.0', artifacts: Object.fromEntries(names.map((name) => [name, stackArtifact(name)])) },
    ...Object.fromEntries(names.map((name) => [`${name}.template.json`, templates[name]])),
    ...files,
  });
}
