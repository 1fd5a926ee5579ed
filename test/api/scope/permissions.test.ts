import { isAllowed, permissions, PLAN_FEATURES, ROLES } from '../../../api/src/scope/permissions.ts';
import type { Permission, PlanFeature, Principal } from '../../../api/src/scope/permissions.ts';

const everything = new Set<PlanFeature>(PLAN_FEATURES);
const nothing = new Set<PlanFeature>();
const member = (role: (typeof ROLES)[number]): Principal => ({ kind: 'member', userId: 'user_1', role });
const device: Principal = { kind: 'device', deviceId: 'd', machineId: 'm', userId: 'user_1' };
const key: Principal = { kind: 'api_key', keyId: 'k' };
const organisationAdmin: Principal = { kind: 'organisation_admin', userId: 'user_1' };

const all = Object.keys(permissions) as Permission[];
const allowedTo = (principal: Principal, features = everything) => all.filter((permission) => isAllowed(permission, principal, features));

describe('HM-RBAC-1: the one table of permissions', () => {
  it('lets an owner do what an admin may, and more', () => {
    expect(allowedTo(member('owner'))).toEqual(expect.arrayContaining(allowedTo(member('admin'))));
    expect(allowedTo(member('owner')).filter((permission) => !allowedTo(member('admin')).includes(permission))).toEqual(['workspace.delete', 'support.manage']);
  });

  it('lets an admin do what a member may, and more', () => {
    expect(allowedTo(member('admin'))).toEqual(expect.arrayContaining(allowedTo(member('member'))));
    expect(allowedTo(member('member'))).toEqual(['workspace.read', 'members.read', 'members.leave', 'projects.read', 'devices.read', 'devices.pair', 'devices.revoke', 'spend.read', 'bodies.read', 'policies.read']);
  });

  it('lets an administrator of the organisation read, and write down whose prompt he read', () => {
    expect(allowedTo(organisationAdmin)).toEqual(['workspace.read', 'members.read', 'projects.read', 'devices.read', 'requests.export', 'spend.read', 'bodies.read', 'policies.read', 'billing.read', 'audit.read', 'prompt_views.write', 'prompt_views.read']);
  });

  it('HM-DEV-2: lets a device send, read what it needs for that, and end itself', () => {
    expect(allowedTo(device)).toEqual(['projects.read', 'devices.disconnect', 'requests.write', 'policies.read']);
  });

  it('lets a key read and write requests, and administer nothing', () => {
    expect(allowedTo(key)).toEqual(['workspace.read', 'projects.read', 'requests.write', 'requests.export', 'spend.read', 'policies.read']);
  });

  it('HM-AUD-2: shows the audit log to owners and admins and not to members', () => {
    expect(ROLES.filter((role) => isAllowed('audit.read', member(role), everything))).toEqual(['owner', 'admin']);
  });

  it.each<[Permission, PlanFeature]>([
    ['prompt_views.write', 'writes_prompt_views'],
    ['prompt_views.read', 'reads_prompt_views'],
    ['siem.manage', 'streams_to_siem'],
  ])('HC-VIEW-3: asks for a plan that brings %s along', (permission, feature) => {
    expect(isAllowed(permission, member('owner'), new Set([feature]))).toBe(true);
    expect(isAllowed(permission, member('owner'), new Set(PLAN_FEATURES.filter((other) => other !== feature)))).toBe(false);
  });

  it('asks for a plan with nothing else', () => {
    expect(allowedTo(member('owner')).filter((permission) => !allowedTo(member('owner'), nothing).includes(permission))).toEqual(['siem.manage', 'prompt_views.write', 'prompt_views.read']);
  });
});
