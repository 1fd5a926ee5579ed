import { hashOfToken } from './credential.ts';

/** `hm_invite_`, the digits of the workspace's id and 32 random bytes in base64url. */
const TOKEN = /^hm_invite_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** What an invitation's token tells before anybody has looked whether it is good. */
export interface InvitationToken {
  readonly workspaceId: string;
  readonly tokenHash: Buffer;
}

/** A token of 32 random bytes, which carries the workspace so that a transaction can be bound to it. */
export function newInvitationToken(workspaceId: string, random: Buffer): string {
  return `hm_invite_${workspaceId.replaceAll('-', '')}_${random.toString('base64url')}`;
}

/** Undefined for what has no such form. */
export function readInvitationToken(token: string): InvitationToken | undefined {
  const [matched, ...digits] = TOKEN.exec(token) ?? [];
  return matched === undefined ? undefined : { workspaceId: digits.join('-'), tokenHash: hashOfToken(token) };
}
