/** Words that make a name say that what it names is a secret, once its separators are gone. */
const SECRET_WORD =
  /SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|APIKEY|PRIVATEKEY|ACCESSKEY|SIGNINGKEY|ENCRYPTIONKEY|FERNET|JWT|CONNECTIONSTRING|(?:DATABASE|POSTGRES|PG|DB|REDIS)UR[IL]|DSN$/;

/** What ends in a short word for a password, which as part of a longer word means something else: `BYPASS`. */
const SHORT_WORD = /(?:^|[^A-Z])(?:PG|DB|USER|ROOT|ADMIN)?(?:PASS|PWD|PW)$/;
/** A key by its name; the public half of a pair and the key of an object or a row are none. */
const KEY_WORD = /(?:^|[^A-Z0-9])(?<!(?:PUBLIC|OBJECT|PARTITION|SORT|S3)_)KEYS?$/;

/** Whether a name says that what it names is a secret, in capitals or not. */
export const saysSecret = (name: string): boolean => SECRET_WORD.test(name.toUpperCase().replace(/[^A-Z0-9]/g, '')) || SHORT_WORD.test(snake(name));

/** Whether a variable's name says so; among variables, unlike tags, properties and outputs, a bare key is one that opens something. */
export const saysSecretVariable = (name: string): boolean => saysSecret(name) || KEY_WORD.test(snake(name));

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

/** What ends a path without being a name: the places of a list, and the functions of CloudFormation. */
const UNNAMED = /^(?:\d+|Ref|Fn::.*)$/;

/** The last name on the way to a text: that of its property, its label or its key in a map. */
export const nameAt = (path: string): string => path.split('.').findLast((part) => !UNNAMED.test(part)) ?? '';
