import { z } from 'zod';
import { flag } from './fields.ts';

export const dangerSection = z
  .strictObject({
    disableDeletionProtection: flag().meta({ description: 'Lifts the protection that makes AWS refuse to delete the database and the load balancer.' }),
    deleteDatabaseOnDestroy: flag().meta({
      description: 'Deletes the database with the stack, without a last snapshot; its automated backups expire within their seven days. Left off, the database stays in the account when its stack goes.',
    }),
    deleteSecretsOnDestroy: flag().meta({
      description: 'Deletes the secrets of the deployment with the stack, Fernet keys included. Left off, they stay, encrypted, below /halton/NAME/.',
    }),
  })
  .meta({ description: 'What can destroy data. Every option here is off unless the file turns it on.' });
