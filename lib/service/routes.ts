/** The method of every route that takes what a meter sends. */
export const INGEST_METHOD = 'POST';

/**
 * The routes whose bodies are other people's text: batches of metered requests, and the prompts and answers
 * themselves. Written as Fastify writes them.
 */
export const ingestRoutes = ['/v1/:workspace/requests', '/v1/:workspace/bodies'] as const;

/**
 * What a path may have in the place of a parameter.
 *
 * A workspace is a UUID here, though the router takes any segment: a looser form would also match what
 * another route has in that place, as in /v1/workspaces/requests.
 */
const parameters = new Map([[':workspace', '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}']]);

/**
 * A regular expression that matches the paths of these routes and no other, byte for byte as they are requested.
 *
 * Each alternative has its own anchors and there are no groups, of which WAF supports only some.
 *
 * @throws on a route with a parameter of unknown form, or with anything but lower-case letters and digits between slashes
 */
export function pathPattern(routes: readonly string[]): string {
  return routes.map((route) => `^${route.split('/').map(segmentPattern).join('/')}$`).join('|');
}

function segmentPattern(segment: string): string {
  const form = parameters.get(segment) ?? /^[a-z0-9]*$/.exec(segment)?.[0];
  if (form === undefined) {
    throw new Error(
      `lib/service/routes.ts: got the segment "${segment}", expected lower-case letters and digits or one of ${[...parameters.keys()].join(', ')}; give the parameter a form in that file.`,
    );
  }
  return form;
}
