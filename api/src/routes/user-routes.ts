import type { RouteDeps } from './deps.ts';
import type { UserRoute } from './route.ts';

/** Every route of a user. */
export function userRoutes(_deps: RouteDeps): readonly UserRoute[] {
  return [];
}
