import { Type } from 'typebox';
import { USER_CODE, hashOfUserCode } from '../auth/pairing-codes.ts';
import { ProblemError } from '../problem.ts';
import { listDevices, lockDevice, revokeDevice } from '../repositories/devices.ts';
import type { Device } from '../repositories/devices.ts';
import { approvePairing } from '../repositories/pairings.ts';
import { exact, instant, machineId, text, uuid } from '../schemas/common.ts';
import type { EnterDeps } from '../scope/enter.ts';
import { administers } from '../scope/permissions.ts';
import { actorOf } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';
import type { WorkspaceRoute } from './route.ts';

const WORKSPACE = '/v1/workspaces/:workspace';
const PATH = `${WORKSPACE}/devices` as const;
const name = text(200);
const deviceSchema = exact({ deviceId: uuid, machineId, name, pairedBy: Type.String(), pairedAt: instant, revokedAt: Type.Union([instant, Type.Null()]) });

/** Machines whose daemons send what they meter. What a revoked one has sent stays. */
export function deviceRoutes({ failures }: Pick<EnterDeps, 'failures'>): readonly WorkspaceRoute[] {
  return [
    workspaceRoute({
      method: 'POST',
      path: `${WORKSPACE}/pairings/approve`,
      summary: 'Approves the pairing of a machine by the code that it shows.',
      permission: 'devices.pair',
      records: ['device.pairing_approved'],
      problems: ['NOT_FOUND'],
      schemas: { body: exact({ userCode: Type.String({ pattern: USER_CODE }) }), answer: exact({ machineId, name }) },
      async handle({ client, principal, ip, userAgent }, { body }) {
        const machine = await approvePairing(client, hashOfUserCode(body.userCode), actorOf(principal).actor);
        if (machine === undefined) {
          // A guess like any other: it would pair somebody else's machine.
          failures.record([`address ${ip}`]);
          throw new ProblemError('NOT_FOUND');
        }
        return { answer: machine, recorded: [{ action: 'device.pairing_approved', target: machine.machineId, details: { name: machine.name, address: ip, userAgent } }] };
      },
    }),
    workspaceRoute({
      method: 'GET',
      path: PATH,
      summary: 'Lists the paired machines, revoked ones too.',
      permission: 'devices.read',
      records: [],
      schemas: { answer: exact({ devices: Type.Array(deviceSchema) }) },
      async handle({ client, workspace }) {
        const devices = await listDevices(client, workspace.workspaceId);
        return { answer: { devices: devices.map(shown) } };
      },
    }),
    workspaceRoute({
      method: 'DELETE',
      path: `${PATH}/:device`,
      summary: "Revokes a machine: its token gets 401 from the next request on. A member revokes his own, an owner or admin anybody's.",
      permission: 'devices.revoke',
      inGrace: true,
      records: ['device.revoked'],
      problems: ['NOT_FOUND'],
      schemas: { params: exact({ device: uuid }) },
      async handle({ client, workspace: { workspaceId }, principal }, { params: { device: deviceId } }) {
        const device = await lockDevice(client, workspaceId, deviceId);
        if (device === undefined) throw new ProblemError('NOT_FOUND');
        const { actor } = actorOf(principal);
        if (device.pairedBy !== actor && !administers(principal)) throw new ProblemError('FORBIDDEN');
        if (device.revokedAt !== null) return { answer: undefined };
        await revokeDevice(client, workspaceId, deviceId, actor);
        return { answer: undefined, recorded: [{ action: 'device.revoked', target: deviceId, details: { pairedBy: device.pairedBy } }] };
      },
    }),
    workspaceRoute({
      method: 'DELETE',
      path: '/v1/:workspace/device',
      summary: 'Disconnects the device whose token it is; what it has sent stays.',
      permission: 'devices.disconnect',
      inGrace: true,
      records: ['device.revoked'],
      schemas: {},
      async handle({ client, workspace: { workspaceId }, principal }) {
        const { actor: deviceId } = actorOf(principal);
        const device = await lockDevice(client, workspaceId, deviceId);
        // Somebody else was as fast.
        if (device === undefined || device.revokedAt !== null) return { answer: undefined };
        await revokeDevice(client, workspaceId, deviceId, deviceId);
        return { answer: undefined, recorded: [{ action: 'device.revoked', target: deviceId, details: { pairedBy: device.pairedBy } }] };
      },
    }),
  ];
}

function shown({ pairedAt, revokedAt, ...device }: Device) {
  return { ...device, pairedAt: pairedAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null };
}
