import type { EnterDeps } from '../scope/enter.ts';
import { Exports } from '../usage/exports.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { auditRoutes } from './audit.ts';
import { billingRoutes } from './billing.ts';
import { bodyRoutes } from './bodies.ts';
import type { RouteDeps } from './deps.ts';
import { deviceRoutes } from './devices.ts';
import { ingestRoutes } from './ingest.ts';
import { invitationRoutes } from './invitations.ts';
import { memberRoutes } from './members.ts';
import { policyRoutes } from './policies.ts';
import { pricingOverrideRoutes } from './pricing-overrides.ts';
import { projectReportRoutes } from './project-report.ts';
import { projectRoutes } from './projects.ts';
import { promptViewRoutes } from './prompt-views.ts';
import { exportRoutes } from './request-export.ts';
import type { WorkspaceRoute } from './route.ts';
import { siemRoutes } from './siem.ts';
import { spendRoutes } from './spend.ts';
import { supportGrantRoutes } from './support-grants.ts';
import { workspaceSettingsRoutes } from './workspaces.ts';

/** Every route of a workspace. */
export function workspaceRoutes(deps: RouteDeps & Pick<EnterDeps, 'failures'>): readonly WorkspaceRoute[] {
  const exports = new Exports(deps.pool);
  return [...workspaceSettingsRoutes, ...memberRoutes, ...invitationRoutes, ...deviceRoutes(deps), ...apiKeyRoutes, ...projectRoutes, ...auditRoutes(exports), ...policyRoutes, ...pricingOverrideRoutes, ...supportGrantRoutes, ...billingRoutes, ...siemRoutes, ...ingestRoutes, ...bodyRoutes(deps), ...promptViewRoutes, ...exportRoutes(exports), ...spendRoutes, ...projectReportRoutes];
}
