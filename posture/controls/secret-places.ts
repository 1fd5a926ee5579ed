import type { Facts, TextFact } from '../facts/facts.ts';
import { isHarmless } from './secret-references.ts';
import { saysSecret } from './secret-names.ts';
import type { Written } from './written.ts';

/** Where a secret stands, and what gives it away. */
export interface Place {
  readonly path: string;
  readonly what: string;
}

const TAG = /\.Tags\.\d+\.Key$/;

/** The parameters, outputs and listed tags whose own name says that they hold a secret. */
export function namedSecrets({ texts }: Written, facts: Facts): readonly Place[] {
  const named = texts.flatMap(({ path, text }): readonly Place[] => {
    // With or without a default or NoEcho: whoever deploys would type it, and CloudFormation would hand it on in plaintext.
    const [parameter, parameterId = ''] = /^Parameters\.([^.]+)/.exec(path) ?? [];
    if (parameter !== undefined) return saysSecret(parameterId) ? [{ path: parameter, what: 'a parameter that is called a secret' }] : [];
    const [output, outputId = ''] = /^Outputs\.([^.]+)\.Value/.exec(path) ?? [];
    if (output !== undefined) return saysSecret(outputId) && !isHarmless(text, facts) ? [{ path: output, what: 'an output that is called a secret' }] : [];
    return TAG.test(path) && saysSecret(text) ? [{ path, what: 'a tag that is called a secret' }] : [];
  });
  return [...new Map(named.map((place) => [place.path, place])).values()];
}

const PASSWORD = '(?:[Pp]ass(?:word|wd|phrase)|PASS(?:WORD|WD|PHRASE)|(?<![A-Za-z])(?:pass|pwd|secret|token|api[_-]?key)|(?:PASS|PWD|S(?:ecret|ECRET)|T(?:oken|OKEN)|A(?:pi|PI)_?K(?:ey|EY)))';
/** What stands for a value that a shell puts in: `$NAME`, `${NAME}`, `$(command)`. A reference to a resource holds a slash. */
const FILLED_IN = String.raw`(?:\$(?:[A-Za-z_(]|\{[A-Za-z_]\w*[}:])|<|\{\{)`;

/** What every one of the patterns below holds, so that most texts are done with after one look. */
const ANY_WORD = /pass|pwd|secret|token|key/i;

const FLAG = new RegExp(String.raw`(?<![\w-])--(?!no-)(?:[A-Za-z][\w-]*-)?${PASSWORD}(?:$|(?:=|\s+)(?!["']?${FILLED_IN})[^\s-])`);
const QUOTED = new RegExp(String.raw`${PASSWORD}\\?["']?\s*[:=]\s*\\?["'](?!${FILLED_IN})[^"'\s\\]`);
const BARE = new RegExp(String.raw`${PASSWORD}=(?!${FILLED_IN})[^\s"'&;,)\\]`);

/** Code assigns what it computed without quotes; a literal has them. */
const CODE = /\.ZipFile(?:\.|$)/;

/** 32 bytes in hexadecimal, where they are no digest that says so. */
const HEX_KEY = /(?<![0-9A-Fa-f]|sha256[:-])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])/;
/** Where a digest of an asset stands: its object, its image, what the CDK notes about it. */
const DIGEST = /^(?:Metadata|Parameters\.AssetParameters)|\.(?:S3Key|Image|ImageUri)$/;

/** What a text gives away beyond the formats of secrets: a password handed over by name, and a key written as digits. */
export function handedOver({ path, text }: TextFact): readonly string[] {
  const isPassword = ANY_WORD.test(text) && (FLAG.test(text) || QUOTED.test(text) || (!CODE.test(path) && BARE.test(text)));
  return [...(isPassword ? ['a password that is handed over by name'] : []), ...(text.length >= 64 && !DIGEST.test(path) && HEX_KEY.test(text) ? ['64 hexadecimal digits'] : [])];
}
