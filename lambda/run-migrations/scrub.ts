import { secretFormats } from '../../posture/controls/secret-formats.ts';

const HIDDEN = '[hidden]';

/** Characters that are looked at: enough for every reason, and a bound for what the patterns cost. */
const LONGEST = 4_000;

/** Characters that are shown, since CloudFormation takes 4,096 bytes of answer and the framework adds its own. */
const SHOWN = 400;

const patterns: readonly RegExp[] = [
  // Up to the last @ of all, since a password may hold one, or a space, that nobody escaped.
  /[a-z][a-z0-9+.-]*:\/\/.*@/gi,
  // Without an @, where a text was cut off in the middle of a password; what is a port is none.
  /[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:(?!\d{1,5}(?![^\s/?#"'),;]))\S*/gi,
  /postgres(?:ql)?:\/\/\S*/gi,
  /[\w-]*(?:password|passwd|pwd|secret|token|api[-_]?key)[\w-]*["']?\s*[=:]\s*(?:"[^"]*"?|'[^']*'?|\S+)/gi,
  // A password as the deployment generates them; an image's digest looks the same and says so.
  /(?<!sha256:)(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi,
  ...secretFormats.map(({ pattern }) => new RegExp(pattern.source, `g${pattern.flags}`)),
];

/**
 * One line of what somebody else wrote, fit for the middle of a stack event's sentence: without what looks like a
 * secret, and short.
 *
 * Rather too much is hidden than too little; the log has the whole.
 */
export function scrub(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what has to go
  const line = text.slice(0, LONGEST).replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim().replace(/\.$/, '');
  const clean = patterns.reduce((rest, pattern) => rest.replaceAll(pattern, HIDDEN), line);
  return clean.length > SHOWN ? `${clean.slice(0, SHOWN)}…` : clean;
}
