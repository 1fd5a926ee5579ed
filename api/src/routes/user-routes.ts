import { consentRoutes } from './consent.ts';
import { acceptInvitationRoutes } from './accept-invitation.ts';
import type { RouteDeps } from './deps.ts';
import { ownWorkspaceRoutes } from './own-workspaces.ts';
import type { UserRoute } from './route.ts';

/** Every route of a user. */
export function userRoutes(deps: RouteDeps): readonly UserRoute[] {
  return [...consentRoutes(deps), ...ownWorkspaceRoutes(deps), ...acceptInvitationRoutes(deps)];
}
