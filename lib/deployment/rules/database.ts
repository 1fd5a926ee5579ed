import { z } from 'zod';
import { databaseSection, LARGEST_STORAGE } from '../sections/database.ts';
import { windowsOverlap } from '../windows.ts';
import { contradiction } from './contradiction.ts';

/** RDS refuses a maximum below 110 % of the allocated storage (RDS user guide, "storage autoscaling"). */
const GROWTH_PERCENT = 110;

const storage = databaseSection.pick({ allocatedStorageGib: true, maxAllocatedStorageGib: true }).strip();
const windows = databaseSection.pick({ backupWindow: true, maintenanceWindow: true }).strip();

export const databaseRules = [
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
];
