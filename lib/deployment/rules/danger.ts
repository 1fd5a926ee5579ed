import { z } from 'zod';
import { dangerSection } from '../sections/danger.ts';
import { contradiction } from './contradiction.ts';

const databaseDeletion = dangerSection.pick({ disableDeletionProtection: true, deleteDatabaseOnDestroy: true }).strip();
const secretsDeletion = dangerSection.pick({ deleteDatabaseOnDestroy: true, deleteSecretsOnDestroy: true }).strip();

export const dangerRules = [
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
