import { z } from 'zod';
import type { Refusal } from './problems.ts';
import { HOSTED_REGION } from './regions.ts';
import { dangerSection, databaseSection, deploymentSchema, LARGEST_STORAGE } from './schema.ts';
import { windowsOverlap } from './windows.ts';
import { regionOfZone } from './zones.ts';

/** A value that cannot stand beside another one. */
export interface Conflict extends Refusal {
  /** The value that is to be changed. */
  readonly path: readonly PropertyKey[];
  readonly got: string;
}

/** A rule that spans fields. */
export interface Contradiction {
  /** The rule as one sentence, for the reference. */
  readonly rule: string;
  /** The conflicts in a document; none where a field that the rule reads is refused already. */
  find(document: unknown): readonly Conflict[];
}

/** RDS refuses a maximum below 110 % of the allocated storage (RDS user guide, "storage autoscaling"). */
const GROWTH_PERCENT = 110;

/** Every rule reads no more of the document than it needs, so that a mistake elsewhere does not hide its conflicts. */
function contradiction<Reads extends z.ZodType>(
  rule: string,
  reads: Reads,
  conflicts: (read: z.output<Reads>) => readonly Conflict[],
): Contradiction {
  return {
    rule,
    find(document) {
      const read = reads.safeParse(document);
      return read.success ? conflicts(read.data) : [];
    },
  };
}

const { kind, region } = deploymentSchema.shape;
const storage = databaseSection.pick({ allocatedStorageGib: true, maxAllocatedStorageGib: true }).strip();
const windows = databaseSection.pick({ backupWindow: true, maintenanceWindow: true }).strip();
const databaseDeletion = dangerSection.pick({ disableDeletionProtection: true, deleteDatabaseOnDestroy: true }).strip();
const secretsDeletion = dangerSection.pick({ deleteDatabaseOnDestroy: true, deleteSecretsOnDestroy: true }).strip();

export const contradictions: readonly Contradiction[] = [
  contradiction(`A hosted deployment is in ${HOSTED_REGION}.`, z.object({ kind, region }), (read) =>
    read.kind === 'enterprise' || read.region === HOSTED_REGION
      ? []
      : [
          {
            path: ['region'],
            got: read.region,
            expected: `${HOSTED_REGION}, since the hosted deployment is promised to be there and nowhere else (HM-REG-1)`,
            mend: `write ${HOSTED_REGION}, or kind: enterprise for a customer's deployment`,
          },
        ],
  ),
  contradiction(
    'Availability zones are zones of the region.',
    z.object({ region, network: z.object({ availabilityZones: z.array(z.string()) }) }),
    (read) =>
      read.network.availabilityZones.flatMap((zone, index) => {
        const zoneRegion = regionOfZone(zone);
        if (zoneRegion === undefined || zoneRegion === read.region) return [];
        return [
          {
            path: ['network', 'availabilityZones', index],
            got: zone,
            expected: `a zone of ${read.region}, the region of the deployment`,
            mend: `name one such as ${read.region}${zone.slice(-1)}, or change the region`,
          },
        ];
      }),
  ),
  contradiction(
    `maxAllocatedStorageGib is at least ${GROWTH_PERCENT} % of allocatedStorageGib.`,
    z.object({ database: storage.prefault({}) }),
    ({ database: { allocatedStorageGib, maxAllocatedStorageGib } }) => {
      // Multiplied before it is divided, because 100 * 1.1 is a little more than 110 in floating point.
      const least = Math.ceil((allocatedStorageGib * GROWTH_PERCENT) / 100);
      if (maxAllocatedStorageGib >= least) return [];
      return [
        {
          path: ['database', 'maxAllocatedStorageGib'],
          got: String(maxAllocatedStorageGib),
          expected: `at least ${least}, which is ${GROWTH_PERCENT} % of allocatedStorageGib (${allocatedStorageGib}) and the least that RDS takes`,
          mend:
            least > LARGEST_STORAGE
              ? `lower allocatedStorageGib to ${Math.floor((LARGEST_STORAGE * 100) / GROWTH_PERCENT)} or less`
              : `raise it to ${least} or more`,
        },
      ];
    },
  ),
  contradiction(
    'The backup window and the maintenance window do not overlap.',
    z.object({ database: windows.prefault({}) }),
    ({ database: { backupWindow, maintenanceWindow } }) =>
      windowsOverlap(backupWindow, maintenanceWindow)
        ? [
            {
              path: ['database', 'maintenanceWindow'],
              got: maintenanceWindow,
              expected: `a window apart from the daily backup window ${backupWindow}, since RDS refuses windows that overlap`,
              mend: 'move one of the two',
            },
          ]
        : [],
  ),
  contradiction(
    'deleteDatabaseOnDestroy needs disableDeletionProtection.',
    z.object({ danger: databaseDeletion.prefault({}) }),
    ({ danger }) =>
      danger.deleteDatabaseOnDestroy && !danger.disableDeletionProtection
        ? [
            {
              path: ['danger', 'deleteDatabaseOnDestroy'],
              got: 'true',
              expected: 'false while deletion protection is on, since the destroy would fail half-way',
              mend: 'set danger.disableDeletionProtection to true as well, or leave this off',
            },
          ]
        : [],
  ),
  contradiction(
    'deleteSecretsOnDestroy needs deleteDatabaseOnDestroy.',
    z.object({ danger: secretsDeletion.prefault({}) }),
    ({ danger }) =>
      danger.deleteSecretsOnDestroy && !danger.deleteDatabaseOnDestroy
        ? [
            {
              path: ['danger', 'deleteSecretsOnDestroy'],
              got: 'true',
              expected: 'false while the database outlives its stack, since nobody could decrypt what it holds without the Fernet keys',
              mend: 'set danger.deleteDatabaseOnDestroy to true as well, or leave this off',
            },
          ]
        : [],
  ),
];
