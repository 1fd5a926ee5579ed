import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { dangerRules } from '../../../../lib/deployment/rules/danger.ts';
import { refusesTogether } from '../cases.ts';
import { fileWith } from '../refused.ts';

refusesTogether(dangerRules, [
  {
    rule: 'deleteDatabaseOnDestroy needs disableDeletionProtection.',
    change: { danger: { deleteDatabaseOnDestroy: true } },
    field: 'danger.deleteDatabaseOnDestroy',
    got: 'true',
    expected: /the destroy would fail half-way/,
    mend: /danger\.disableDeletionProtection to true/,
  },
  {
    rule: 'deleteSecretsOnDestroy needs deleteDatabaseOnDestroy.',
    change: { danger: { deleteSecretsOnDestroy: true } },
    field: 'danger.deleteSecretsOnDestroy',
    got: 'true',
    expected: /nobody could decrypt what it holds/,
    mend: /danger\.deleteDatabaseOnDestroy to true/,
  },
]);

test('everything that may be destroyed may be destroyed together', () => {
  const danger = { disableDeletionProtection: true, deleteDatabaseOnDestroy: true, deleteSecretsOnDestroy: true };
  expect(parseDeployment(fileWith({ danger }), 'acme.yaml').danger).toEqual(danger);
});
