import { z } from 'zod';
import { judgeClassInRegion } from '../instance-class.ts';
import { rootsUrl } from '../rds-roots.ts';
import { REGIONS_WITHOUT_ROOTS } from '../regions.ts';
import { deploymentSchema } from '../schema.ts';
import { databaseSection, LARGEST_STORAGE } from '../sections/database.ts';
import { windowsOverlap } from '../windows.ts';
import { contradiction } from './contradiction.ts';

/** RDS refuses a maximum below 110 % of the allocated storage (RDS user guide, "storage autoscaling"). */
const GROWTH_PERCENT = 110;

const { region } = deploymentSchema.shape;
// Whether it is given is all that matters here.
const certificates = z.object({ certificates: z.unknown().optional() });
const instanceClass = databaseSection.pick({ instanceClass: true }).strip();
const storage = databaseSection.pick({ allocatedStorageGib: true, maxAllocatedStorageGib: true }).strip();
const windows = databaseSection.pick({ backupWindow: true, maintenanceWindow: true }).strip();

export const databaseRules = [
  contradiction('The region offers the instance class.', z.object({ region, database: instanceClass.prefault({}) }), (read) =>
    judgeClassInRegion(read.database.instanceClass, read.region).map((refusal) => ({ path: ['database', 'instanceClass'], ...refusal })),
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
    `certificates is given in ${REGIONS_WITHOUT_ROOTS.join(', ')}, whose root certificates the service does not bring along.`,
    z.object({ region, database: certificates.prefault({}) }),
    (read) =>
      read.database.certificates !== undefined || !REGIONS_WITHOUT_ROOTS.includes(read.region)
        ? []
        : [
            {
              path: ['database', 'certificates'],
              expected: `the path of the root certificates of RDS in ${read.region}, since the service brings none along for it and connects to no database that it cannot verify`,
              mend: `download ${rootsUrl(read.region)} beside this file and write certificates: ${read.region}-bundle.pem`,
            },
          ],
  ),
];
