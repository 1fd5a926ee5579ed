import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runApp } from './run-app.ts';

// Runs at the end of `npm ci`. Compiling the CDK takes Node about three seconds on two cores, which the first synthesis
// would take otherwise; the compiled code stands in node_modules and goes with it. What the app says is no concern of the
// installation: `npm run synth` says it again.
const outdir = mkdtempSync(join(tmpdir(), 'halton-compile-cache-'));
try {
  runApp('hosted', { outdir });
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
