import { Type } from 'typebox';
import { ROLES } from '../scope/permissions.ts';

/** What a member of a workspace is. */
export const role = Type.Enum([...ROLES]);
