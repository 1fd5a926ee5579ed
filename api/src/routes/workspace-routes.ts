import type { RouteDeps } from './deps.ts';
import { projectRoutes } from './projects.ts';
import type { WorkspaceRoute } from './route.ts';

/** Every route of a workspace. */
export function workspaceRoutes(_deps: RouteDeps): readonly WorkspaceRoute[] {
  return [...projectRoutes];
}
