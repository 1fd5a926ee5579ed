import { join } from 'node:path';
import { bundleHandlers } from '../../lib/handler-code.ts';

/** Where the handlers lie for the tests; not where synthesis puts them, which may run meanwhile. */
export const HANDLERS = join(process.cwd(), 'build', 'test-lambda');

/** Jest's global setup: one bundling for all test files. */
// oxlint-disable-next-line import/no-default-export -- jest takes a setup by its default export only
export default async function setup(): Promise<void> {
  await bundleHandlers(process.cwd(), HANDLERS);
}
